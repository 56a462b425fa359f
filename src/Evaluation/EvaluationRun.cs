using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.ExceptionServices;

namespace LeoCvae.Evaluation;

/// <summary>One run of an evaluation. A unit of work is a method on a fold: its rows are resampled once for all classifiers.</summary>
sealed class EvaluationRun(
    Dataset data, IReadOnlyList<IResampler> methods, IReadOnlyList<IClassifier> classifiers, EvaluationOptions options,
    IProgress<EvaluationProgress>? progress, CancellationToken cancellation)
{
    readonly int _classes = data.Table.Schema.Classes.Count;
    readonly int[] _labels = data.Table.Labels.ToArray();
    readonly CounterRandom _seeds = new(options.Seed, RandomStream.FoldSeeds);
    readonly MethodRows?[] _described = new MethodRows?[methods.Count];
    readonly ConcurrentDictionary<(Fold Fold, int Classifier), Lazy<ClassificationScores>> _ofRealRows = new();
    int _done, _untuned;

    public EvaluationResult Run()
    {
        int positive = options.PositiveClass is null ? Rarest() : data.Table.Schema.ClassIndex(options.PositiveClass);
        Fold[] folds = CrossValidation.Split(data, options.Folds, options.Repeats, options.Seed, Preparing(data, options, cancellation));
        FoldResult[] results = new FoldResult[methods.Count * classifiers.Count * folds.Length];
        PooledPredictions[] pooled = Pooled(folds);
        // One unit at a time to each thread: units differ a hundredfold in what they cost.
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = options.MaxDegreeOfParallelism, CancellationToken = cancellation };
        IEnumerable<(int Fold, int Method)> units = folds.SelectMany((_, fold) => methods.Select((_, method) => (fold, method)));
        try
        {
            Parallel.ForEach(Partitioner.Create(units, EnumerablePartitionerOptions.NoBuffering), parallel,
                unit => Run(folds[unit.Fold], unit.Fold, unit.Method, positive, results, pooled));
        }
        catch (AggregateException failures)
        {
            ExceptionDispatchInfo.Throw(failures.InnerExceptions[0]);
        }
        return new()
        {
            Options = options,
            Classes = data.Table.Schema.Classes,
            Labels = _labels,
            PositiveClass = positive,
            Notes = Notes(folds, results),
            Folds = results,
            Predictions = pooled,
            FirstFold = options.DescribeRows
                ? new(ClassEntropies.Of(folds[0].Training.Table, options.MaxDegreeOfParallelism), [.. _described.OfType<MethodRows>()])
                : null,
        };
    }

    void Run(Fold fold, int number, int method, int positive, FoldResult[] results, PooledPredictions[] pooled)
    {
        IResampler resampler = methods[method];
        MadeRows? made = options.DescribeRows ? FittedPipeline.Make(fold.Training, resampler, Seed(fold, 0), cancellation) : null;
        if (made is not null && number == 0)
            Describe(fold, method, made);
        Bag[] bags = Bags(fold, resampler, fold, 0, made?.Resampled);
        Fold[] inner = fold.Inner(options.TuningFolds, Seed(fold, 0)) ?? [];
        Bag[][] innerBags = [.. inner.Select(part => Bags(fold, resampler, part, part.Number + 1, null))];
        for (int classifier = 0; classifier < classifiers.Count; classifier++)
        {
            int series = method * classifiers.Count + classifier;
            BaggedPrediction prediction = BaggedPrediction.Of(fold, bags, resampler, classifiers[classifier], Stop(fold), cancellation);
            (PriorCorrection? correction, DecisionRule decision) = Tune(fold, prediction, inner, innerBags, resampler,
                classifiers[classifier]);
            double[,] corrected = correction?.Apply(prediction.Corrected) ?? prediction.Corrected;
            int[] labels = [.. prediction.Rows.Select(row => _labels[row])];
            results[series * options.Repeats * options.Folds + number] = new()
            {
                Method = resampler.Name,
                Classifier = classifiers[classifier].Name,
                Repeat = fold.Repeat,
                Fold = fold.Number,
                TrainingRows = fold.Training.Table.RowCount,
                TestRows = fold.TestRows,
                AddedRows = prediction.AddedRows,
                CopiedTestRows = prediction.CopiedTestRows,
                Raw = ClassificationScores.Of(prediction.Raw, labels, positive),
                Corrected = ClassificationScores.Of(corrected, labels, positive),
                Tuned = ClassificationScores.Of(corrected, labels, positive, decision),
                SyntheticOnly = SyntheticOnly(fold, made?.Doubled, resampler, classifier, positive),
                Decision = decision,
            };
            PooledPredictions pool = pooled[series * options.Repeats + fold.Repeat];
            for (int i = 0; i < labels.Length; i++)
                for (int c = 0; c < _classes; c++)
                    (pool.Raw[prediction.Rows[i], c], pool.Corrected[prediction.Rows[i], c]) = (prediction.Raw[i, c], corrected[i, c]);
            progress?.Report(new(Interlocked.Increment(ref _done), results.Length));
        }
    }

    // The rows that the classifiers are about to be trained on, looked at for the report; the map is of the last LEO-CVAE.
    void Describe(Fold fold, int method, MadeRows made)
    {
        bool isLast = methods[method] is LeoResampler && !methods.Skip(method + 1).Any(later => later is LeoResampler);
        _described[method] = MethodRows.Of(fold, methods[method].Name, made, isLast, options.Seed, cancellation);
    }

    // Null where the method has no rows of some class: a classifier couldn't know it.
    SyntheticOnlyScores? SyntheticOnly(Fold fold, Table? doubled, IResampler resampler, int classifier, int positive)
    {
        if (doubled is null || doubled.ClassCounts().Zip(fold.Training.Table.ClassCounts()).Any(c => c.First == c.Second))
            return null;
        // What doing nothing has, whichever methods are compared.
        Lazy<ClassificationScores> real = _ofRealRows.GetOrAdd((fold, classifier),
            _ => new(() => Scores(Resamplers.None, fold.Training.Table, syntheticOnly: false)));
        return new(Scores(resampler, doubled, syntheticOnly: true), real.Value);

        ClassificationScores Scores(IResampler method, Table rows, bool syntheticOnly)
        {
            using FittedPipeline pipeline = FittedPipeline.Fit(fold.Training, method, rows, classifiers[classifier], Stop(fold),
                Seed(fold, 0), cancellation, syntheticOnly);
            FoldPrediction prediction = fold.Predict(pipeline);
            return ClassificationScores.Of(prediction.Raw, [.. prediction.Rows.Select(row => _labels[row])], positive);
        }
    }

    // What a fold's classifiers are trained on: its training rows, or where there are several replicates bootstrap samples of them, the
    // same for all methods. Parts of an outer fold have seeds of their own; part 0 is the fold itself.
    Bag[] Bags(Fold outer, IResampler resampler, Fold part, int number, Table? resampled)
    {
        if (options.Replicates == 1)
        {
            ulong seed = Seed(outer, number);
            return [new(part.Training, resampled ?? FittedPipeline.Resample(part.Training, resampler, seed, cancellation), seed)];
        }
        return [.. Enumerable.Range(0, options.Replicates).Select(replicate =>
        {
            ulong seed = Seed(outer, number + replicate * (options.TuningFolds + 1));
            TrainingRows sample = part.Training.Bootstrap(seed);
            return new Bag(sample, FittedPipeline.Resample(sample, resampler, seed, cancellation), seed);
        })];
    }

    // By what inner folds of the training rows predict of each other, with the same method and classifier.
    (PriorCorrection?, DecisionRule) Tune(Fold fold, BaggedPrediction fitted, Fold[] inner, Bag[][] bags, IResampler resampler,
        IClassifier classifier)
    {
        if (inner.Length == 0)
        {
            Interlocked.Increment(ref _untuned);
            return (null, DecisionRule.MostProbable(_classes));
        }
        Table training = fold.Training.Table;
        int[] classOf = [.. training.Schema.Classes.Select(data.Table.Schema.ClassIndex)],
            labels = [.. training.Labels.ToArray().Select(label => classOf[label])];
        double[,] probabilities = new double[training.RowCount, _classes];
        for (int part = 0; part < inner.Length; part++)
        {
            BaggedPrediction prediction = BaggedPrediction.Of(inner[part], bags[part], resampler, classifier, Stop(inner[part]),
                cancellation);
            for (int i = 0; i < prediction.Rows.Count; i++)
                for (int c = 0; c < classOf.Length; c++)
                    probabilities[prediction.Rows[i], classOf[c]] = prediction.Corrected[i, c];
        }
        // What was not resampled needs no correction.
        PriorCorrection? correction = fitted.AddedRows > 0 || resampler.BalancesWeights ? PriorCorrection.Fit(probabilities, fitted.Before)
            : null;
        return (correction, DecisionRule.Tune(correction?.Apply(probabilities) ?? probabilities, labels, options.TuneFor));
    }

    /// <summary>Prepares by the rows that a fold trains on, in the paper's protocol by all.</summary>
    public static Func<int[], Preparation> Preparing(Dataset data, EvaluationOptions options, CancellationToken cancellation)
    {
        if (options.Protocol == EvaluationProtocol.Default)
            return rows => Preparation.Fit(data.Table, rows, options.Select, options.SelectBy, options.Seed, cancellation);
        Preparation whole = Preparation.Fit(data.Table, [.. Enumerable.Range(0, data.Table.RowCount)], options.Select, options.SelectBy,
            options.Seed, cancellation);
        return _ => whole;
    }

    // Inner folds stop as the fold itself does: their test rows are training rows.
    (double[] Values, int[] Labels)? Stop(Fold fold) => options.Protocol == EvaluationProtocol.Paper ? fold.PeekAtTestRows() : null;

    PooledPredictions[] Pooled(Fold[] folds)
    {
        int[][] foldOf = [.. Enumerable.Range(0, options.Repeats).Select(_ => new int[data.Table.RowCount])];
        foreach (Fold fold in folds)
            foreach (int row in fold.Tested)
                foldOf[fold.Repeat][row] = fold.Number;
        return [.. from method in methods
                   from classifier in classifiers
                   from repeat in Enumerable.Range(0, options.Repeats)
                   select new PooledPredictions(method.Name, classifier.Name, repeat, foldOf[repeat],
                       new double[data.Table.RowCount, _classes], new double[data.Table.RowCount, _classes])];
    }

    List<string> Notes(Fold[] folds, FoldResult[] results)
    {
        List<string> notes = [], undefinedMetrics = [];
        if (options.Replicates > 1)
            notes.Add(Text($"each score is of {options.Replicates} classifiers, trained on bootstrap samples of the training rows that ") +
                "every method resamples, with their probabilities averaged");
        if (options.Protocol == EvaluationProtocol.Paper)
            notes.Add("optimistic, as published: medians and features come from all rows, test rows included, and classifiers that can " +
                "stop early did so on the fold that they are scored on");
        if (data.GroupCount is int groups)
            notes.Add(Text($"the {data.Table.RowCount} rows are of {groups} groups: rows of one group are on one side of every split"));
        NoteMissing(notes);
        foreach (IGrouping<string, string> column in folds.SelectMany(fold => fold.UnknownColumns).GroupBy(name => name))
            notes.Add(string.Create(CultureInfo.InvariantCulture,
                $"column '{column.Key}' has no value in the training rows of {column.Count()} of {folds.Length} folds, where it is left " +
                $"out (0 in all rows)"));
        int[] counts = data.Table.ClassCounts();
        for (int c = 0; c < _classes; c++)
            if (counts[c] == 1)
                notes.Add($"class '{data.Table.Schema.Classes[c]}' has one row: what tests it has never seen it");
            else if (counts[c] < options.Folds)
                notes.Add(string.Create(CultureInfo.InvariantCulture,
                    $"class '{data.Table.Schema.Classes[c]}' has {counts[c]} rows for {options.Folds} folds: some don't test it"));
        bool[] isUnequal = [.. folds.Select(fold => fold.Training.Table.ClassCounts().Distinct().Count() > 1)];
        foreach (IResampler method in methods.Where(method => method is not KeepRows && !method.BalancesWeights))
        {
            int idle = results.Count(result => result.Method == method.Name && result.Classifier == classifiers[0].Name
                && result.AddedRows == 0 && isUnequal[result.Repeat * options.Folds + result.Fold]);
            if (idle > 0)
                notes.Add(string.Create(CultureInfo.InvariantCulture,
                    $"method '{method.Name}' added no rows in {idle} of {folds.Length} folds, where it does the same as none"));
        }
        int again = RepeatedTestRows(folds);
        if (again > 0)
            notes.Add(Text($"{again} of {folds.Sum(fold => fold.TestRows)} test rows equal a training row: ") +
                "scores are optimistic if these are copies; --group-duplicates keeps equal rows in one fold");
        foreach (Metric metric in Metric.All)
        {
            int undefined = results.Count(result => double.IsNaN(metric.Of(result.Raw)));
            if (undefined > 0 && undefined == results.Length)
                undefinedMetrics.Add(metric.Title);
        }
        if (undefinedMetrics.Count > 0)
            notes.Add($"not defined in any fold, so nothing is said of them: {string.Join(", ", undefinedMetrics)}; a test fold needs " +
                $"rows of two classes or more: take fewer folds");
        if (_untuned > 0)
            notes.Add(string.Create(CultureInfo.InvariantCulture,
                $"decisions were not tuned in {_untuned} of {_done} fits: the training rows are too few of a class for " +
                $"{options.TuningFolds} inner folds"));
        return notes;
    }

    void NoteMissing(List<string> notes)
    {
        int[] missing = data.Table.MissingCounts();
        if (missing.Sum() == 0)
            return;
        bool learns = methods.Any(method => method is LeoResampler);
        bool ofCategories = data.Table.Schema.Columns.Where((column, j) => column.Categories is not null && missing[j] > 0).Any();
        notes.Add(string.Create(CultureInfo.InvariantCulture,
            $"{missing.Sum()} of {(long)data.Table.RowCount * missing.Length} cells are missing, in " +
            $"{missing.Count(cells => cells > 0)} of {missing.Length} columns; imputed: each is the median of its column" +
            $"{(ofCategories ? ", or its most frequent category," : "")} over " +
            $"{(options.Protocol == EvaluationProtocol.Paper ? "all rows" : "the training rows of the fold")}" +
            $"{(learns ? "; LEO-CVAE learns which are missing, and its rows are imputed too" : "")}"));
    }

    // Test rows that equal a training row of their fold, in all folds.
    int RepeatedTestRows(Fold[] folds)
    {
        int[] equal = data.EqualRows();
        int repeated = 0;
        foreach (Fold fold in folds)
        {
            int[] trained = new int[equal.Length];
            foreach (int number in equal)
                trained[number]++;
            foreach (int row in fold.Tested)
                trained[equal[row]]--;
            repeated += fold.Tested.Count(row => trained[equal[row]] > 0);
        }
        return repeated;
    }

    static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    ulong Seed(Fold fold, int part)
    {
        ulong row = CounterRandom.Row(fold.Repeat, fold.Number);
        return (ulong)_seeds.Word(row, 2 * part) << 32 | _seeds.Word(row, 2 * part + 1);
    }

    int Rarest() => Array.IndexOf(data.Table.ClassCounts(), data.Table.ClassCounts().Min());
}
