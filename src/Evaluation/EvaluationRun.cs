using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace LeoCvae.Evaluation;

/// <summary>
/// An evaluation, unit by unit: a unit is a method on a fold, whose rows are resampled once for all classifiers. Units need nothing of each
/// other; what is made of all of them is <see cref="Merge"/>'s. Thread-safe.
/// </summary>
sealed class EvaluationRun
{
    /// <summary>Training rows of which one inner fold is enough to tune decisions on: more cost as much as the scored fit each.</summary>
    public const int ManyRows = 50_000;

    readonly Dataset _data;
    readonly IReadOnlyList<IResampler> _methods;
    readonly IReadOnlyList<IClassifier> _classifiers;
    readonly EvaluationOptions _options;
    readonly CancellationToken _cancellation;
    readonly Fold[] _folds;
    readonly int _classes, _positive;
    readonly int[] _labels;
    readonly CounterRandom _seeds;
    readonly ConcurrentDictionary<(Fold Fold, int Classifier), Lazy<ClassificationScores>> _ofRealRows = new();

    public EvaluationRun(Dataset data, IReadOnlyList<IResampler> methods, IReadOnlyList<IClassifier> classifiers,
        EvaluationOptions options, CancellationToken cancellation)
    {
        (_data, _methods, _classifiers, _options, _cancellation) = (data, methods, classifiers, options, cancellation);
        (_classes, _labels) = (data.Table.Schema.Classes.Count, data.Table.Labels.ToArray());
        _positive = options.PositiveClass is null ? Rarest() : data.Table.Schema.ClassIndex(options.PositiveClass);
        _folds = CrossValidation.Split(data, options.Folds, options.Repeats, options.Seed, Preparing(data, options, cancellation));
        _seeds = new(options.Seed, RandomStream.FoldSeeds);
    }

