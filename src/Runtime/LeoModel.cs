namespace LeoCvae;

/// <summary>
/// A fitted LEO-CVAE: generates rows, resamples tables, embeds and scores rows, in ONNX Runtime or on the library's own kernels. Immutable
/// and thread-safe; disposing while calls run is safe: they go on to their right end. What was loaded is all in memory: the folder may be
/// replaced or deleted. Everything random is a function of (seed, class, row): threads don't change a bit of it.
/// </summary>
public sealed partial class LeoModel : IDisposable
{
    readonly ModelPackage _package;
    readonly RuntimeOptions _options;
    readonly Generator _generator;
    readonly Lazy<IEncoderNetwork> _encoder;
    readonly Lifetime _lifetime;

    LeoModel(ModelPackage package, RuntimeOptions? options)
    {
        _package = package;
        options ??= new();
        options.Validate();
        Schema = new(Manifest.Schema.Columns, Manifest.Schema.Target, Manifest.Classes, Manifest.Schema.TargetIndex);
        (_options, IGeneratorNetwork generator, DeviceFallback) = options.Device == RuntimeOptions.Auto ? OpenAnywhere(options)
            : (options, OpenGenerator(options), null);
        _generator = new(generator, Seeds, Manifest.Sampling.EvenSeeds, Manifest.LatentSize,
            OnnxNetwork.BatchRows(Schema.Columns.Count), Manifest.Sampling.Attempts);
        _encoder = new(OpenEncoder);
        _lifetime = new(nameof(LeoModel), Free);
    }

    /// <summary>Columns and classes of the table that the model was fitted on.</summary>
    public TableSchema Schema { get; }

    /// <summary>Options, provenance, and how rows are drawn.</summary>
    public ModelManifest Manifest => _package.Manifest;

    /// <summary>
    /// Why the model runs on the CPU where <see cref="RuntimeOptions.Device"/> is "auto"; null where it runs on CUDA, or nothing was left
    /// open.
    /// </summary>
    public string? DeviceFallback { get; }

    internal SeedBank Seeds => _package.Seeds;

    /// <summary>The model's files, by name in ordinal order.</summary>
    public IReadOnlyList<(string Name, long Bytes, string Sha256)> Files => _package.Files;

    /// <summary>Whether the model keeps its training rows, which scoring, and embedding rows without labels, need.</summary>
    public bool HasReference => _package.HasReference;

    /// <summary>Loads a model folder, or a generator.onnx alone (which can generate, but not embed).</summary>
    /// <exception cref="FileNotFoundException">Nothing is at the path.</exception>
    /// <exception cref="InvalidDataException">A file is missing, damaged, changed or of another format version.</exception>
    public static LeoModel Load(string path, RuntimeOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new(ModelPackage.Read(path), options);
    }

    /// <summary>A model from files in memory, by name; generator.onnx is enough to generate.</summary>
    /// <exception cref="InvalidDataException">generator.onnx is missing, or a file is damaged.</exception>
    public static LeoModel FromFiles(IReadOnlyDictionary<string, byte[]> files, RuntimeOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(files);
        return new(ModelPackage.Open(files, "in memory"), options);
    }

    /// <summary>The same model, evaluated otherwise; each is disposed of by itself.</summary>
    internal LeoModel EvaluatedBy(RuntimeOptions options) => new(_package, options);

    /// <summary>Writes the model folder, whole or not at all.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="overwrite">Whether a model folder that is there already, with nothing else in it, is replaced.</param>
    /// <param name="cancellation">Stops the writing; what was there before stays.</param>
    /// <exception cref="IOException">The place is taken or can't be written.</exception>
    /// <exception cref="InvalidOperationException">The model was loaded from its generator alone.</exception>
    public void Save(string folder, bool overwrite = false, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        using Lifetime.Use use = _lifetime.Enter();
        _package.Write(folder, overwrite, cancellation);
    }

    /// <summary>Fails early, before long work, where <see cref="Save"/> would refuse a folder in the end.</summary>
    /// <exception cref="IOException">The place is taken.</exception>
    public static void RequireFree(string folder, bool overwrite = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ModelPackage.RequireFree(folder, overwrite);
    }

    /// <summary>
    /// Ends the model: running calls go on to their right end, and what the model holds is freed with the last of them; calls that begin
    /// later throw <see cref="ObjectDisposedException"/>. So a server may swap models under load and dispose of the old one at once.
    /// </summary>
    public void Dispose() => _lifetime.End();

    void Free()
    {
        _generator.Dispose();
        if (_encoder.IsValueCreated)
            _encoder.Value.Dispose();
    }

    // The table in the model's categories; labels are compared where they count.
    Table RequireSameColumns(Table table, bool withLabels)
    {
        ArgumentNullException.ThrowIfNull(table);
        return table.As(Schema, withLabels, nameof(table), "the table doesn't fit the model: ");
    }
}
