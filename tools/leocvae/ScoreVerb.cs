using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;

namespace LeoCvae.Cli;

sealed class ScoreVerb : Verb
{
    readonly Argument<string> _data = Data();
    readonly Option<string> _target = Text("--target", "COLUMN", "The label column (default: the last one, or the model's)");
    readonly Option<string> _out = new("--out")
    {
        HelpName = "FILE",
        Description = "Where the rows with their scores go; - is standard output",
        Required = true
    };
    readonly Option<string> _neighbors = Text("--neighbors", "K", "Neighbors (default 15, or the model's)");
    readonly Option<string> _search = Text("--search", "S",
        "auto (default), exact, graph or lists (not with --model), or hnsw; approximate searches are measured");
    readonly Option<string> _model = Text("--model", "FOLDER",
        "Score against this model's training rows (train --with-reference); labels are not needed");
    readonly Option<string> _index = Text("--index", "FILE",
        "Score against the rows of this index (leocvae index): those of the indexed file itself, none its own neighbor, or new ones");
    readonly Option<string> _prefix = Text("--prefix", "TEXT", "What the added columns' names begin with (default nothing)");
    readonly Option<string> _groups = Groups("This column is text and no feature; it is written as it is");
    readonly Option<bool> _overwrite = Overwrite();
    readonly TableArguments _columns;
    readonly ShardArguments _shards;

    public ScoreVerb()
        : base("score", "Add the local entropy (entropy_bits) and the neighbors' class frequencies (p_CLASS) to each row")
    {
        Add(_data);
        Add(_target);
        Add(_out);
        Add(_neighbors);
        Add(_search);
        Add(_model);
        Add(_index);
        Add(_prefix);
        Add(_groups);
        Add(_overwrite);
        _columns = new(this);
        _shards = new(this);
    }

