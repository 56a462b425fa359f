using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace LeoCvae;

/// <summary>
/// The files of a model in memory, checked: format version, hashes of graphs, metadata and files, and a manifest that
/// agrees with itself. generator.onnx is the root, it names the others. The folder that they were read from is not looked at again.
/// Immutable.
/// </summary>
sealed class ModelPackage
{
    // Far more than people write into a card; the others are bounded by what an array holds.
    const long MostCardBytes = 1 << 26;

    // All but the reference.
    readonly Dictionary<string, byte[]> _files;
    readonly IReadOnlyDictionary<string, string> _hashes;

    ModelPackage(
        IReadOnlyDictionary<string, byte[]> files, ReferenceRows? reference, long referenceBytes,
        IReadOnlyDictionary<string, string> hashes, ModelManifest manifest, SeedBank seeds)
    {
        _files = files.Where(file => file.Key != ModelFormat.Reference).ToDictionary(StringComparer.Ordinal);
        (Reference, _hashes, Manifest, Seeds) = (reference, hashes, manifest, seeds);
        // Where a file has a hash, it was found right.
        IEnumerable<(string, long, string)> list = _files.Select(file =>
            (file.Key, file.Value.LongLength, hashes.GetValueOrDefault(file.Key) ?? Hash(file.Value)));
        if (reference is not null)
            list = list.Append((ModelFormat.Reference, referenceBytes, hashes.GetValueOrDefault(ModelFormat.Reference)
                ?? Hash(files[ModelFormat.Reference])));
        Files = [.. list.OrderBy(file => file.Item1, StringComparer.Ordinal)];
    }

    public ModelManifest Manifest { get; }

    public SeedBank Seeds { get; }

    /// <summary>Names, lengths and hashes, in ordinal order of the names.</summary>
    public IReadOnlyList<(string Name, long Bytes, string Sha256)> Files { get; }

    public byte[]? Content(string name) => _files.GetValueOrDefault(name);

    /// <summary>Whether the model keeps its training rows.</summary>
    public bool HasReference => _hashes.ContainsKey(ModelFormat.Reference);

    /// <summary>The training rows that the model keeps; null where they were left behind.</summary>
    public ReferenceRows? Reference { get; }

    /// <summary>Reads a model folder, all files that its root names; or a generator.onnx alone.</summary>
    public static ModelPackage Read(string path)
    {
        if (FilePlace.Kind(path) == FileKind.Missing)
            AtomicFolder.Recover(path, ModelFormat.Files);
        FileKind kind = FilePlace.Kind(path);
        if (kind != FileKind.Folder)
        {
            if (kind == FileKind.Missing)
                throw new FileNotFoundException($"model '{path}': no such folder or file", path);
            byte[] alone = PlainFile.Read(path, Called(path), Array.MaxLength);
            return Open(new Dictionary<string, byte[]> { [ModelFormat.Generator] = alone }, null,
                Inspect(ModelFormat.Generator, alone, Called(path)), path);
        }
        Dictionary<string, byte[]> files = [];
        void ReadFile(string name) =>
            files[name] = PlainFile.Read(Path.Combine(path, name), Called(path, name),
                name == ModelFormat.Card ? MostCardBytes : Array.MaxLength);
        ReadFile(ModelFormat.Generator);
        OnnxFile generator = Inspect(ModelFormat.Generator, files[ModelFormat.Generator], Called(path, ModelFormat.Generator));
        foreach (string name in FileHashes(generator).Keys)
            if (name != ModelFormat.Reference)
                ReadFile(name);
        // The card is for people to edit, so it has no hash and may be gone.
        if (FilePlace.Kind(Path.Combine(path, ModelFormat.Card)) != FileKind.Missing)
            ReadFile(ModelFormat.Card);
        if (!FileHashes(generator).ContainsKey(ModelFormat.Reference))
            return Open(files, null, generator, path);
        using FileStream reference = PlainFile.Open(Path.Combine(path, ModelFormat.Reference), Called(path, ModelFormat.Reference),
            long.MaxValue);
        return Open(files, reference, generator, path);
    }

