using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;

namespace LeoCvae.Training;

/// <summary>What a fit goes on from after an epoch: the engine's state, the best weights so far, and the epochs that ran.</summary>
sealed record TrainingState(EngineState Engine, CvaeWeights Best, IReadOnlyList<TrainingProgress> History);

/// <summary>
/// A fit's checkpoint file: a mark, the format's version, what the fit is (library, data, groups, options), its state,
/// and the SHA-256 of all that.
/// Written beside its place and renamed. A lock beside it, .NAME.leocvae.lock, which ends with the process, keeps a second run from it. Not
/// thread-safe.
/// </summary>
sealed class TrainingCheckpoint : IDisposable
{
    const ulong Mark = 0x54504B436F654C00; // "\0LeoCkPT"
    const int Version = 1;
    const string Data = "data", Groups = "groups";
    const int HeaderSize = sizeof(ulong) + sizeof(int), EpochSize = 4 * sizeof(double) + sizeof(bool);

    // Of a fit of other options, which is told from this one by reading it.
    const long MostOtherBytes = 1L << 32;

    readonly string _path, _identity;
    readonly FileStream _lock;

    TrainingCheckpoint(string path, string identity, int interval, FileStream held) =>
        (_path, _identity, Interval, _lock) = (path, identity, interval, held);

    /// <summary>Epochs from one writing to the next.</summary>
    public int Interval { get; }

    /// <summary>What was read; null where the fit begins anew.</summary>
    public TrainingState? State { get; private init; }

