using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;

namespace LeoCvae.Training;

/// <summary>What a fit goes on from after an epoch: the engine's state, the best weights so far, and the epochs that ran.</summary>
sealed record TrainingState(EngineState Engine, CvaeWeights Best, IReadOnlyList<TrainingProgress> History);

/// <summary>
/// A fit's checkpoint file: a mark, the format's version, what the fit is (library, data, options), its state, and the SHA-256 of all that.
/// Written beside its place and renamed. Not thread-safe.
/// </summary>
sealed class TrainingCheckpoint
{
    const ulong Mark = 0x54504B436F654C00; // "\0LeoCkPT"
    const int Version = 1;
    const string Data = "data";

    readonly string _path, _identity;

    TrainingCheckpoint(string path, string identity, int interval) => (_path, _identity, Interval) = (path, identity, interval);

    /// <summary>Epochs from one writing to the next.</summary>
    public int Interval { get; }

    /// <summary>What was read; null where the fit begins anew.</summary>
    public TrainingState? State { get; private init; }

    /// <summary>Reads the file where there is one; null where the options name none.</summary>
    /// <exception cref="InvalidDataException">The file is no checkpoint, is damaged, or is another fit's.</exception>
    /// <exception cref="DirectoryNotFoundException">Its folder doesn't exist.</exception>
    public static TrainingCheckpoint? Open(TrainingOptions options, Table table, CvaeShape shape)
    {
        if (options.Checkpoint is not string path)
            return null;
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is string folder && !Directory.Exists(folder))
            throw new DirectoryNotFoundException($"checkpoint '{path}' can't be written: folder '{folder}' doesn't exist");
        // What a kill in the middle of a writing left behind.
        File.Delete(Beside(path));
        string fit = JsonSerializer.Serialize(options, OptionsJson.Default.TrainingOptions);
        string identity = $"{{\"library\":\"{Producer.Name}\",\"{Data}\":\"{table.Sha256()}\",{fit[1..]}";
        return new(path, identity, options.CheckpointInterval) { State = File.Exists(path) ? Read(path, identity, shape, options.MaxEpochs) : null };
    }

    /// <summary>Replaces the file.</summary>
    public void Write(TrainingState state)
    {
        string beside = Beside(_path);
        try
        {
            using (FileStream file = new(beside, FileMode.Create))
            using (SHA256 hash = SHA256.Create())
            {
                using (CryptoStream hashed = new(file, hash, CryptoStreamMode.Write, leaveOpen: true))
                using (BinaryWriter writer = new(hashed))
                    Write(writer, state);
                file.Write(hash.Hash);
            }
            File.Move(beside, _path, overwrite: true);
        }
        finally
        {
            File.Delete(beside);
        }
    }

    static string Beside(string path) => path + ".new";

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
        const int Header = sizeof(ulong) + sizeof(int);
        if (file.Length < Header + SHA256.HashSizeInBytes || reader.ReadUInt64() != Mark)
            throw new InvalidDataException($"'{path}' is no checkpoint of a fit, or is cut short");
        if (reader.ReadInt32() is int version and not Version)
            throw new InvalidDataException($"checkpoint '{path}' has format version {version}, expected {Version}: another release wrote it");
        RequireHash(file, path);
        file.Position = Header;
        RequireIdentity(reader.ReadString(), identity, path);
        int step = reader.ReadInt32();
        TrainingProgress[] history = new TrainingProgress[reader.ReadInt32()];
        for (int i = 0; i < history.Length; i++)
            history[i] = new(i + 1, maxEpochs, reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadBoolean());
        TrainingState state = new(new(step, CvaeWeights.Zeros(shape), CvaeWeights.Zeros(shape), CvaeWeights.Zeros(shape)), CvaeWeights.Zeros(shape), history);
        foreach (float[] values in Arrays(state))
            file.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
        return state;
    }

    static IEnumerable<float[]> Arrays(TrainingState state) =>
        ((CvaeWeights[])[state.Engine.Weights, state.Engine.Means, state.Engine.Squares, state.Best]).SelectMany(weights => weights.Layers).SelectMany(layer => (float[][])[layer.Weight, layer.Bias]);

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
        foreach (JsonProperty own in here.RootElement.EnumerateObject())
            if (!there.RootElement.TryGetProperty(own.Name, out JsonElement other) || !JsonElement.DeepEquals(own.Value, other))
                throw new InvalidDataException($"checkpoint '{path}' is of another fit: {(own.Name == Data ? "its table is another" : $"{own.Name} is {other} there, {own.Value} here")}; give another file, or delete it to begin anew");
    }
}