    /// <summary>All units, one at a time to each thread, and what comes of them.</summary>
    public EvaluationResult Run(IProgress<EvaluationProgress>? progress)
    {
        EvaluationUnit[] units = new EvaluationUnit[_folds.Length * _methods.Count];
        int done = 0;
        // Units differ a hundredfold in what they cost.
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = _options.MaxDegreeOfParallelism, CancellationToken = _cancellation };
        try
        {
            Parallel.ForEach(Partitioner.Create(Enumerable.Range(0, units.Length), EnumerablePartitionerOptions.NoBuffering), parallel,
                unit => units[unit] = Run(unit,
                    () => progress?.Report(new(Interlocked.Increment(ref done), units.Length * _classifiers.Count))));
        }
        catch (AggregateException failures)
        {
            ExceptionDispatchInfo.Throw(failures.InnerExceptions[0]);
        }
        return Merge(units);
    }

    /// <summary>One unit.</summary>
    /// <param name="number">Its number in <see cref="MethodEvaluator.Units"/>.</param>
    /// <param name="fitted">Called after each classifier.</param>
    public EvaluationUnit Run(int number, Action fitted)
    {
        (int place, int method) = int.DivRem(number, _methods.Count);
        Fold fold = _folds[place];
        IResampler resampler = _methods[method];
        MadeRows? made = _options.DescribeRows ? FittedPipeline.Make(fold.Training, resampler, Seed(fold, 0), _cancellation) : null;
        Bag[] bags = Bags(fold, resampler, fold, 0, made?.Resampled);
        Fold[] inner = fold.Inner(_options.TuningFolds, Seed(fold, 0)) ?? [];
        if (fold.Training.Table.RowCount > ManyRows)
            inner = [.. inner.Take(1)];
        Bag[][] innerBags = [.. inner.Select(part => Bags(fold, resampler, part, part.Number + 1, null))];
        UnitScores[] scores = new UnitScores[_classifiers.Count];
        for (int classifier = 0; classifier < scores.Length; classifier++)
        {
            BaggedPrediction prediction = BaggedPrediction.Of(fold, bags, resampler, _classifiers[classifier], Stop(fold), _cancellation);
            (PriorCorrection? correction, DecisionRule decision) = Tune(fold, prediction, inner, innerBags, resampler,
                _classifiers[classifier]);
            double[,] corrected = correction?.Apply(prediction.Corrected) ?? prediction.Corrected;
            int[] labels = [.. prediction.Rows.Select(row => _labels[row])];
            FoldResult result = new()
            {
                Method = resampler.Name,
                Classifier = _classifiers[classifier].Name,
                Repeat = fold.Repeat,
                Fold = fold.Number,
                TrainingRows = fold.Training.Table.RowCount,
                TestRows = fold.TestRows,
                AddedRows = prediction.AddedRows,
                CopiedTestRows = prediction.CopiedTestRows,
                Raw = ClassificationScores.Of(prediction.Raw, labels, _positive),
                Corrected = ClassificationScores.Of(corrected, labels, _positive),
                Tuned = ClassificationScores.Of(corrected, labels, _positive, decision),
                SyntheticOnly = SyntheticOnly(fold, made?.Doubled, resampler, classifier),
                Decision = decision,
            };
            scores[classifier] = new(result, [.. prediction.Raw.Cast<double>()], [.. corrected.Cast<double>()]);
            fitted();
        }
        return new(new(number, scores, IsTuned: inner.Length > 0, [.. fold.UnknownColumns])
        {
            Entropies = made is not null && number == 0 ? ClassEntropies.Of(fold.Training.Table, _options.MaxDegreeOfParallelism) : null,
            Rows = made is not null && place == 0 ? Describe(fold, method, made) : null,
        });
    }

    /// <summary>What is found by all units, in whatever order they come.</summary>
    /// <exception cref="ArgumentException">A unit is missing, there twice, or of another evaluation.</exception>
    public EvaluationResult Merge(IEnumerable<EvaluationUnit> units) =>
        new EvaluationMerge(_data, _methods, _classifiers, _options, _folds).Of(units, _positive);

    // The rows that the classifiers are about to be trained on, looked at for the report; the map is of the last LEO-CVAE.
    MethodRows? Describe(Fold fold, int method, MadeRows made)
    {
        bool isLast = _methods[method] is LeoResampler && !_methods.Skip(method + 1).Any(later => later is LeoResampler);
        return MethodRows.Of(fold, _methods[method].Name, made, isLast, _options.Seed, _cancellation);
    }

    // Null where the method has no rows of some class: a classifier couldn't know it.
    SyntheticOnlyScores? SyntheticOnly(Fold fold, Table? doubled, IResampler resampler, int classifier)
    {
        if (doubled is null || doubled.ClassCounts().Zip(fold.Training.Table.ClassCounts()).Any(c => c.First == c.Second))
            return null;
        // What doing nothing has, whichever methods are compared.
        Lazy<ClassificationScores> real = _ofRealRows.GetOrAdd((fold, classifier),
            _ => new(() => Scores(Resamplers.None, fold.Training.Table, syntheticOnly: false)));
        return new(Scores(resampler, doubled, syntheticOnly: true), real.Value);

        ClassificationScores Scores(IResampler method, Table rows, bool syntheticOnly)
        {
            using FittedPipeline pipeline = FittedPipeline.Fit(fold.Training, method, rows, _classifiers[classifier], Stop(fold),
                Seed(fold, 0), _cancellation, syntheticOnly);
            FoldPrediction prediction = fold.Predict(pipeline);
            return ClassificationScores.Of(prediction.Raw, [.. prediction.Rows.Select(row => _labels[row])], _positive);
        }
    }

    // What a fold's classifiers are trained on: its training rows, or where there are several replicates bootstrap samples of them, the
    // same for all methods. Parts of an outer fold have seeds of their own; part 0 is the fold itself.
    Bag[] Bags(Fold outer, IResampler resampler, Fold part, int number, Table? resampled)
    {
        if (_options.Replicates == 1)
        {
            ulong seed = Seed(outer, number);
            return [new(part.Training, resampled ?? FittedPipeline.Resample(part.Training, resampler, seed, _cancellation), seed)];
        }
        return [.. Enumerable.Range(0, _options.Replicates).Select(replicate =>
        {
            ulong seed = Seed(outer, number + replicate * (_options.TuningFolds + 1));
            TrainingRows sample = part.Training.Bootstrap(seed);
            return new Bag(sample, FittedPipeline.Resample(sample, resampler, seed, _cancellation), seed);
        })];
    }

    // By what inner folds of the training rows predict of each other, with the same method and classifier.
    (PriorCorrection?, DecisionRule) Tune(Fold fold, BaggedPrediction fitted, Fold[] inner, Bag[][] bags, IResampler resampler,
        IClassifier classifier)
    {
        if (inner.Length == 0)
        {
            return (null, DecisionRule.MostProbable(_classes));
        }
        Table training = fold.Training.Table;
        int[] rows = [.. inner.SelectMany(part => part.Tested).Order()], placeOf = new int[training.RowCount];
        for (int i = 0; i < rows.Length; i++)
            placeOf[rows[i]] = i;
        int[] classOf = [.. training.Schema.Classes.Select(_data.Table.Schema.ClassIndex)],
            labels = [.. rows.Select(row => classOf[training.Labels[row]])];
        double[,] probabilities = new double[rows.Length, _classes];
        for (int part = 0; part < inner.Length; part++)
        {
            BaggedPrediction prediction = BaggedPrediction.Of(inner[part], bags[part], resampler, classifier, Stop(inner[part]),
                _cancellation);
            for (int i = 0; i < prediction.Rows.Count; i++)
                for (int c = 0; c < classOf.Length; c++)
                    probabilities[placeOf[prediction.Rows[i]], classOf[c]] = prediction.Corrected[i, c];
        }
        // What was not resampled needs no correction.
        PriorCorrection? correction = fitted.AddedRows > 0 || resampler.BalancesWeights ? PriorCorrection.Fit(probabilities, fitted.Before)
            : null;
        return (correction, DecisionRule.Tune(correction?.Apply(probabilities) ?? probabilities, labels, _options.TuneFor));
    }

    /// <summary>Prepares by the rows that a fold trains on, in the paper's protocol by all.</summary>
    public static Func<int[], Preparation> Preparing(Dataset data, EvaluationOptions options, CancellationToken cancellation)
    {
        if (options.Protocol == EvaluationProtocol.Default)
            return rows => Preparation.Fit(data.Table, rows, options.Select, options.SelectBy, options.Seed, cancellation);
        Lazy<Preparation> whole = new(() => Preparation.Fit(data.Table, [.. Enumerable.Range(0, data.Table.RowCount)], options.Select,
            options.SelectBy, options.Seed, cancellation));
        return _ => whole.Value;
    }

    // Inner folds stop as the fold itself does: their test rows are training rows.
    (double[] Values, int[] Labels)? Stop(Fold fold) => _options.Protocol == EvaluationProtocol.Paper ? fold.PeekAtTestRows() : null;

    ulong Seed(Fold fold, int part)
    {
        ulong row = CounterRandom.Row(fold.Repeat, fold.Number);
        return (ulong)_seeds.Word(row, 2 * part) << 32 | _seeds.Word(row, 2 * part + 1);
    }

    int Rarest() => Array.IndexOf(_data.Table.ClassCounts(), _data.Table.ClassCounts().Min());
}