    /// <summary>Reads the file where there is one; null where the options name none.</summary>
    /// <exception cref="InvalidDataException">The file is no checkpoint, is damaged, or is another fit's.</exception>
    /// <exception cref="DirectoryNotFoundException">Its folder doesn't exist.</exception>
    public static TrainingCheckpoint? Open(TrainingOptions options, Table table, int[]? groups, CvaeShape shape)
    {
        if (options.Checkpoint is not string path)
            return null;
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is string folder && !Directory.Exists(folder))
            throw new DirectoryNotFoundException($"checkpoint '{path}' can't be written: folder '{folder}' doesn't exist");
        string fit = JsonSerializer.Serialize(options, OptionsJson.Default.TrainingOptions);
        string identity = $"{{\"library\":\"{Producer.Name}\",\"{Data}\":\"{table.Sha256()}\",\"{Groups}\":\"{Hash(groups)}\",{fit[1..]}";
        FileStream held = Lock(path);
        try
        {
            RequireOurs(path);
            // What a kill in the middle of a writing left behind.
            Leftovers.DeleteFiles(FilePlace.Resolve(path));
            return new(path, identity, options.CheckpointInterval, held)
            {
                State = FilePlace.Kind(path) == FileKind.Missing ? null : Read(path, identity, shape, options.MaxEpochs)
            };
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    // Nothing where each row stands for itself.
    static string Hash(int[]? groups) =>
        groups is null ? "" : Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(groups.AsSpan())));

    /// <summary>Deletes the file, if there is one and it is a checkpoint; a symbolic link to it stays.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public static void Delete(string path)
    {
        RequireOurs(path);
        File.Delete(FilePlace.Resolve(path));
    }

    /// <summary>Lets others have the file.</summary>
    public void Dispose() => _lock.Dispose();

    /// <summary>Replaces the file.</summary>
    public void Write(TrainingState state, CancellationToken cancellation)
    {
        // Somebody may have put something else there since.
        RequireOurs(_path);
        AtomicFile.Write(_path, overwrite: true, stream =>
        {
            using SHA256 hash = SHA256.Create();
            using (CryptoStream hashed = new(stream, hash, CryptoStreamMode.Write, leaveOpen: true))
            using (BinaryWriter writer = new(hashed))
                Write(writer, state);
            stream.Write(hash.Hash);
        }, cancellation);
    }

    // One run at a time: a killed run's lock is left, but not locked.
    static FileStream Lock(string path)
    {
        string target = FilePlace.Resolve(path),
            name = Path.Combine(Path.GetDirectoryName(target)!, $".{Path.GetFileName(target)}.leocvae.lock");
        try
        {
            return new(name, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException(FilePlace.Kind(name) == FileKind.File
                ? $"checkpoint '{path}' is in use by another run; give another file"
                : $"checkpoint '{path}' can't be written: no new file can be created beside it", e);
        }
    }

    // Nothing but a checkpoint is ever read as one, replaced or deleted.
    static void RequireOurs(string path)
    {
        FileKind kind = FilePlace.Kind(path);
        if (kind == FileKind.Missing)
            return;
        Span<byte> first = stackalloc byte[sizeof(ulong)];
        if (kind == FileKind.File)
        {
            using FileStream file = File.OpenRead(path);
            if (file.ReadAtLeast(first, first.Length, throwOnEndOfStream: false) == first.Length && BitConverter.ToUInt64(first) == Mark)
                return;
        }
        throw new InvalidDataException($"'{path}' is no checkpoint of a fit, or is cut short; it is left alone");
    }

    void Write(BinaryWriter writer, TrainingState state)
    {
        writer.Write(Mark);
        writer.Write(Version);
        writer.Write(_identity);
        writer.Write(state.Engine.Step);
        writer.Write(state.History.Count);
        foreach (TrainingProgress epoch in state.History)
        {
            writer.Write(epoch.TrainLoss);
            writer.Write(epoch.TrainReconstruction);
            writer.Write(epoch.TrainKld);
            writer.Write(epoch.ValidationLoss);
            writer.Write(epoch.IsBest);
        }
        foreach (float[] values in Arrays(state))
            writer.Write(MemoryMarshal.AsBytes(values.AsSpan()));
    }

    static TrainingState Read(string path, string identity, CvaeShape shape, int maxEpochs)
    {
        using FileStream file = File.OpenRead(path);
        using BinaryReader reader = new(file);
        if (file.Length < HeaderSize + SHA256.HashSizeInBytes || reader.ReadUInt64() != Mark)
            throw new InvalidDataException($"'{path}' is no checkpoint of a fit, or is cut short");
        if (reader.ReadInt32() is int version and not Version)
            throw new InvalidDataException($"checkpoint '{path}' has format version {version}, expected {Version}: another release wrote " +
                $"it");
        TrainingState state = new(new(0, CvaeWeights.Zeros(shape), CvaeWeights.Zeros(shape), CvaeWeights.Zeros(shape)),
            CvaeWeights.Zeros(shape), []);
        long bytes = sizeof(float) * Arrays(state).Sum(values => values.LongLength),
            most = EpochSize * (long)maxEpochs + bytes + MostOtherBytes;
        if (file.Length > most)
            throw Damaged(path, $"got {file.Length} bytes, expected at most {most}");
        RequireHash(file, path);
        file.Position = HeaderSize;
        try
        {
            RequireIdentity(reader.ReadString(), identity, path);
            int step = reader.ReadInt32(), epochs = reader.ReadInt32();
            if (step < 0 || epochs < 1 || epochs > maxEpochs)
                throw Damaged(path, $"got {epochs} epochs and {step} steps, expected 1 to {maxEpochs} epochs");
            long expected = file.Position + (long)EpochSize * epochs + bytes + SHA256.HashSizeInBytes;
            if (file.Length != expected)
                throw Damaged(path, $"got {file.Length} bytes, expected {expected}");
            TrainingProgress[] history = new TrainingProgress[epochs];
            for (int i = 0; i < history.Length; i++)
            {
                history[i] = new(i + 1, maxEpochs, Loss(), Loss(), Loss(), Loss(), reader.ReadBoolean());
                double Loss() => reader.ReadDouble() is double loss && double.IsFinite(loss) ? loss
                    : throw Damaged(path, $"a loss of epoch {i + 1} is no finite number");
            }
            if (!history[0].IsBest)
                throw Damaged(path, $"its first epoch is not the best until then");
            foreach (float[] values in Arrays(state))
            {
                file.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
                if (values.AsSpan().ContainsAnyExceptInRange(-float.MaxValue, float.MaxValue))
                    throw Damaged(path, $"a weight is no finite number");
            }
            if (Arrays(state.Engine.Squares).Any(values => values.AsSpan().ContainsAnyInRange(-float.MaxValue, -float.Epsilon)))
                throw Damaged(path, $"a mean of squares is negative");
            return state with { Engine = state.Engine with { Step = step }, History = history };
        }
        catch (Exception e) when (e is JsonException or EndOfStreamException or FormatException or ArgumentException
            or InvalidOperationException)
        {
            throw Damaged(path, $"what it says of its fit can't be read");
        }
    }

    static InvalidDataException Damaged(string path, FormattableString what) =>
        new($"checkpoint '{path}' is damaged: {what.ToString(CultureInfo.InvariantCulture)}; delete it to begin anew");

    static IEnumerable<float[]> Arrays(TrainingState state) =>
        ((CvaeWeights[])[state.Engine.Weights, state.Engine.Means, state.Engine.Squares, state.Best]).SelectMany(Arrays);

    static IEnumerable<float[]> Arrays(CvaeWeights weights) => weights.Layers.SelectMany(layer => (float[][])[layer.Weight, layer.Bias]);

    // The last bytes are the hash of all before them.
    static void RequireHash(FileStream file, string path)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[1 << 16];
        file.Position = 0;
        for (long left = file.Length - SHA256.HashSizeInBytes; left > 0;)
        {
            Span<byte> some = buffer.AsSpan(0, (int)Math.Min(buffer.Length, left));
            file.ReadExactly(some);
            hash.AppendData(some);
            left -= some.Length;
        }
        Span<byte> expected = buffer.AsSpan(0, SHA256.HashSizeInBytes);
        file.ReadExactly(expected);
        if (!expected.SequenceEqual(hash.GetHashAndReset()))
            throw new InvalidDataException($"checkpoint '{path}' is damaged or cut short: its hash is another; delete it to begin anew");
    }

    static void RequireIdentity(string theirs, string ours, string path)
    {
        using JsonDocument there = JsonDocument.Parse(theirs), here = JsonDocument.Parse(ours);
        if (there.RootElement.ValueKind != JsonValueKind.Object)
            throw Damaged(path, $"what it says of its fit is no JSON object");
        foreach (JsonProperty own in here.RootElement.EnumerateObject())
            if (!there.RootElement.TryGetProperty(own.Name, out JsonElement other) || !JsonElement.DeepEquals(own.Value, other))
            {
                string what = own.Name switch
                {
                    Data => "its table is another",
                    Groups => "its groups are others",
                    _ => $"{own.Name} is {other} there, {own.Value} here",
                };
                throw new InvalidDataException($"checkpoint '{path}' is of another fit: {what}; give another file, or delete it to begin " +
                    $"anew");
            }
    }
}
