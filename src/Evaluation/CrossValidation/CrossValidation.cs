using System.Globalization;

namespace LeoCvae.Evaluation;

/// <summary>Repeated k-fold cross-validation: every row is tested once in each repeat, by what was fitted without it.</summary>
public static class CrossValidation
{
    /// <summary>Splits rows into folds, stratified by class; rows of one group stay together.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="folds">Folds of a repeat, 2 or more, at most as many as rows or groups.</param>
    /// <param name="repeats">How often all folds are drawn anew.</param>
    /// <param name="seed">Seed of the random numbers; the same seed gives the same folds.</param>
    /// <param name="select">Features to keep in each fold, the most informative of its training rows; 0 keeps all.</param>
    /// <param name="selectBy">What makes a feature informative.</param>
    /// <returns>Repeats x folds of them, repeat by repeat.</returns>
    /// <exception cref="ArgumentException">There are too few rows or groups, or a fold would leave fewer than two classes to train
    /// on.</exception>
    public static IReadOnlyList<Fold> Split(Dataset data, int folds = 5, int repeats = 1, ulong seed = LeoModel.DefaultSeed,
        int select = 0, FeatureScore selectBy = FeatureScore.MutualInformation)
    {
        ArgumentNullException.ThrowIfNull(data);
        new EvaluationOptions { Folds = folds, Repeats = repeats, Select = select, SelectBy = selectBy }.Validate();
        return Split(data, folds, repeats, seed, rows => Preparation.Fit(data.Table, rows, select, selectBy, seed, CancellationToken.None));
    }

    /// <summary>The same with a preparation of one's own.</summary>
    internal static Fold[] Split(Dataset data, int folds, int repeats, ulong seed, Func<int[], Preparation> prepare) =>
        [.. Enumerable.Range(0, repeats).SelectMany(repeat =>
        {
            (int[] foldOf, string? obstacle) = Assign(data, folds, seed, repeat);
            return obstacle is null ? Folds(data, folds, repeat, foldOf, prepare) : throw Fault.Argument(nameof(folds), $"{obstacle}");
        })];

    /// <summary>One repeat, or null where there are too few rows for it.</summary>
    internal static Fold[]? TrySplit(Dataset data, int folds, ulong seed, Func<int[], Preparation> prepare) =>
        Assign(data, folds, seed, repeat: 0) is (int[] foldOf, null) ? [.. Folds(data, folds, repeat: 0, foldOf, prepare)] : null;

    static IEnumerable<Fold> Folds(Dataset data, int folds, int repeat, int[] foldOf, Func<int[], Preparation> prepare) =>
        Enumerable.Range(0, folds).Select(number => new Fold(data, repeat, number, foldOf, prepare));

    // The fold of each row, and in a sentence what stands in the way of using it.
    static (int[] FoldOf, string? Obstacle) Assign(Dataset data, int folds, ulong seed, int repeat)
    {
        int classes = data.Table.Schema.Classes.Count, units = data.Table.RowCount == 0 ? 0 : data.Groups is null ? data.Table.RowCount
            : data.Groups.Max() + 1;
        if (units < folds)
            return ([], string.Create(CultureInfo.InvariantCulture,
                $"got {units} {(data.Groups is null ? "rows" : "groups")} for {folds} folds, expected at least as many"));
        int[] foldOf = data.Groups is null
            ? FoldAssignment.Stratified(data.Table.Labels, classes, folds, seed, repeat)
            : FoldAssignment.Grouped(data.Table.Labels, classes, data.Groups, folds, seed, repeat);
        for (int fold = 0; fold < folds; fold++)
        {
            HashSet<int> trained = [];
            for (int row = 0; row < foldOf.Length; row++)
                if (foldOf[row] != fold)
                    trained.Add(data.Table.Labels[row]);
            if (trained.Count == 1)
                return (foldOf, $"label column '{data.Table.Schema.Target}': a fold would have only the class " +
                    $"'{data.Table.Schema.Classes[trained.Single()]}' to train on, expected at least " +
                    $"two{(classes == 1 ? "" : $"; the other classes have too few rows{(data.Groups is null ? "" : " or groups")}")}");
        }
        return (foldOf, null);
    }
}
