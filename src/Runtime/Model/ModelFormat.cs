namespace LeoCvae;

/// <summary>Names that make up the model format: files, metadata keys, inputs and outputs of the networks.</summary>
static class ModelFormat
{
    public const string Generator = "generator.onnx", Decoder = "decoder.onnx", Encoder = "encoder.onnx", Reference = "reference.knn",
        Manifest = "model.json", Card = "MODEL_CARD.md";

    /// <summary>All that a model folder may hold; a folder with anything else is never replaced.</summary>
    public static readonly IReadOnlyList<string> Files = [Generator, Decoder, Encoder, Reference, Manifest, Card];

    /// <summary>Prefix of this library's metadata keys. Each top-level property of model.json is such a key, its value JSON.</summary>
    public const string Prefix = "leocvae.";

    public const string FormatVersion = Prefix + "format_version";

    /// <summary>generator, decoder or encoder.</summary>
    public const string Role = Prefix + "role";

    /// <summary>SHA-256 of the serialized GraphProto.</summary>
    public const string GraphHash = Prefix + "graph_sha256";

    /// <summary>SHA-256 over all other entries with the prefix, "key\0value\0" in ordinal order of the keys.</summary>
    public const string MetadataHash = Prefix + "metadata_sha256";

    /// <summary>In the generator, the root: SHA-256 of each other file, as a JSON object.</summary>
    public const string FileHashes = Prefix + "files_sha256";

    public const string Rows = "rows", Class = "class", Condition = "condition", Latent = "latent", Noise = "noise", Seed = "seed",
        Mu = "mu", LogVariance = "log_variance";

    /// <summary>Tensors of the seed bank; the last two are outputs too, so that any ONNX Runtime can read them.</summary>
    public const string SeedMu = "seed_mu", SeedSigma = "seed_sigma", SeedClass = "seed_class", SeedRow = "seed_row",
        SeedWeight = "seed_weight";
}
