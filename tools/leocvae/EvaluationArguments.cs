using System.CommandLine;
using System.Globalization;
using LeoCvae.Evaluation;

namespace LeoCvae.Cli;

/// <summary>The options that say what is evaluated and how; they are the keys of a sweep's plan, too.</summary>
sealed class EvaluationArguments
{
    const string DefaultMethods = "none,weights,ros,smote,bsmote,adasyn,cvae,leo", DefaultClassifiers = "logreg,lightgbm,mlp",
        PaperClassifiers = "mlp";

    readonly Option<string> _target = Verb.Text("--target", "COLUMN", "The label column (default: the last one)");
    readonly Option<string> _methods = Verb.Text("--methods", "NAMES",
        $"Methods to compare (default {DefaultMethods}; also leo-model, leo-paper)");
    readonly Option<string> _classifiers = Verb.Text("--classifiers", "NAMES",
        $"Classifiers to judge them by (default {DefaultClassifiers}, {PaperClassifiers} in the paper's protocol; also forest)");
    readonly Option<string> _protocol = Verb.Text("--protocol", "NAME", "default (honest), or paper: as published, optimistic");
    readonly Option<string> _folds = Verb.Text("--folds", "N", "Folds (default 5)");
    readonly Option<string> _repeats = Verb.Text("--repeats", "R", "How often the folds are drawn anew (default 1)");
    readonly Option<string> _replicates = Verb.Text("--replicates", "M",
        "Train each classifier on M bootstrap samples of the training rows and average the probabilities, for every method (default 1: " +
        "on the rows themselves)");
    readonly Option<string> _select = Verb.Text("--select", "M",
        "Keep the M most informative features of each fold (default all; 64 in the paper's protocol)");
    readonly Option<string> _positive = Verb.Text("--positive", "CLASS",
        "The class that F1 and AUPRC of a single class are about (default the rarer of two; of more, none)");
    readonly Option<string> _groups =
        Verb.Groups("Keep rows with the same text in this column in one fold, and on one side of each fit's own split; it is no feature");
    readonly Option<bool> _duplicates = new("--group-duplicates") { Description = "Keep rows that are equal in all features in one fold" };
    readonly Option<bool> _yes = Verb.Yes();
    readonly ConstraintArguments _constraints = new();
    readonly TableArguments _columns;

    public EvaluationArguments(Command verb)
    {
        foreach (Option option in (Option[])[_target, _methods, _classifiers, _protocol, _folds, _repeats, _replicates, _select, _positive,
            _groups, _duplicates, .. _constraints.All, _yes])
            verb.Add(option);
        _columns = new(verb);
    }

    /// <summary>Which option sets a property of the library's options.</summary>
    public static IReadOnlyDictionary<string, string> OptionOf { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [nameof(EvaluationOptions.Folds)] = "--folds",
        [nameof(EvaluationOptions.Repeats)] = "--repeats",
        [nameof(EvaluationOptions.Replicates)] = "--replicates",
        [nameof(EvaluationOptions.Select)] = "--select",
    };

    /// <summary>The options that name files that are read.</summary>
    public static IReadOnlyList<string> Files { get; } = ["--labels", "--schema", "--constraints"];

    /// <summary>The options that take several names in one text, parted by commas.</summary>
    public Option[] Lists => [_methods, _classifiers];

    /// <summary>Reads everything that doesn't need the table.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="data">The table.</param>
    /// <param name="seed">Seed of all random numbers.</param>
    /// <param name="threads">Threads.</param>
    public EvaluationRequest Read(ParseResult arguments, string data, ulong seed, int threads)
    {
        EvaluationOptions options = Options(arguments, seed, threads);
        IResampler[] methods = [.. Named(_methods, arguments.GetValue(_methods) ?? DefaultMethods, Resamplers.Named)
            .Select(method => method is LeoResampler leo ? leo.With(_constraints.Read(arguments, leo.Options)) : method)];
        IClassifier[] classifiers = Named(_classifiers, arguments.GetValue(_classifiers)
            ?? (options.Protocol == EvaluationProtocol.Paper ? PaperClassifiers : DefaultClassifiers), Classifiers.Create);
        ColumnOptions asked = _columns.Read(arguments);
        return new()
        {
            Data = data,
            Target = arguments.GetValue(_target),
            Groups = arguments.GetValue(_groups),
            GroupsDuplicates = arguments.GetValue(_duplicates),
            AreClassesMeant = arguments.GetValue(_yes),
            // Filling in belongs into the folds: medians of all rows would have seen those that test.
            Columns = asked.Missing == MissingUse.Impute ? asked with { Missing = MissingUse.Learn } : asked,
            Source = _columns.Source(arguments),
            Methods = methods,
            AreMethodsAsked = arguments.GetValue(_methods) is not null,
            Classifiers = classifiers,
            Options = options,
            PositiveOption = _positive.Name,
        };
    }