    /// <summary>Checks files that are in memory. Only the generator must be there; a file that it names is checked if given.</summary>
    public static ModelPackage Open(IReadOnlyDictionary<string, byte[]> files, string where)
    {
        if (!files.TryGetValue(ModelFormat.Generator, out byte[]? root))
            throw new InvalidDataException($"model '{where}': {ModelFormat.Generator} is missing");
        return Open(files, null, Inspect(ModelFormat.Generator, root, Called(where, ModelFormat.Generator)), where);
    }

    static ModelPackage Open(IReadOnlyDictionary<string, byte[]> files, Stream? reference, OnnxFile generator, string where)
    {
        Dictionary<string, string> hashes = FileHashes(generator);
        foreach ((string name, byte[] bytes) in files)
        {
            if (!IsPlainName(name))
                throw new InvalidDataException($"model '{where}': got a file named '{name}', expected a plain file name");
            if (hashes.TryGetValue(name, out string? expected))
                RequireHash(where, name, Hash(bytes), expected);
            if (name != ModelFormat.Generator && name.EndsWith(".onnx", StringComparison.Ordinal))
                Inspect(name, bytes, Called(where, name));
        }
        ModelManifest manifest;
        try
        {
            manifest = ManifestJson.FromMetadata(generator.Metadata);
        }
        catch (JsonException e)
        {
            throw generator.Damaged(e.Message);
        }
        SeedBank seeds = Check(manifest, generator);
        if (files.TryGetValue(ModelFormat.Reference, out byte[]? kept))
            reference = new MemoryStream(kept);
        ReferenceRows? rows = reference is null ? null
            : ReadReference(reference, manifest, hashes.GetValueOrDefault(ModelFormat.Reference), where);
        return new(files, rows, reference?.Length ?? 0, hashes, manifest, seeds);
    }