    protected override void Run(ParseResult arguments, Session session)
    {
        string data = arguments.GetRequiredValue(_data), output = arguments.GetRequiredValue(_out);
        bool overwrite = arguments.GetValue(_overwrite);
        int? wanted = Values.Int(_neighbors.Name, arguments.GetValue(_neighbors), 1);
        NeighborSearch search = Search(arguments.GetValue(_search) ?? "auto");
        (string? folder, string? file) = (arguments.GetValue(_model), arguments.GetValue(_index));
        TableIO.RequireDistinct((_model.Name, folder), (_index.Name, file), (_out.Name, output));
        Shard? shard = _shards.Read(arguments, output);
        if (folder is not null && file is not null)
            throw new UsageException($"give {_model.Name} or {_index.Name}, not both");
        if (file is not null && arguments.GetValue(_search) is not null)
            throw new UsageException($"{_search.Name} is not for {_index.Name}, which has a search of its own");
        if (shard is not null && (folder ?? file) is null)
            throw new UsageException($"a part goes with {_model.Name} or {_index.Name}: without them each row is scored against all " +
                $"others");
        if (shard is null)
            TableIO.RequireWritable(output, overwrite, data, _columns.Source(arguments));
        else
            TableIO.RequireFormat(output, data, _columns.Source(arguments));
        using LeoModel? model = folder is not null ? LeoModel.Load(folder, session.RuntimeOptions) : null;
        using EntropyIndex? index = file is not null ? EntropyIndex.Open(file) : null;
        TableSchema? like = model?.Schema ?? index?.Schema;
        (ColumnOptions asked, SourceOptions source) = (_columns.Read(arguments, like), _columns.Source(arguments));
        (string? target, string? groups) = (arguments.GetValue(_target) ?? like?.Target, arguments.GetValue(_groups));
        string prefix = arguments.GetValue(_prefix) ?? "";
        string entropyName = $"{prefix}entropy_bits";
        string FrequencyName(string name) => $"{prefix}p_{name}";
        void RequireNew(Action<IEnumerable<string>> require, TableSchema schema) =>
            TableIO.RequireNewColumns(require, [entropyName, .. schema.Classes.Select(FrequencyName)],
                $"is the table scored already? Score the table without its scores, or let {_prefix.Name} TEXT give the added columns " +
                $"other names");
        ScoreTally scores = new();
        ExtraColumn[] Columns(EntropyScores batch, long firstRow)
        {
            scores.Add(batch, firstRow);
            return [ExtraColumn.OfNumbers(entropyName, row => batch.Bits[row]),
                .. batch.Classes.Select((name, c) => ExtraColumn.OfNumbers(FrequencyName(name), row => batch.Frequencies(row)[c]))];
        }
        long rows;
        if (like is not null)
        {
            BatchRequest request = new(asked, target, LabelUse.Ignored, groups, source);
            TableSummary Write(BatchRange? part, Action<TableBatches, Action<Stream>> write)
            {
                bool areIndexed = index is not null && data != "-"
                    && (part?.Index.Sha256 ?? FileBytes.Sha256Of(data)) == index.Source;
                if (index is not null)
                    session.Say(areIndexed ? "the rows are the indexed ones: none is its own neighbor" : "the rows are new ones");
                EntropyScores Score(Table rows) => model?.Score(rows, wanted, search, session.Cancellation)
                    ?? index!.Score(rows, wanted, areIndexed, session.Threads, session.Cancellation);
                return TableIO.WriteBatches("scoring", data, request with { Part = part },
                    table => RequireNew(table.RequireNewColumns, like), batch => Columns(Score(batch.Table), batch.FirstRow), write,
                    session);
            }
            if (shard is not null)
            {
                JsonObject run = model is not null ? _shards.Run(arguments, output, model, session)
                    : _shards.Run(arguments, output, "index", index!.Sha256, session);
                _shards.Make(shard, run, data, output, request, overwrite, session, (part, write) => Write(part, write));
                if (scores.Note is string doubt)
                    session.Warn(doubt);
                return;
            }
            TableSummary table = Write(null, (_, fill) => TableIO.Write(output, overwrite, fill, session));
            TableIO.Describe(data, table, groups, session);
            rows = table.Rows;
        }
        else
        {
            // Each row is scored against all others: they are all in memory.
            TableDocument document = TableIO.ReadDocument(data, target, groups, asked, source, session);
            TableSummary table = TableSummary.Of(document.Table, document.Groups);
            TableIO.Describe(data, table, groups, session);
            RequireNew(document.RequireNewColumns, document.Table.Schema);
            ExtraColumn[] columns = Columns(session.Progress("searching neighbors", report => LocalEntropy.Score(document.Table,
                wanted ?? LocalEntropy.DefaultNeighbors, search, session.Threads, new ShareProgress(new(report, TimeProvider.System)),
                session.Cancellation)), 0);
            TableIO.Write(output, overwrite, document, null, columns, session);
            rows = table.Rows;
        }
        if (scores.Note is string note)
            session.Warn(note);
        int neighbors = wanted ?? (like is null ? LocalEntropy.DefaultNeighbors : scores.Neighbors);
        if (scores.Neighbors < neighbors)
            session.Warn($"k is clamped from {neighbors} to {scores.Neighbors} neighbors: " + (model is null
                ? $"the table has {rows} rows" : $"the model keeps {model.Manifest.Provenance.Rows} rows"));

        session.Say(string.Create(CultureInfo.InvariantCulture,
            $"wrote the scores of {rows} rows to {TableIO.Name(output)}: k = {scores.Neighbors}, entropy mean " +
            $"{scores.MeanBits:0.0000}, max {scores.MaxBits:0.0000} bits (seed {session.Seed}, not used)"));
        session.Say(Describe(scores));
        session.Set("output",
            new JsonObject
            {
                ["file"] = output,
                ["neighbors"] = scores.Neighbors,
                ["mean_entropy_bits"] = scores.MeanBits,
                ["max_entropy_bits"] = scores.MaxBits
            });
        session.Set("search",
            new JsonObject
            {
                ["used"] = scores.Used.ToString().ToLowerInvariant(),
                ["recall"] = scores.Recall,
                ["checked_rows"] = scores.CheckedRows,
                ["worst_rows"] = new JsonArray([.. scores.WorstRows.Select(worst =>
            new JsonObject { ["row"] = worst.Row, ["recall"] = worst.Recall })]),
                ["note"] = scores.Note
            });
    }

    static NeighborSearch Search(string name) => name switch
    {
        "auto" => NeighborSearch.Auto,
        "exact" => NeighborSearch.Exact,
        "graph" => NeighborSearch.Graph,
        "hnsw" => NeighborSearch.Hnsw,
        "lists" => NeighborSearch.Lists,
        _ => throw new ArgumentException($"--search: got '{name}', expected auto, exact, graph, hnsw or lists"),
    };

    // How sure the neighbors are, in words.
    static string Describe(ScoreTally search)
    {
        if (search.Used == NeighborSearch.Exact)
            return "exact search";
        (long row, double recall) = search.WorstRows[0];
        string worst = recall < 1 ? string.Create(CultureInfo.InvariantCulture, $"; worst row {row} (from 0) with {recall:0.00}") : "";
        return string.Create(CultureInfo.InvariantCulture,
            $"{search.Used.ToString().ToLowerInvariant()} search with recall {search.Recall:0.0000}, measured on {search.CheckedRows} " +
            $"rows{worst}");
    }
}