    EvaluationOptions Options(ParseResult arguments, ulong seed, int threads)
    {
        string protocol = arguments.GetValue(_protocol) ?? "default";
        EvaluationOptions start = protocol switch
        {
            "default" => new(),
            "paper" => EvaluationOptions.Paper,
            _ => throw new ArgumentException($"{_protocol.Name}: got '{protocol}', expected default or paper"),
        };
        int Int(Option<string> option, int otherwise) => Values.Int(option.Name, arguments.GetValue(option)) ?? otherwise;
        EvaluationOptions options = start with
        {
            Folds = Int(_folds, start.Folds),
            Repeats = Int(_repeats, start.Repeats),
            Replicates = Int(_replicates, start.Replicates),
            Select = Int(_select, start.Select),
            PositiveClass = arguments.GetValue(_positive),
            Seed = seed,
            MaxDegreeOfParallelism = threads,
        };
        options.Validate();
        return options;
    }

    static T[] Named<T>(Option<string> option, string names, Func<string, T> named)
    {
        string[] all = names.Split(',', StringSplitOptions.TrimEntries);
        if (all.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new ArgumentException($"{option.Name}: '{twice.Key}' is given twice");
        return [.. all.Select(name => Values.Read(option.Name, () => named(name)))];
    }
}

/// <summary>What is to be evaluated, before the table is read.</summary>
sealed record EvaluationRequest
{
    public required string Data { get; init; }

    public required string? Target { get; init; }

    public required string? Groups { get; init; }

    public required bool GroupsDuplicates { get; init; }

    public required bool AreClassesMeant { get; init; }

    public required ColumnOptions Columns { get; init; }

    public required SourceOptions Source { get; init; }

    public required IResampler[] Methods { get; init; }

    /// <summary>Whether the methods were named; of others those that can't take the table are left out.</summary>
    public required bool AreMethodsAsked { get; init; }

    public required IClassifier[] Classifiers { get; init; }

    public required EvaluationOptions Options { get; init; }

    /// <summary>What names the positive class.</summary>
    public required string PositiveOption { get; init; }

    /// <summary>The table's name in reports.</summary>
    public string Name => Data == "-" ? "standard input" : Path.GetFileName(Data);

    /// <summary>Reads the table, and says what it is.</summary>
    /// <param name="session">The run.</param>
    /// <param name="methods">The methods that take it.</param>
    public Dataset Load(Session session, out IResampler[] methods)
    {
        (Table table, IReadOnlyList<string?>? groups) = TableIO.Read(Data, Target, Groups, Columns, Source, session);
        methods = Methods;
        if (!AreMethodsAsked && table.Schema.Columns.Any(spec => spec.Categories is not null))
        {
            string[] left = [.. methods.Where(method => !method.TakesCategories).Select(method => method.Name)];
            methods = [.. methods.Where(method => method.TakesCategories)];
            session.Say($"without {string.Join(" and ", left)}, which have no definition for categories; smote is SMOTE-NC here");
        }
        Dataset dataset = new(table, groups);
        if (GroupsDuplicates)
            dataset = dataset.GroupDuplicates();
        TableIO.RequireClasses(table, AreClassesMeant);
        TableIO.Describe(Data, TableSummary.Of(table, groups), Groups, session);
        session.Set("missing_cells", table.MissingCounts().Sum());
        if (Options.PositiveClass is string positive)
            Values.Read(PositiveOption, () => table.Schema.ClassIndex(positive));
        const int ManyTimes = 10;
        int columns = table.Schema.Columns.Count;
        if (columns > ManyTimes * table.RowCount && (Options.Select == 0 || Options.Select >= columns))
            session.Say(string.Create(CultureInfo.InvariantCulture,
                $"{columns} columns for {table.RowCount} rows take long: --select 64 keeps the 64 most informative of each fold"));
        return dataset;
    }
}