    // What is kept is what was hashed.
    static ReferenceRows ReadReference(Stream file, ModelManifest manifest, string? hash, string where)
    {
        using HashedReader hashed = new(file);
        ReferenceRows rows;
        try
        {
            TableSchema schema = new(manifest.Schema.Columns, manifest.Schema.Target, manifest.Classes, manifest.Schema.TargetIndex);
            rows = ReferenceRows.Load(hashed, schema, manifest.Provenance.Rows);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"model '{where}': {e.Message}; the file was changed or damaged", e);
        }
        if (hash is not null)
            RequireHash(where, ModelFormat.Reference, hashed.Sha256, hash);
        return rows;
    }

    static void RequireHash(string where, string name, string got, string expected)
    {
        if (got != expected)
            throw new InvalidDataException($"model '{where}': {name}: got SHA-256 {got[..12]}..., expected " +
                $"{expected[..Math.Min(12, expected.Length)]}...; the file was changed or damaged");
    }

    /// <summary>Writes all files into a new folder beside the wanted one and renames it: whole or not at all.</summary>
    public void Write(string folder, bool overwrite, CancellationToken cancellation)
    {
        if (_hashes.Keys.FirstOrDefault(name => !_files.ContainsKey(name) && !(name == ModelFormat.Reference && Reference is not null))
            is string absent)
            throw new InvalidOperationException($"the model was loaded without its {absent}; load the whole folder to save it");
        RequireFree(folder, overwrite);
        List<(string Name, Action<Stream> Write)> files = [.. _files.Select(file =>
            (file.Key, (Action<Stream>)(stream => stream.Write(file.Value))))];
        if (Reference is not null)
            files.Add((ModelFormat.Reference, Reference.Save));
        AtomicFolder.Write(folder, ModelFormat.Files, place => RequireReplaceable(place, folder), files, cancellation);
    }

    /// <summary>Only a model folder with nothing else in it is replaced, and only where that is allowed.</summary>
    public static void RequireFree(string folder, bool overwrite)
    {
        AtomicFolder.Recover(folder, ModelFormat.Files);
        FileKind kind = FilePlace.Kind(folder);
        if (kind == FileKind.Missing)
            return;
        if (!overwrite)
            throw new IOException($"'{folder}' exists already; choose another place or allow overwriting");
        if (kind != FileKind.Folder)
            throw NoModel(folder);
        RequireReplaceable(folder, folder);
    }

    // An empty folder, or one that holds a model of this library and nothing else, not even behind a link of a file's name.
    static void RequireReplaceable(string folder, string shown)
    {
        const int Tries = 5;
        for (int left = Tries; ; left--)
            try
            {
                CheckReplaceable(folder, shown);
                return;
            }
            catch (IOException) when (left > 1)
            {
                // Another process may just have put a new model there, and be deleting the one that was looked at.
            }
    }

    static void CheckReplaceable(string folder, string shown)
    {
        string[] names = [.. Directory.EnumerateFileSystemEntries(folder).Select(entry => Path.GetFileName(entry))];
        if (names.Length > 0 && !names.Contains(ModelFormat.Generator))
            throw NoModel(shown);
        foreach (string name in names.Order(StringComparer.Ordinal))
        {
            string file = Path.Combine(folder, name);
            if (!ModelFormat.Files.Contains(name))
                throw new IOException($"'{shown}' holds '{name}', which is no file of a model; it is not overwritten");
            if (FilePlace.IsLink(file) || FilePlace.Kind(file) != FileKind.File)
                throw new IOException($"'{shown}' holds '{name}', which is a folder, a link or a device rather than a file; it is not " +
                    $"overwritten");
            if (name == ModelFormat.Generator && !NamesThisLibrary(file))
                throw NoModel(shown);
        }
    }

    // In the file's producer and in the keys of its metadata; a file that is damaged counts too.
    static bool NamesThisLibrary(string generator) => File.ReadAllBytes(generator).AsSpan().IndexOf("leocvae"u8) >= 0;

    static IOException NoModel(string folder) => new($"'{folder}' is not a model folder; it is not overwritten");

    public static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    public static string HashMetadata(IEnumerable<KeyValuePair<string, string>> metadata)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach ((string key, string value) in metadata.OrderBy(entry => entry.Key, StringComparer.Ordinal))
            if (key.StartsWith(ModelFormat.Prefix, StringComparison.Ordinal) && key != ModelFormat.MetadataHash)
                hash.AppendData(Encoding.UTF8.GetBytes($"{key}\0{value}\0"));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    // What messages call a model, or a file of it.
    static string Called(string model, string? file = null) => file is null ? $"model '{model}'" : $"model '{model}': {file}";

    static OnnxFile Inspect(string name, byte[] bytes, string called)
    {
        OnnxFile file = new(called, bytes);
        string Entry(string key) => file.Metadata.TryGetValue(key, out string? value) ? value
            : throw file.Damaged($"no '{key}' in its metadata: not a LeoCvae model, or truncated");
        string version = Entry(ModelFormat.FormatVersion);
        if (!int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number
            is < ModelManifest.OldestFormatVersion or > ModelManifest.CurrentFormatVersion)
            throw file.Damaged($"got format version {version}, this release reads {Versions}; " +
                $"{(number is > 0 and < ModelManifest.OldestFormatVersion ? "fit the model again" : "a newer release may read it")}");
        if (Entry(ModelFormat.Role) + ".onnx" != name)
            throw file.Damaged($"got the role '{Entry(ModelFormat.Role)}', expected '{Path.GetFileNameWithoutExtension(name)}'");
        if (Hash(file.Graph.Span) != Entry(ModelFormat.GraphHash))
            throw file.Damaged("the hash of its graph is wrong; the file was changed or damaged");
        if (HashMetadata(file.Metadata) != Entry(ModelFormat.MetadataHash))
            throw file.Damaged("the hash of its metadata is wrong; the file was changed or damaged");
        file.RequireFinite();
        return file;
    }

    // A plain file of the folder: no path may lead out of it.
    static bool IsPlainName(string name) => name == Path.GetFileName(name) && name.Length > 0 && name is not ("." or "..");

    static Dictionary<string, string> FileHashes(OnnxFile generator)
    {
        const string FilesKey = "files_sha256";
        try
        {
            using JsonDocument json = ManifestJson.Parse(FilesKey, Encoding.UTF8.GetBytes(generator.Metadata.GetValueOrDefault(
                ModelFormat.FileHashes, "null")));
            if (JsonShape.Misfit(json.RootElement, ManifestJson.Default.DictionaryStringString, FilesKey) is (string key, string what))
                throw generator.Damaged($"its list of files, '{key}': {what}");
            Dictionary<string, string> hashes = json.Deserialize(ManifestJson.Default.DictionaryStringString)!;
            return hashes.Keys.FirstOrDefault(name => !IsPlainName(name)) is string odd
                ? throw generator.Damaged($"its list of files: got '{odd}', expected a plain file name")
                : hashes;
        }
        catch (JsonException e)
        {
            throw generator.Damaged($"its list of files, {e.Message}");
        }
    }

    static string Versions => ModelManifest.OldestFormatVersion == ModelManifest.CurrentFormatVersion
        ? $"version {ModelManifest.CurrentFormatVersion}"
        : $"versions {ModelManifest.OldestFormatVersion} to {ModelManifest.CurrentFormatVersion}";

    // Returns the seeds that were checked.
    static SeedBank Check(ModelManifest manifest, OnnxFile generator)
    {
        const int Shown = 8, MostAttempts = 1000;
        try
        {
            _ = new TableSchema(manifest.Schema.Columns, manifest.Schema.Target, manifest.Classes, manifest.Schema.TargetIndex);
        }
        catch (ArgumentException e)
        {
            string key = e.ParamName switch
            {
                "target" => "schema.target",
                "targetIndex" => "schema.target_index",
                "columns" => "schema.columns",
                _ => "classes"
            };
            throw generator.Damaged($"'{key}' of its manifest: {Fault.Text(e)}");
        }
        ManifestProvenance made = manifest.Provenance;
        foreach ((bool isRight, string key, object? got, string expected) in ((bool, string, object?, string)[])
        [
            (manifest.LatentSize >= 1, "latent_size", manifest.LatentSize, "1 or more"),
            (made.Rows >= 1, "provenance.rows", made.Rows, "1 or more"),
            (made.ClassCounts.Sum(count => (long)count) == made.Rows, "provenance.class_counts",
                made.ClassCounts.Sum(count => (long)count), $"{made.Rows} rows in all"),
            (made.ClassCounts.Count == manifest.Classes.Count && made.ClassCounts.All(rows => rows >= 1), "provenance.class_counts",
                $"[{string.Join(", ", made.ClassCounts.Take(Shown))}]", $"1 or more rows of each of {manifest.Classes.Count} classes"),
            (made.Paper is not null, "provenance.paper", "nothing", "a text"),
            (made.NearCopiesWithinHalf is >= 0 and <= 1, "provenance.near_copies_within_half", made.NearCopiesWithinHalf, "a share"),
            (made.NearCopiesWithinTenth is >= 0 and <= 1, "provenance.near_copies_within_tenth", made.NearCopiesWithinTenth, "a share"),
            (made.NearCopiesOfFewRecords.All(c => c >= 0 && c < manifest.Classes.Count), "provenance.near_copies_of_few_records",
                $"[{string.Join(", ", made.NearCopiesOfFewRecords.Take(Shown))}]", $"indices of its {manifest.Classes.Count} classes"),
            (Enum.IsDefined(manifest.Sampling.Prior), "sampling.prior", manifest.Sampling.Prior, "Seeds or Mixture"),
            (manifest.Sampling.NoiseFactors >= 0, "sampling.noise_factors", manifest.Sampling.NoiseFactors, "0 or more"),
            (manifest.Sampling.Choices >= 0, "sampling.choices", manifest.Sampling.Choices, "0 or more"),
            (manifest.Sampling.Attempts is >= 0 and <= MostAttempts && manifest.Sampling.Attempts > 0
                == generator.HasInitializer(ClassCheck.LeastTensor), "sampling.attempts", manifest.Sampling.Attempts,
                generator.HasInitializer(ClassCheck.LeastTensor) ? $"1 to {MostAttempts}" : "none"),
            (made.MeanEntropyBits is >= 0 and <= double.MaxValue, "provenance.mean_entropy_bits", made.MeanEntropyBits, "0 or more"),
            (double.IsFinite(made.BestValidationLoss), "provenance.best_validation_loss", made.BestValidationLoss, "a finite number"),
            (made.Epochs >= 1, "provenance.epochs", made.Epochs, "1 or more"),
            (made.BestEpoch >= 1 && made.BestEpoch <= made.Epochs, "provenance.best_epoch", made.BestEpoch, $"1 to {made.Epochs}"),
            (made.DataSha256.Length == 64 && made.DataSha256.All(char.IsAsciiHexDigitLower), "provenance.data_sha256", made.DataSha256,
                "64 hexadecimal digits"),
        ])
            if (!isRight)
                throw generator.Damaged(string.Create(CultureInfo.InvariantCulture,
                    $"'{key}' of its manifest: got {got}, expected {expected}"));
        foreach (RowConstraint constraint in manifest.Constraints ?? [])
            if (RowCoherence.Misfit(constraint, manifest.Schema.Columns) is string misfit)
                throw generator.Damaged($"'constraints' of its manifest: {misfit}");
        if (RepairPlan.Conflict(manifest.Schema.Columns, manifest.Constraints ?? []) is string conflict)
            throw generator.Damaged($"'constraints' of its manifest: {conflict}");
        double[] weights = generator.Initializer<double>(ModelFormat.SeedWeight);
        bool areRows = manifest.Sampling.Prior == LatentPrior.Seeds;
        long[] seedRows = areRows ? generator.Initializer<long>(ModelFormat.SeedRow) : [];
        (int count, IReadOnlyList<int> starts) = (weights.Length, manifest.Sampling.ClassStarts);
        if (starts.Count != manifest.Classes.Count + 1 || starts[0] != 0 || starts[^1] != count || starts.Zip(starts.Skip(1))
            .Any(pair => pair.First >= pair.Second))
            throw generator.Damaged(string.Create(CultureInfo.InvariantCulture,
                $"'sampling.class_starts' of its manifest: its seeds don't fit its {manifest.Classes.Count} classes; expected " +
                    $"{manifest.Classes.Count + 1} numbers that ascend from 0 to {count}"));
        IReadOnlyList<int>? componentRows = manifest.Sampling.ComponentRows;
        if (areRows ? componentRows is not null : componentRows?.Count != count || componentRows.Any(held => held < 1))
            throw generator.Damaged($"'sampling.component_rows' of its manifest: expected {(areRows ? "none with the prior Seeds"
                : $"1 or more rows of each of {count} components")}");
        if (weights.Any(weight => !(weight > 0)))
            throw generator.Damaged($"its tensor '{ModelFormat.SeedWeight}' holds a number that isn't greater than 0");
        if (areRows && (seedRows.Length != count || seedRows.Any(row => row < 0 || row >= made.Rows)))
            throw generator.Damaged($"its tensor '{ModelFormat.SeedRow}' doesn't name a training row for each of {count} seeds");
        if (generator.InitializerShape(ModelFormat.SeedMu) is not [long rows, long latent] || rows != count
            || latent != manifest.LatentSize)
            throw generator.Damaged($"its tensor '{ModelFormat.SeedMu}' isn't {count} x {manifest.LatentSize}, as its seeds and " +
                $"'latent_size' of its manifest say");
        (int factors, int classes, int width) = (manifest.Sampling.NoiseFactors, manifest.Classes.Count,
            manifest.Schema.Columns.Count(FeatureLayout.IsNumber));
        long[]? loadings = generator.InitializerShape(NoiseTensors.LoadingsName);
        if (factors == 0 ? loadings is not null
            : loadings is not [long loadingRows, long columns] || loadingRows != (long)classes * factors || columns != width)
            throw generator.Damaged(
                $"its tensor '{NoiseTensors.LoadingsName}' isn't what 'sampling.noise_factors' of its manifest, {factors}, says");
        return new(starts, seedRows, weights, componentRows);
    }
}
