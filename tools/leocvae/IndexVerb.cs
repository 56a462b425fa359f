using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;

namespace LeoCvae.Cli;

sealed class IndexVerb : Verb
{
    // The share of the time that the rows take to read, roughly.
    const double Reading = 0.3;

    readonly Argument<string> _data = Data();
    readonly Option<string> _target = Text("--target", "COLUMN", "The label column (default: the last one)");
    readonly Option<string> _out = new("--out")
    {
        HelpName = "FILE",
        Description = "Where the index goes (reference.knn)",
        Required = true
    };
    readonly Option<string> _neighbors = Text("--neighbors", "K", "The most neighbors that score --index can ask for (default 15)");
    readonly Option<string> _groups = Groups("This column is text and no feature");
    readonly Option<bool> _overwrite = Overwrite();
    readonly TableArguments _columns;

    public IndexVerb()
        : base("index", "Index a table larger than memory, to score rows, its own or new ones, against it (score --index)")
    {
        Add(_data);
        Add(_target);
        Add(_out);
        Add(_neighbors);
        Add(_groups);
        Add(_overwrite);
        _columns = new(this);
    }

    protected override void Run(ParseResult arguments, Session session)
    {
        string data = arguments.GetRequiredValue(_data), output = arguments.GetRequiredValue(_out);
        string? target = arguments.GetValue(_target), groups = arguments.GetValue(_groups);
        bool overwrite = arguments.GetValue(_overwrite);
        if (data == "-")
            throw new UsageException("index reads a file more than once; standard input is read once");
        TableIO.RequireDistinct((_data.Name, data), (_out.Name, output));
        TableIO.RequireFile(_out.Name, output, overwrite);
        EntropyIndexOptions options = new()
        {
            Neighbors = Values.Int(_neighbors.Name, arguments.GetValue(_neighbors), 1) ?? LocalEntropy.DefaultNeighbors,
            MaxDegreeOfParallelism = session.Threads,
        };
        (ColumnOptions columns, SourceOptions source) = (_columns.Read(arguments), _columns.Source(arguments));
        TableSchema schema = session.Progress("looking at columns", report => TableIO.Interruptible(session, () =>
            TableFile.ReadSchema(data, target, columns, groups, source, new ReadProgress(new(report, TimeProvider.System)))));
        string sha256 = FileBytes.Sha256Of(data);
        TableSummary summary = new();
        session.Progress("indexing", report =>
        {
            WorkProgress progress = new(report, TimeProvider.System);
            using TableBatches rows = TableFile.ReadBatches(data, columns with { Like = schema }, schema.Target, LabelUse.Required, groups,
                source, new ReadProgress(progress, Reading));
            EntropyIndex.Build(output, schema, rows.Read().Select(batch =>
            {
                summary.Add(batch.Table, batch.Groups);
                return batch.Table;
            }), options with { Source = sha256 }, overwrite, new ShareProgress(progress, Reading), session.Cancellation);
            return true;
        });
        TableIO.Describe(data, summary, groups, session);
        using EntropyIndex index = EntropyIndex.Open(output);
        if (index.Neighbors < options.Neighbors)
            session.Warn($"k is clamped from {options.Neighbors} to {index.Neighbors} neighbors: the table has {index.RowCount} rows");
        session.Say(string.Create(CultureInfo.InvariantCulture,
            $"indexed {index.RowCount} rows in {index.Lists} lists, {new FileInfo(output).Length} bytes, in {output}: rows are compared " +
            $"with {index.Probes} of the lists and find {index.Recall:0.0000} of their {index.Neighbors} neighbors (seed {session.Seed}, " +
            $"not used)"));
        session.Set("output", new JsonObject
        {
            ["file"] = output,
            ["rows"] = index.RowCount,
            ["neighbors"] = index.Neighbors,
            ["lists"] = index.Lists,
            ["probes"] = index.Probes,
            ["recall"] = index.Recall,
        });
    }
}
