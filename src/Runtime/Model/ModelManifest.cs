using System.Text.Json;
using System.Text.Json.Serialization;

namespace LeoCvae;

/// <summary>What a model says of itself, in ONNX metadata and in model.json. Immutable.</summary>
public sealed record ModelManifest
{
    /// <summary>The format that this library writes, and the newest that it reads.</summary>
    public const int CurrentFormatVersion = 3;

    /// <summary>The oldest format that this library reads.</summary>
    public const int OldestFormatVersion = 3;

    /// <summary>Version of the folder's format.</summary>
    public int FormatVersion { get; init; } = CurrentFormatVersion;

    /// <summary>The training table's columns.</summary>
    public required ManifestSchema Schema { get; init; }

    /// <summary>Class names; a class index in the networks points into this list.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>Size of the latent space, L.</summary>
    public required int LatentSize { get; init; }

    /// <summary>The training options, as written by the trainer.</summary>
    public required JsonElement Options { get; init; }

    /// <summary>What the model was made from and with.</summary>
    public required ManifestProvenance Provenance { get; init; }

    /// <summary>How rows are drawn.</summary>
    public required ManifestSampling Sampling { get; init; }

    /// <summary>What holds in every row, in the order in which generator.onnx sees to it; null where nothing was found.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<RowConstraint>? Constraints { get; init; }

    /// <summary>The manifest as indented JSON, the content of model.json.</summary>
    public string ToJson() => ManifestJson.ToText(this);
}

/// <summary>The columns of the table that a model was fitted on.</summary>
public sealed record ManifestSchema
{
    /// <summary>Name of the label column.</summary>
    public required string Target { get; init; }

    /// <summary>Place of the label column among all columns of a file, from 0.</summary>
    public required int TargetIndex { get; init; }

    /// <summary>Feature columns in order.</summary>
    public required IReadOnlyList<ColumnSpec> Columns { get; init; }
}

/// <summary>What a model was made from and with.</summary>
public sealed record ManifestProvenance
{
    /// <summary>Name and version of the library that fitted the model.</summary>
    public required string Producer { get; init; }

    /// <summary>The published method.</summary>
    public string Paper { get; init; } = "arXiv:2509.25334";

    /// <summary>The engine that fitted the network.</summary>
    public required string Engine { get; init; }

    /// <summary>Rows of the training table.</summary>
    public required int Rows { get; init; }

    /// <summary>Rows of each class in the training table, in the order of the classes.</summary>
    public required IReadOnlyList<int> ClassCounts { get; init; }

    /// <summary>SHA-256 of the training table: names, then values and class indices, little-endian, row by row.</summary>
    public required string DataSha256 { get; init; }

    /// <summary>Mean local entropy of the training rows, in bits.</summary>
    public required double MeanEntropyBits { get; init; }

    /// <summary>Epochs that ran.</summary>
    public required int Epochs { get; init; }

    /// <summary>The epoch whose weights were kept, from 1.</summary>
    public required int BestEpoch { get; init; }

    /// <summary>Validation loss at that epoch.</summary>
    public required double BestValidationLoss { get; init; }

    /// <summary>
    /// Share of generated rows that are near-copies of training rows, and those within a tenth of the median distance: see
    /// <see cref="NearCopies"/>.
    /// Measured on some rows of every class.
    /// </summary>
    public required double NearCopiesWithinHalf { get; init; }

    /// <summary>The same within a tenth of it.</summary>
    public required double NearCopiesWithinTenth { get; init; }

    /// <summary>
    /// Classes (indices) of at most <see cref="NearCopies.FewRecords"/> rows whose generated rows are near-copies of them.
    /// </summary>
    public required IReadOnlyList<int> NearCopiesOfFewRecords { get; init; }

    /// <summary>What had to be adapted to the data, in sentences.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}
