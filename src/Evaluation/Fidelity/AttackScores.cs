namespace LeoCvae.Evaluation;

/// <summary>
/// How well real rows can be taken out of synthetic ones: attacks, as an attacker would run them, with what they find in rows that nobody
/// was trained on beside them. Shares are of the training rows of the classes that got synthetic rows; NaN where there is nothing to
/// measure. Immutable.
/// </summary>
public sealed record AttackScores
{
    /// <summary>Share of the training rows that no other training row equals: these alone can be told, and are told of.</summary>
    public required double Alone { get; init; }

    /// <summary>How near all synthetic rows come to training rows.</summary>
    public required NearestRowShares Synthetic { get; init; }

    /// <summary>The same of as many synthetic rows of each class as there are held-out ones: more rows come nearer.</summary>
    public required NearestRowShares AsManySynthetic { get; init; }

    /// <summary>The same of held-out rows, taken as if they were synthetic: what new real rows would show.</summary>
    public required NearestRowShares Holdout { get; init; }

    /// <summary>
    /// ROC-AUC of the distance to the nearest synthetic row, telling training rows from held-out rows of their class; 0.5 tells nothing, 1
    /// tells all.
    /// </summary>
    public required double MembershipAuc { get; init; }

    /// <summary>
    /// The same of the distance to the mean of the class's training rows, the control: of few rows of many columns their mere mean tells
    /// which they are.
    /// </summary>
    public required double MeanMembershipAuc { get; init; }

    /// <summary>
    /// Share of the training rows of the smallest class that got synthetic rows through which two lines pass, each through three or more of
    /// up to 600 of these: where such lines meet is a real row of SMOTE. In numbers alone; NaN where there are none.
    /// </summary>
    public required double LinesRebuilt { get; init; }

    /// <summary>What the file of a model gives; null where there is none.</summary>
    public DecodeScores? Decode { get; init; }
}

/// <summary>Training rows that come too near; those that another training row repeats don't count.</summary>
/// <param name="Equal">
/// Share of training rows that come back: numbers to the seven digits of a standardized float, and all names.
/// </param>
/// <param name="WithinTenth">
/// Share of training rows to which a row of their class is nearer than 0.1 times their nearest other training row, of any class.
/// </param>
/// <param name="WithinHalf">The same within 0.5 times.</param>
public sealed record NearestRowShares(double Equal, double WithinTenth, double WithinHalf);

/// <summary>
/// All that a model's file tells of its rows: each seed decoded with all noise at 0. Medians over training rows, of the distance to what
/// should be the row over the distance to its nearest other training row. Immutable.
/// </summary>
/// <param name="Seeds">What a row's own seed gives; of a mixture, the component of its class that comes nearest.</param>
/// <param name="ClassMean">The mean of the class, which tells nothing of the row: the control.</param>
public sealed record DecodeScores(double Seeds, double ClassMean);
