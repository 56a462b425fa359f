using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using LeoCvae.Training;

namespace LeoCvae.Cli;

sealed class OversampleVerb : Verb
{
    const int MostReplicates = 1000;

    readonly Argument<string> _data = Data();
    readonly Option<string> _target = Text("--target", "COLUMN", "The label column (default: the last one)");
    readonly Option<string> _out = new("--out")
    {
        HelpName = "FILE",
        Description = "Where the real and synthetic rows go; - is standard output",
        Required = true
    };
    readonly Option<string> _model = Text("--model", "FOLDER", "Use this fitted model instead of fitting one");
    readonly Option<string> _saveModel = Text("--save-model", "FOLDER", "Keep the fitted model");
    readonly Option<string> _strategy = Text("--strategy", "S",
        "auto (default; also all, not-majority), minority, ratio:R, counts:NAME=ROWS,... (final sizes) or add:NAME=ROWS,...");
    readonly Option<string> _maxRows = Text("--max-rows", "N", "The most rows that auto may add (default: ten times the real rows)");
    readonly Option<bool> _mark = new("--mark")
    {
        Description = "Append the columns synthetic (0/1) and source_row (the seed's row " +
        "number, from 0)"
    };
    readonly Option<string> _replicates = Text("--replicates", "M",
        "Write M independent sets by the one model: --out out.csv becomes out-1.csv to out-M.csv; set i takes seed + i - 1");
    readonly Option<string> _groups =
        Groups("Keep rows with the same text in this column on one side of the split for early stopping; it is no feature");
    readonly Option<bool> _overwrite = Overwrite();
    readonly Option<bool> _yes = Yes();
    readonly TableArguments _columns;
    readonly TrainingArguments _training;
    readonly EvaluatorArguments _evaluator;

    public OversampleVerb()
        : base("oversample", "Write the real rows, their bytes as read, then the synthetic ones")
    {
        Add(_data);
        Add(_target);
        Add(_out);
        Add(_model);
        Add(_saveModel);
        Add(_strategy);
        Add(_maxRows);
        Add(_mark);
        Add(_replicates);
        Add(_groups);
        Add(_overwrite);
        Add(_yes);
        _columns = new(this);
        _training = new(this);
        _evaluator = new(this, _training.Device);
    }

