using System.Text.Json.Serialization;
using LeoCvae.Training;

namespace LeoCvae.Evaluation;

/// <summary>
/// What a report shows of the rows of the first fold of the first repeat, measured while they were there: on the very rows that the
/// classifiers were trained on, so that a report costs no second fit. The rows themselves are not kept. Immutable.
/// </summary>
/// <param name="Entropies">Local entropy of the training rows.</param>
/// <param name="Methods">What each method made, in the order of methods; one that added no row is left out.</param>
sealed record FirstFold(IReadOnlyList<ClassEntropies> Entropies, IReadOnlyList<MethodRows> Methods);

/// <summary>Local entropies of a class's real rows.</summary>
/// <param name="Class">Name of the class.</param>
/// <param name="Bits">One value a row.</param>
sealed record ClassEntropies(string Class, IReadOnlyList<double> Bits)
{
    public static ClassEntropies[] Of(Table rows, int threads)
    {
        double[] bits = LocalEntropy.Score(rows, maxDegreeOfParallelism: threads).Bits.ToArray();
        return [.. rows.Schema.Classes.Select((name, c) => new ClassEntropies(name, [.. bits.Where((_, row) => rows.Labels[row] == c)]))];
    }
}

/// <summary>The rows that a method made.</summary>
/// <param name="Method">Name of the method.</param>
/// <param name="Scores">Fidelity and privacy.</param>
/// <param name="Classes">How near they come to training rows, class by class.</param>
sealed record MethodRows(string Method, SyntheticScores Scores, IReadOnlyList<ClassCloseness> Classes)
{
    /// <summary>The rows in a plane; null where they were not asked for.</summary>
    [JsonIgnore]
    public RowMap? Map { get; init; }

    /// <summary>Losses of the fit that made them, an epoch each; none where nothing was trained.</summary>
    [JsonIgnore]
    public IReadOnlyList<TrainingProgress> Losses { get; init; } = [];

    /// <summary>The columns of the rows; none where they are plain numbers.</summary>
    public IReadOnlyList<ColumnScores> Columns { get; init; } = [];

    /// <summary>What the rows tell of the training rows.</summary>
    public AttackScores? Attacks { get; init; }

    /// <summary>Measures resampled rows; null where the method added none.</summary>
    /// <param name="fold">Where they come from.</param>
    /// <param name="method">Name of the method.</param>
    /// <param name="made">The fold's training rows, then synthetic ones, and what is known of the fit that made them.</param>
    /// <param name="withMap">Whether to map the rows, too.</param>
    /// <param name="seed">Seed of all random numbers.</param>
    /// <param name="cancellation">Stops long work.</param>
    public static MethodRows? Of(
        Fold fold, string method, MadeRows made, bool withMap, ulong seed, CancellationToken cancellation)
    {
        Table training = fold.Training.WithMissing, resampled = made.AsMade, holdout = fold.TestTable();
        // A resampler of one's own may return a table that calls all its rows real, and most return training rows imputed.
        int real = training.RowCount, width = training.Schema.Columns.Count;
        Table asMade = new(new(training.Schema.Columns, training.Schema.Target, resampled.Schema.Classes),
            [.. training.Values, .. resampled.Values[(real * width)..]], resampled.Labels.ToArray(), real,
            new int[resampled.RowCount - real]);
        if (SyntheticQuality.Examine(asMade, fold.Imputation, holdout, seed, cancellation) is not { } examined)
            return null;
        Table rows = fold.Imputation.Complete(asMade);
        RowMap? map = withMap
            ? RowMap.Of(rows, LocalEntropy.Score(rows, maxDegreeOfParallelism: 1, cancellation: cancellation).Bits.ToArray()) : null;
        AttackScores? attacks = RowAttacks.Measure(rows, holdout, 1, cancellation);
        return new(method, examined.Scores, examined.Classes)
        {
            Map = map,
            Losses = made.Losses,
            Columns = examined.Columns,
            Attacks = attacks is null || made.Decoded is not { } decoded ? attacks
                : attacks with { Decode = RowAttacks.Decode(Complete(decoded), fold.Training.Table, cancellation) },
        };

        DecodedSeeds Complete(DecodedSeeds seeds) => seeds with
        {
            Rows = fold.Imputation.Complete(new(new(seeds.Schema.Columns, null, []), seeds.Rows, [])).Values.ToArray(),
        };
    }
}
