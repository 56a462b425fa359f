namespace LeoCvae.Evaluation;

/// <summary>Puts units together to the result of their evaluation.</summary>
sealed class EvaluationMerge(Dataset data, IReadOnlyList<IResampler> methods, IReadOnlyList<IClassifier> classifiers,
    EvaluationOptions options, Fold[] folds)
{
    readonly int _classes = data.Table.Schema.Classes.Count;

    public EvaluationResult Of(IEnumerable<EvaluationUnit> given, int positive)
    {
        UnitContent[] units = Complete(given);
        FoldResult[] results = new FoldResult[units.Length * classifiers.Count];
        PooledPredictions[] pooled = Pooled();
        foreach (UnitContent unit in units)
            for (int classifier = 0; classifier < classifiers.Count; classifier++)
            {
                (int place, int method) = int.DivRem(unit.Number, methods.Count);
                int series = method * classifiers.Count + classifier;
                UnitScores scores = unit.Scores[classifier];
                results[series * folds.Length + place] = scores.Result;
                PooledPredictions pool = pooled[series * options.Repeats + folds[place].Repeat];
                foreach ((int i, int row) in folds[place].Tested.Index())
                    for (int c = 0; c < _classes; c++)
                        (pool.Raw[row, c], pool.Corrected[row, c]) = (scores.Raw[i * _classes + c], scores.Corrected[i * _classes + c]);
            }
        return new()
        {
            Options = options,
            Classes = data.Table.Schema.Classes,
            Labels = data.Table.Labels.ToArray(),
            PositiveClass = positive,
            Notes = new EvaluationNotes(data, methods, classifiers, options, folds).Of(units, results),
            Folds = results,
            Predictions = pooled,
            FirstFold = units[0].Entropies is { } entropies
                ? new(entropies, [.. units.Select(unit => unit.Rows).OfType<MethodRows>()]) : null,
        };
    }

    // By number, each there once and of this evaluation.
    UnitContent[] Complete(IEnumerable<EvaluationUnit> given)
    {
        UnitContent?[] units = new UnitContent?[folds.Length * methods.Count];
        foreach (EvaluationUnit unit in given)
        {
            int number = unit.Number;
            if ((uint)number >= (uint)units.Length)
                throw Fault.Argument(nameof(units), $"got unit {number}, expected numbers below {units.Length}");
            if (units[number] is not null)
                throw Fault.Argument(nameof(units), $"got unit {number} twice, expected each once");
            units[number] = IsOfThis(unit.Content) ? unit.Content
                : throw Fault.Argument(nameof(units),
                    $"unit {number} is of another evaluation: other rows, methods, classifiers or options");
        }
        int missing = Array.IndexOf(units, null);
        return missing < 0 ? [.. units.OfType<UnitContent>()] : throw Fault.Argument(nameof(units),
            $"unit {missing} is missing, expected all {units.Length}; missing are {units.Count(unit => unit is null)}");
    }

    bool IsOfThis(UnitContent unit)
    {
        (int place, int method) = int.DivRem(unit.Number, methods.Count);
        Fold fold = folds[place];
        return unit.Scores.Select(scores => scores.Result.Classifier).SequenceEqual(classifiers.Select(classifier => classifier.Name))
            && unit.Scores.All(scores => scores.Result.Method == methods[method].Name
                && (scores.Result.Repeat, scores.Result.Fold) == (fold.Repeat, fold.Number)
                && (scores.Result.TestRows, scores.Result.TrainingRows) == (fold.TestRows, data.Table.RowCount - fold.TestRows)
                && scores.Raw.Count == fold.TestRows * _classes && scores.Corrected.Count == scores.Raw.Count)
            && (unit.Number > 0 || unit.Entropies is not null == options.DescribeRows);
    }

    PooledPredictions[] Pooled()
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
}
