using System.Text.Json.Serialization;

namespace LeoCvae;

/// <summary>
/// How rows are drawn from generator.onnx: all that a reader needs beside the weights of the seeds, which are its tensor (and output)
/// seed_weight. Immutable.
/// </summary>
public sealed record ManifestSampling
{
    /// <summary>What seeds are: training rows, or the components of a mixture; grouped by class.</summary>
    public required LatentPrior Prior { get; init; }

    /// <summary>
    /// First seed of each class, and the number of all seeds at the end: class c owns seeds ClassStarts[c] up to ClassStarts[c + 1].
    /// </summary>
    public required IReadOnlyList<int> ClassStarts { get; init; }

    /// <summary>Whether a class's seeds are spread evenly over its rows, rather than drawn independently.</summary>
    public required bool EvenSeeds { get; init; }

    /// <summary>Training rows that each component stands for; null where seeds are training rows.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<int>? ComponentRows { get; init; }

    /// <summary>
    /// r, the factors of the row noise, which is the width of the input factor_noise; 0 for a model without row noise, which has no such
    /// input and no column_noise.
    /// </summary>
    public required int NoiseFactors { get; init; }

    /// <summary>
    /// Uniform numbers that choose the categories and missing values of a row, which is the width of the input choice; 0 for a table of
    /// numbers of which none is missing, whose model has no such input.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Choices { get; init; }

    /// <summary>
    /// How often a row is drawn at most, until the output margin is 0 or more; 0 for a model whose rows are not checked, which has no such
    /// output.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Attempts { get; init; }
}
