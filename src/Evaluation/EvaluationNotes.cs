using System.Globalization;

namespace LeoCvae.Evaluation;

/// <summary>How the figures of an evaluation may be read, in sentences.</summary>
sealed class EvaluationNotes(Dataset data, IReadOnlyList<IResampler> methods, IReadOnlyList<IClassifier> classifiers,
    EvaluationOptions options, Fold[] folds)
{
    public IReadOnlyList<string> Of(IReadOnlyList<UnitContent> units, FoldResult[] results)
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
        foreach (IGrouping<string, string> column in units.Where(unit => unit.Number % methods.Count == 0)
            .SelectMany(unit => unit.UnknownColumns).GroupBy(name => name))
            notes.Add(string.Create(CultureInfo.InvariantCulture,
                $"column '{column.Key}' has no value in the training rows of {column.Count()} of {folds.Length} folds, where it is left " +
                $"out (0 in all rows)"));
        int[] counts = data.Table.ClassCounts();
        for (int c = 0; c < counts.Length; c++)
            if (counts[c] == 1)
                notes.Add($"class '{data.Table.Schema.Classes[c]}' has one row: what tests it has never seen it");
            else if (counts[c] < options.Folds)
                notes.Add(string.Create(CultureInfo.InvariantCulture,
                    $"class '{data.Table.Schema.Classes[c]}' has {counts[c]} rows for {options.Folds} folds: some don't test it"));
        bool[] isUnequal = [.. folds.Select(fold => fold.IsUnequal)];
        foreach (IResampler method in methods.Where(method => method is not KeepRows && !method.BalancesWeights))
        {
            int idle = results.Count(result => result.Method == method.Name && result.Classifier == classifiers[0].Name
                && result.AddedRows == 0 && isUnequal[result.Repeat * options.Folds + result.Fold]);
            if (idle > 0)
                notes.Add(string.Create(CultureInfo.InvariantCulture,
                    $"method '{method.Name}' added no rows in {idle} of {folds.Length} folds, where it does the same as none"));
        }
        int again = RepeatedTestRows();
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
        int untuned = units.Count(unit => !unit.IsTuned) * classifiers.Count;
        if (untuned > 0)
            notes.Add(string.Create(CultureInfo.InvariantCulture,
                $"decisions were not tuned in {untuned} of {results.Length} fits: the training rows are too few of a class for " +
                $"{options.TuningFolds} inner folds"));
        if (results.Any(result => result.TrainingRows > EvaluationRun.ManyRows))
            notes.Add(string.Create(CultureInfo.InvariantCulture,
                $"decisions were tuned on one of {options.TuningFolds} inner folds: a fold has more than {EvaluationRun.ManyRows} " +
                $"training rows"));
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
    int RepeatedTestRows()
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
}
