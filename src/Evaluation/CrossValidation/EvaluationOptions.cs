namespace LeoCvae.Evaluation;

/// <summary>How honest an evaluation is.</summary>
public enum EvaluationProtocol
{
    /// <summary>Everything is fitted on the training rows of a fold; its test rows are touched once.</summary>
    Default = 0,

    /// <summary>
    /// As published (arXiv 2509.25334), to compare with its figures, which are optimistic: features are chosen on all rows before the
    /// folds, and classifiers that can stop early do so on the fold that they are scored on.
    /// </summary>
    Paper = 1,
}

/// <summary>How the most informative features are found.</summary>
public enum FeatureScore
{
    /// <summary>Mutual information with the class, estimated from three nearest neighbors (Ross 2014).</summary>
    MutualInformation = 0,

    /// <summary>F of a one-way analysis of variance.</summary>
    AnovaF = 1,
}

/// <summary>How an evaluation is done. Immutable.</summary>
public sealed record EvaluationOptions
{
    /// <summary>The authors' own way (arXiv 2509.25334): 64 features by mutual information over all rows, 5 folds, seed 42.</summary>
    public static EvaluationOptions Paper { get; } = new() { Protocol = EvaluationProtocol.Paper, Select = 64 };

    /// <summary>
    /// What the methods and classifiers may see. <value>Default <see cref="EvaluationProtocol.Default"/>: training rows only.</value>
    /// </summary>
    public EvaluationProtocol Protocol { get; init; }

    /// <summary>Folds, each tested once by what was fitted on the others. <value>Default 5; 2 to 1000.</value></summary>
    public int Folds { get; init; } = 5;

    /// <summary>How often all folds are drawn anew. <value>Default 1; 1 to 1000.</value></summary>
    public int Repeats { get; init; } = 1;

    /// <summary>
    /// Classifiers of each kind that a method has in a fold; of more than one, each is trained on a bootstrap sample of the training rows,
    /// drawn by class and then resampled, and their probabilities are averaged. Every method gets the same samples.
    /// <value>Default 1, trained on the training rows themselves; 1 to 1000.</value>
    /// </summary>
    public int Replicates { get; init; } = 1;

    /// <summary>Features to keep, the most informative ones. <value>Default 0, all; 0 or more.</value></summary>
    public int Select { get; init; }

    /// <summary>What makes a feature informative. <value>Default mutual information.</value></summary>
    public FeatureScore SelectBy { get; init; }

    /// <summary>
    /// Inner folds of the training rows that decisions are tuned on; of more than 50,000 training rows one of these is.
    /// <value>Default 3; 2 to 1000.</value>
    /// </summary>
    public int TuningFolds { get; init; } = 3;

    /// <summary>
    /// Name of the measure that tuned decisions maximize. <value>Default f1_macro; one of f1_macro, balanced_accuracy, g_mean.</value>
    /// </summary>
    public string TuneFor { get; init; } = "f1_macro";

    /// <summary>
    /// The class that measures of a single class are about. <value>Default null: the rarest; reports of more than two classes then leave
    /// these measures out.</value>
    /// </summary>
    public string? PositiveClass { get; init; }

    /// <summary>
    /// Whether what a report shows of the rows themselves is measured as well: entropy, map, losses, fidelity and privacy of the fits that
    /// are scored on the first fold, and on every fold what classifiers learn from synthetic rows alone. <value>Default false.</value>
    /// </summary>
    public bool DescribeRows { get; init; }

    /// <summary>Seed of all random numbers. <value>Default 42.</value></summary>
    public ulong Seed { get; init; } = LeoModel.DefaultSeed;

    /// <summary>Fits at a time, each on one core. The result doesn't depend on it. <value>Default -1, all cores.</value></summary>
    public int MaxDegreeOfParallelism { get; init; } = -1;

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentException">A value is out of range; the message says which, what was given and what is allowed.</exception>
    public void Validate()
    {
        Fault.Unless(Enum.IsDefined(Protocol), nameof(Protocol), (int)Protocol, "Default or Paper");
        const int Most = 1000;
        Fault.Unless(Folds is >= 2 and <= Most, nameof(Folds), Folds, $"2 to {Most}");
        Fault.Unless(Repeats is >= 1 and <= Most, nameof(Repeats), Repeats, $"1 to {Most}");
        Fault.Unless(Replicates is >= 1 and <= Most, nameof(Replicates), Replicates, $"1 to {Most}");
        Fault.Unless(Select >= 0, nameof(Select), Select, "0 (all features) or more");
        Fault.Unless(Enum.IsDefined(SelectBy), nameof(SelectBy), (int)SelectBy, "MutualInformation or AnovaF");
        Fault.Unless(TuningFolds is >= 2 and <= Most, nameof(TuningFolds), TuningFolds, $"2 to {Most}");
        Fault.Unless(MaxDegreeOfParallelism is -1 or >= 1, nameof(MaxDegreeOfParallelism), MaxDegreeOfParallelism,
            "-1 (all cores) or 1 or more");
        Fault.Unless(TuneFor is "f1_macro" or "balanced_accuracy" or "g_mean", nameof(TuneFor), $"'{TuneFor}'",
            "f1_macro, balanced_accuracy or g_mean");
    }
}
