using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json.Nodes;

namespace LeoCvae.Cli;

/// <summary>The options of the verbs that can make their table in parts, and how they make one.</summary>
sealed class ShardArguments
{
    // Rows don't depend on them; the files that --model and --schema name go by their hashes, the seed by its number.
    static readonly string[] Apart = ["--out", "--overwrite", "--threads", "--quiet", "--json", "--seed", "--model", "--index", Schema];

    const string Schema = "--schema";

    readonly Option<string> _shard = Verb.Text("--shard", "I/N",
        "Make part I (from 0) of N: NAME-00000-of-00064.csv beside a receipt, for verify and concat; a part that is whole is left");
    readonly Option<string?> _fromEnvironment = new("--shard-from-env")
    {
        HelpName = "N",
        Description = "The same, with the part's number from SLURM_ARRAY_TASK_ID or JOB_COMPLETION_INDEX; N: how many parts there are " +
            "(default: the Slurm array's tasks)",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public ShardArguments(Verb verb)
    {
        verb.Add(_shard);
        verb.Add(_fromEnvironment);
    }

    /// <summary>The part that is wanted; null: the whole table.</summary>
    public Shard? Read(ParseResult arguments, string output)
    {
        bool isFromEnvironment = arguments.GetResult(_fromEnvironment) is not null;
        if (arguments.GetValue(_shard) is not string text)
        {
            if (!isFromEnvironment)
                return null;
            RequireFile(output, _fromEnvironment);
            int count = Values.Int(_fromEnvironment.Name, arguments.GetValue(_fromEnvironment), 1, Shard.Most)
                ?? EnvironmentIndex.Count(_fromEnvironment.Name);
            return Values.Read(_fromEnvironment.Name, () => new Shard(EnvironmentIndex.Read(_fromEnvironment.Name), count));
        }
        if (isFromEnvironment)
            throw new UsageException($"give {_shard.Name} or {_fromEnvironment.Name}, not both");
        RequireFile(output, _shard);
        return Values.Read(_shard.Name, () => Shard.Parse(text));
    }

    /// <summary>All that rows depend on but the input.</summary>
    public JsonObject Run(ParseResult arguments, string output, LeoModel model, Session session)
    {
        JsonObject run = Run(arguments, output, "model", model.Files.Single(file => file.Name == ModelFormat.Generator).Sha256, session);
        // Rows of one machine's CUDA aren't those of another's CPU, to the last bit.
        if (model.DeviceFallback is not null)
            run["options"]!["--device"] = RuntimeOptions.Cpu;
        return run;
    }

    /// <summary>The same for what goes with something else than a model.</summary>
    public JsonObject Run(ParseResult arguments, string output, string what, string sha256, Session session)
    {
        Command verb = arguments.CommandResult.Command;
        JsonObject options = [];
        foreach (OptionResult option in arguments.CommandResult.Children.OfType<OptionResult>().Where(option => !option.Implicit)
            .OrderBy(option => option.Option.Name, StringComparer.Ordinal))
            if (option.Option != _shard && option.Option != _fromEnvironment && !Apart.Contains(option.Option.Name))
                options[option.Option.Name] = string.Join(' ', option.Tokens.Select(token => token.Value));
        JsonObject run = new()
        {
            ["verb"] = verb.Name,
            ["version"] = Producer.Version,
            ["format"] = Path.GetExtension(output).ToLowerInvariant(),
            [what] = sha256,
            ["seed"] = session.Seed,
            ["options"] = options,
        };
        if (verb.Options.Any(option => option.Name == Schema) && arguments.GetValue<string>(Schema) is string file)
            run["schema"] = FileBytes.Sha256Of(file);
        return run;
    }

    /// <summary>Makes a part, unless it is whole.</summary>
    /// <param name="part">The part.</param>
    /// <param name="overwrite">Whether it is made in any case.</param>
    /// <param name="session">The run.</param>
    /// <param name="make">Makes it.</param>
    public static void Make(ShardPart part, bool overwrite, Session session, Func<ShardReceipt> make)
    {
        part.Prepare();
        string? fault = null;
        ShardReceipt? receipt = overwrite ? null : part.Finished(out fault);
        bool isWhole = receipt is not null;
        if (fault is not null)
            session.Say($"{part.File} is made anew: {fault}");
        receipt ??= make();
        session.Say($"{(isWhole ? "nothing to do: " : "")}part {receipt.Shard} has {receipt.Rows} rows from row {receipt.FirstRow} on" +
            $"{(receipt.File is null ? ", no file" : $", in {part.File}")} (seed {session.Seed})");
        session.Set("part", new JsonObject
        {
            ["index"] = receipt.Shard.Index,
            ["count"] = receipt.Shard.Count,
            ["first_row"] = receipt.FirstRow,
            ["rows"] = receipt.Rows,
            ["file"] = receipt.File is null ? null : part.File,
            ["was_whole"] = isWhole,
        });
    }

    /// <summary>Makes a part of a table that is read, and written again with columns added.</summary>
    /// <param name="shard">Which part.</param>
    /// <param name="run">All that the rows depend on but the input.</param>
    /// <param name="input">The table.</param>
    /// <param name="output">Where it would go whole.</param>
    /// <param name="request">What is asked of the reader.</param>
    /// <param name="overwrite">Whether the part is made in any case.</param>
    /// <param name="session">The run.</param>
    /// <param name="write">Reads the batches of the part and writes them.</param>
    public void Make(Shard shard, JsonObject run, string input, string output, BatchRequest request, bool overwrite, Session session,
        Action<BatchRange, Action<TableBatches, Action<Stream>>> write)
    {
        if (input == "-")
            throw new UsageException($"{_shard.Name} goes with a file, whose parts can be found; standard input is read once");
        BatchIndex index = session.Progress("finding rows", report => ShardPart.Index(output, input, run.ToJsonString(), () =>
            TableFile.IndexBatches(input, request.Columns, request.Target, request.Labels, request.Groups, request.Source,
                new ReadProgress(new(report, TimeProvider.System)))));
        run["input"] = index.Sha256;
        ShardPart part = new(output, shard, run);
        BatchRange range = index.Part(shard);
        Make(part, overwrite, session, () =>
        {
            ShardReceipt? receipt = null;
            char? delimiter = TableIO.Delimiter(output, request.Source.Delimiter);
            if (range.RowCount == 0)
                receipt = part.Write(range.FirstRow, 0, delimiter, null, session.Cancellation);
            else
                write(range, (rows, fill) => receipt = part.Write(range.FirstRow, range.RowCount, delimiter, stream =>
                {
                    fill(stream);
                    return new JsonObject(rows.Found.Select(found => KeyValuePair.Create(found.What, (JsonNode?)found.How)));
                }, session.Cancellation));
            return receipt!;
        });
    }

    static void RequireFile(string output, Option option)
    {
        if (output == "-")
            throw new UsageException($"{option.Name} goes with a file: parts can't go to standard output");
    }
}
