using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;

namespace LeoCvae.Cli;

sealed class EmbedVerb : Verb
{
    readonly Argument<string> _model = new("MODEL") { Description = "A model folder" };
    readonly Argument<string> _data = Data("Rows with the model's columns; without labels where the model has a reference: .csv, .tsv, " +
        "each also .gz, .parquet, or - for CSV on standard input");
    readonly Option<string> _out = new("--out")
    {
        HelpName = "FILE",
        Description = "Where the rows with their latent means go; - is standard output",
        Required = true
    };
    readonly Option<string> _prefix = Text("--prefix", "TEXT", "How the added columns' names begin (default z)");
    readonly Option<string> _groups = Groups("This column is text and no feature; it is written as it is");
    readonly Option<bool> _overwrite = Overwrite();
    readonly EvaluatorArguments _evaluator;
    readonly TableArguments _columns;
    readonly ShardArguments _shards;

    public EmbedVerb()
        : base("embed", "Add the latent means z1..zL to each row")
    {
        Add(_model);
        Add(_data);
        Add(_out);
        Add(_prefix);
        Add(_groups);
        Add(_overwrite);
        _evaluator = new(this);
        _columns = new(this);
        _shards = new(this);
    }

    protected override void Run(ParseResult arguments, Session session)
    {
        string data = arguments.GetRequiredValue(_data), output = arguments.GetRequiredValue(_out);
        string folder = arguments.GetRequiredValue(_model);
        bool overwrite = arguments.GetValue(_overwrite);
        string prefix = arguments.GetValue(_prefix) ?? "z";
        if (prefix.Length == 0)
            throw new ArgumentException($"{_prefix.Name}: got '', expected the beginning of a column's name");
        string LatentColumn(int number) => string.Create(CultureInfo.InvariantCulture, $"{prefix}{number}");
        TableIO.RequireDistinct((_model.Name, folder), (_out.Name, output));
        Shard? shard = _shards.Read(arguments, output);
        if (shard is null)
            TableIO.RequireWritable(output, overwrite, data, _columns.Source(arguments));
        else
            TableIO.RequireFormat(output, data, _columns.Source(arguments));
        using LeoModel model = _evaluator.Load(folder, arguments, session);
        int latent = model.Manifest.LatentSize;
        BatchRequest request = new(_columns.Read(arguments, model.Schema), model.Schema.Target, LabelUse.Optional,
            arguments.GetValue(_groups), _columns.Source(arguments));
        TableSummary Write(BatchRange? part, Action<TableBatches, Action<Stream>> write) => TableIO.WriteBatches("embedding", data,
            request with { Part = part },
            rows => TableIO.RequireNewColumns(rows.RequireNewColumns, Enumerable.Range(1, latent).Select(LatentColumn),
                $"{_prefix.Name} TEXT gives the added columns other names"),
            batch =>
            {
                Matrix means = model.Embed(batch.Table, session.Cancellation);
                return [.. Enumerable.Range(0, latent).Select(l => ExtraColumn.OfNumbers(LatentColumn(l + 1), row => means[row][l]))];
            }, write, session);
        if (shard is not null)
        {
            _shards.Make(shard, _shards.Run(arguments, output, model, session), data, output, request, overwrite, session,
                (part, write) => Write(part, write));
            return;
        }
        TableSummary table = Write(null, (_, fill) => TableIO.Write(output, overwrite, fill, session));
        TableIO.Describe(data, table, arguments.GetValue(_groups), session);
        session.Say($"wrote {table.Rows} rows with {latent} latent means to {TableIO.Name(output)} (seed {session.Seed}, not used)");
        session.Set("output", new JsonObject { ["file"] = output, ["latent_size"] = latent });
    }
}