    protected override void Run(ParseResult arguments, Session session)
    {
        string data = arguments.GetRequiredValue(_data), output = arguments.GetRequiredValue(_out);
        string? modelFolder = arguments.GetValue(_model), saveModel = arguments.GetValue(_saveModel);
        bool overwrite = arguments.GetValue(_overwrite);
        if (modelFolder is not null && (saveModel is not null ? _saveModel.Name : _training.FirstGiven(arguments)) is string contrary)
            throw new UsageException($"{contrary} is for fitting a model, --model uses a fitted one; give one of them");
        int? replicates = Values.Int(_replicates.Name, arguments.GetValue(_replicates), 1, MostReplicates);
        if (replicates is not null && output == "-")
            throw new UsageException($"{_replicates.Name} writes numbered files, --out - is standard output; name a file");
        string[] outputs = replicates is int sets ? [.. Enumerable.Range(1, sets).Select(set => Numbered(output, set))] : [output];
        foreach (string path in outputs)
            TableIO.RequireDistinct((_out.Name, path), (_model.Name, modelFolder), (_saveModel.Name, saveModel),
                _training.LogLosses(arguments), _training.Checkpoint(arguments));
        // --out may replace the table, whose rows it holds; what is said of the fit may not.
        TableIO.RequireDistinct((_data.Name, data), _training.LogLosses(arguments), _training.Checkpoint(arguments));
        SourceOptions source = _columns.Source(arguments);
        foreach (string path in outputs)
            TableIO.RequireWritable(path, overwrite, data, source);
        if (saveModel is not null)
            ModelIO.RequireWritable(saveModel, overwrite);
        SamplingStrategy strategy = Values.Read(_strategy.Name, () => SamplingStrategy.Parse(arguments.GetValue(_strategy) ?? "auto"));
        long? maxRows = Values.Long(_maxRows.Name, arguments.GetValue(_maxRows), 0);
        if (maxRows is not null && strategy != SamplingStrategy.Auto)
            throw new UsageException($"{_maxRows.Name} caps what auto adds; --strategy {strategy} says itself how many rows it adds");
        using LeoModel? fitted = modelFolder is null ? null : _evaluator.Load(modelFolder, arguments, session);
        TrainingOptions options = fitted is null ? _training.Read(arguments, session) : TrainingOptions.Default;
        if (fitted is null)
            WarmUp.Start(options);
        RuntimeOptions? evaluator = fitted is null ? _evaluator.ReadForFit(arguments, session) : null;

        TableDocument document = TableIO.ReadDocument(data, arguments.GetValue(_target), arguments.GetValue(_groups),
            _columns.Read(arguments, fitted?.Schema), source, session);
        TableIO.RequireClasses(document.Table, arguments.GetValue(_yes));
        TableIO.Describe(data, TableSummary.Of(document.Table, document.Groups), arguments.GetValue(_groups), session);
        bool mark = arguments.GetValue(_mark);
        if (mark)
            TableIO.RequireNewColumns(document.RequireNewColumns, Marks(document.Table).Select(column => column.Name),
                "rename it, or leave out --mark");
        SamplingPlan plan = Values.Read(_strategy.Name, () => strategy.Plan(document.Table, maxRows));
        if (plan.IsCapped)
            session.Warn($"{strategy} asks for {plan.RowsWanted} more rows; capped at {plan.RowsToAdd.Sum()} (--max-rows changes that)");
        (LeoModel used, IReadOnlyList<int>? sampled) = fitted is not null ? (fitted, null)
            : Fit(document, options, arguments, session, saveModel, overwrite);
        using LeoModel model = evaluator is null ? used : used.EvaluatedBy(evaluator);
        JsonArray written = [];
        for (int set = 0; set < outputs.Length; set++)
        {
            ulong seed = unchecked(session.Seed + (ulong)set);
            Table resampled = session.Progress("generating", report => model.Oversample(document.Table, strategy, maxRows, seed,
                new RowProgress(new(report, TimeProvider.System), plan.RowsToAdd.Sum(rows => (long)rows)), session.Cancellation))
                .WithSources(sampled);
            TableIO.WriteResampled(outputs[set], overwrite, document, resampled, mark ? Marks(resampled) : [], seed, session);
            if (set == 0)
                TableIO.SayNearness(resampled, session);
            written.Add((JsonNode)new JsonObject
            {
                ["file"] = outputs[set],
                ["seed"] = seed,
                ["real_rows"] = resampled.RealRows,
                ["synthetic_rows"] = resampled.RowCount - resampled.RealRows,
                ["class_counts"] = TableIO.Counts(resampled),
            });
        }
        _training.DeleteCheckpoint(arguments);
        session.Set(replicates is null ? "output" : "outputs", replicates is null ? written[0]!.DeepClone() : written);
    }

    // The number stands before what says how the file is written: out.csv.gz becomes out-1.csv.gz.
    static string Numbered(string path, int set)
    {
        string format = Path.GetExtension(path);
        if (format.Equals(".gz", StringComparison.OrdinalIgnoreCase))
            format = Path.GetExtension(path[..^format.Length]) + format;
        return string.Create(CultureInfo.InvariantCulture, $"{path[..^format.Length]}-{set}{format}");
    }

    static ExtraColumn[] Marks(Table table) =>
        [ExtraColumn.OfWhole("synthetic", row => table.IsSynthetic(row) ? 1 : 0),
            ExtraColumn.OfWhole("source_row", table.SourceRow)];

    (LeoModel Model, IReadOnlyList<int>? Sampled) Fit(
        TableDocument document, TrainingOptions options, ParseResult arguments, Session session, string? saveModel, bool overwrite)
    {
        TrainingResult result = _training.Fit(document.Table, document.Groups, options, arguments, session, overwrite);
        if (saveModel is not null)
            ModelIO.Save(result.Model, saveModel, overwrite, session);
        return (result.Model, result.SampledRows);
    }
}
