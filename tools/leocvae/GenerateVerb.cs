using System.CommandLine;
using System.Text.Json.Nodes;

namespace LeoCvae.Cli;

sealed class GenerateVerb : Verb
{
    readonly Argument<string> _model = new("MODEL") { Description = "A model folder, or a generator.onnx alone" };
    readonly Option<string> _out = new("--out")
    {
        HelpName = "FILE",
        Description = "Where the rows go; - is standard output",
        Required = true
    };
    readonly Option<string[]> _class = new("--class")
    {
        HelpName = "NAME=COUNT",
        Description = "Rows of a class; may be given several times"
    };
    readonly Option<string> _count = Text("--count", "N", "Rows in all, split equally over the classes");
    readonly Option<bool> _likeTraining = new("--like-training")
    {
        Description = "Split --count as the classes were in the training table, and spread rows as its rows are: to stand in for " +
            "them, not to be added to them"
    };
    readonly Option<bool> _overwrite = Overwrite();
    readonly EvaluatorArguments _evaluator;
    readonly ShardArguments _shards;

    public GenerateVerb()
        : base("generate", "Generate rows from a fitted model")
    {
        Add(_model);
        Add(_out);
        Add(_class);
        Add(_count);
        Add(_likeTraining);
        Add(_overwrite);
        _evaluator = new(this);
        _shards = new(this);
    }

    protected override void Run(ParseResult arguments, Session session)
    {
        string output = arguments.GetRequiredValue(_out);
        string[] classes = arguments.GetValue(_class) ?? [];
        bool overwrite = arguments.GetValue(_overwrite), likeTraining = arguments.GetValue(_likeTraining);
        int? count = Values.Int(_count.Name, arguments.GetValue(_count), 0);
        if (classes.Length > 0 == count.HasValue)
            throw new UsageException("give either --class NAME=COUNT (once or more) or --count N");
        if (likeTraining && count is null)
            throw new UsageException("--like-training goes with --count N");
        string folder = arguments.GetRequiredValue(_model);
        TableIO.RequireDistinct((_model.Name, folder), (_out.Name, output));
        Shard? shard = _shards.Read(arguments, output);
        if (shard is null)
            TableIO.RequireWritable(output, overwrite);

        using LeoModel model = _evaluator.Load(folder, arguments, session);
        IReadOnlyDictionary<string, int> counts = count is not int rows
            ? Values.Read(_class.Name, () => SamplingStrategy.ParseCounts(classes))
            : likeTraining ? model.SplitLikeTraining(rows) : model.SplitEqually(rows);
        long total = counts.Values.Sum(value => (long)value);
        // Written as it is made: memory doesn't grow with the number of rows.
        T Make<T>(long first, long some, Func<IEnumerable<Table>, T> write) => session.Progress("generating", report =>
            write(model.GenerateBatches(counts, session.Seed, likeTraining ? SeedWeights.Equal : SeedWeights.Entropy, first, some,
                new RowProgress(new(report, TimeProvider.System), Math.Max(1, some)), session.Cancellation)));
        if (shard is not null)
        {
            char? delimiter = TableIO.Delimiter(output);
            // Row groups of Parquet stay whole.
            (long first, long some) = shard.Of(total, delimiter is null ? ParquetOutput.GroupRows(model.Schema) : 1);
            ShardPart part = new(output, shard, _shards.Run(arguments, output, model, session));
            ShardArguments.Make(part, overwrite, session, () => Make(first, some, batches => part.Write(first, some, delimiter,
                some == 0 && shard.Index > 0 ? null : stream =>
                {
                    TableFile.WriteAs(output, batches, stream);
                    return [];
                }, session.Cancellation)));
            return;
        }
        Make(0, total, batches =>
        {
            TableIO.Write(output, overwrite, batches, session);
            return true;
        });
        long[] made = [.. model.Schema.Classes.Select(name => (long)counts.GetValueOrDefault(name))];
        session.Say($"wrote {made.Sum()} synthetic rows to {TableIO.Name(output)} (seed {session.Seed}): " +
            $"{TableIO.CountsText(model.Schema, made)}");
        session.Set("output",
            new JsonObject
            {
                ["file"] = output,
                ["synthetic_rows"] = made.Sum(),
                ["class_counts"] = TableIO.Counts(model.Schema, made)
            });
    }
}
