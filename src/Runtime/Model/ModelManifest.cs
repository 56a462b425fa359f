using System.Text.Json;

namespace LeoCvae;

/// <summary>What a model says of itself, in ONNX metadata and in model.json. Immutable.</summary>
public sealed record ModelManifest
{
    /// <summary>The format that this library writes, and the newest that it reads.</summary>
    public const int CurrentFormatVersion = 1;

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

    /// <summary>The seed bank's index.</summary>
    public required ManifestSeeds Seeds { get; init; }

    // Factor of the residuals that rows added to the training table carry; a model without the option was fitted without.
    internal double ResidualScale => Options.TryGetProperty("residual_scale", out JsonElement value) && value.TryGetDouble(out double scale) ? scale : 0;

    // Whether seeds are chosen evenly; a model without the option chooses by independent draws.
    internal bool EvenSeeds => Options.TryGetProperty("even_seeds", out JsonElement value) && value.ValueKind == JsonValueKind.True;

    // k of the fit.
    internal int EntropyNeighbors => Options.TryGetProperty("entropy_neighbors", out JsonElement value) && value.TryGetInt32(out int k) && k > 0 ? k : LocalEntropy.DefaultNeighbors;

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

    /// <summary>What had to be adapted to the data, in sentences.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}

/// <summary>The seed bank's index: seeds are the training rows, grouped by class. Class c owns seeds Starts[c] up to Starts[c + 1].</summary>
public sealed record ManifestSeeds
{
    /// <summary>First seed of each class, and the number of all seeds at the end.</summary>
    public required IReadOnlyList<int> Starts { get; init; }

    /// <summary>Row number of each seed in the training table, from 0.</summary>
    public required IReadOnlyList<int> Rows { get; init; }

    /// <summary>Selection weight of each seed, (1 + H)^gamma; a class's seeds are chosen in proportion to it.</summary>
    public required IReadOnlyList<double> Weights { get; init; }
}
