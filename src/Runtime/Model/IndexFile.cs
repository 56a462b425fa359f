using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;

namespace LeoCvae;

/// <summary>
/// The file of an <see cref="EntropyIndex"/>, little-endian. First the lists, each with the keys of its rows (int64: the row's number in
/// the upper half, its class in the lower one), then their features (float), up to a multiple of 32 bytes. Then the head as JSON; mean and
/// scale of the numbers (double each), the levels of each category column (int32); the centers (float); of each list its rows (int32), and
/// its checksum (uint64). At the end 72 bytes: "LEOLIST\x1a", version, features, lists, length of the JSON (int32 each), length of the
/// lists (int64), SHA-256 of all behind the lists but itself. A list is read when it is needed, and checked the first time. Thread-safe.
/// </summary>
sealed unsafe class IndexFile : IRowLists, IDisposable
{
    const int Version = 1, TailSize = 72, HashSize = 32, NumbersAt = 8;

    readonly SafeFileHandle _file;
    readonly string _path;
    readonly int[] _counts;
    readonly long[] _starts;
    readonly ulong[] _sums;
    readonly bool[] _isChecked;

    IndexFile(SafeFileHandle file, string path, IndexHead head, TableEncoder encoder, Matrix centers, int[] counts, ulong[] sums,
        string sha256)
    {
        (_file, _path, Head, Encoder, Centers, _counts, _sums, Sha256) = (file, path, head, encoder, centers, counts, sums, sha256);
        _isChecked = new bool[counts.Length];
        _starts = new long[counts.Length];
        for (int list = 1; list < counts.Length; list++)
            _starts[list] = _starts[list - 1] + BytesOf(counts[list - 1], centers.Columns);
    }

    static ReadOnlySpan<byte> Magic => "LEOLIST\x1a"u8;

    public IndexHead Head { get; }

    public TableEncoder Encoder { get; }

    /// <summary>The lists' centers.</summary>
    public Matrix Centers { get; }

    /// <summary>Of all that the index holds.</summary>
    public string Sha256 { get; }

    public int Count => _counts.Length;

    /// <summary>What a list takes in the file.</summary>
    public static long BytesOf(int rows, int width)
    {
        long bytes = (long)rows * (sizeof(long) + (width * sizeof(float)));
        return (bytes + WordSum.Step - 1) / WordSum.Step * WordSum.Step;
    }

    /// <summary>Writes a list; returns its checksum.</summary>
    public static ulong WriteList(Stream to, ReadOnlySpan<long> keys, ReadOnlySpan<float> rows)
    {
        int length = checked((int)BytesOf(keys.Length, keys.IsEmpty ? 0 : rows.Length / keys.Length)),
            keyBytes = keys.Length * sizeof(long);
        byte[] rented = ArrayPool<byte>.Shared.Rent(length);
        Span<byte> bytes = rented.AsSpan(0, length);
        MemoryMarshal.AsBytes(keys).CopyTo(bytes);
        MemoryMarshal.AsBytes(rows).CopyTo(bytes[keyBytes..]);
        bytes[(keyBytes + (rows.Length * sizeof(float)))..].Clear();
        to.Write(bytes);
        ulong sum = SumOf(bytes);
        ArrayPool<byte>.Shared.Return(rented);
        return sum;
    }

    /// <summary>Writes what stands behind the lists.</summary>
    public static void WriteHead(Stream to, IndexHead head, TableEncoder encoder, Matrix centers, int[] counts, ulong[] sums)
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(head, IndexJson.Default.IndexHead);
        using MemoryStream end = new();
        end.Write(json);
        end.Write(MemoryMarshal.AsBytes<double>(encoder.Mean));
        end.Write(MemoryMarshal.AsBytes<double>(encoder.Scale));
        foreach (LevelBlock block in encoder.Layout.Blocks)
            end.Write(MemoryMarshal.AsBytes<int>(block.LevelOf));
        end.Write(MemoryMarshal.AsBytes<float>(centers.Values));
        end.Write(MemoryMarshal.AsBytes<int>(counts));
        end.Write(MemoryMarshal.AsBytes<ulong>(sums));
        byte[] tail = new byte[TailSize];
        Magic.CopyTo(tail);
        ReadOnlySpan<int> numbers = [Version, encoder.Width, counts.Length, json.Length];
        MemoryMarshal.AsBytes(numbers).CopyTo(tail.AsSpan(NumbersAt));
        BinaryPrimitives.WriteInt64LittleEndian(tail.AsSpan(NumbersAt + (numbers.Length * sizeof(int))),
            counts.Sum(count => BytesOf(count, encoder.Width)));
        end.Write(tail.AsSpan(0, TailSize - HashSize));
        end.Write(SHA256.HashData(end.GetBuffer().AsSpan(0, (int)end.Length)));
        end.WriteTo(to);
    }

    /// <summary>Opens a file, and reads all but its lists.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    /// <exception cref="InvalidDataException">It is no index, or a damaged one.</exception>
    public static IndexFile Open(string path)
    {
        if (FilePlace.Kind(path) is not FileKind.File)
            throw new FileNotFoundException($"no such file: '{path}'", path);
        SafeFileHandle file = File.OpenHandle(path);
        try
        {
            return Read(file, path);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public int CountOf(int list) => _counts[list];

    public void Read(int list, Span<float> rows, Span<long> keys)
    {
        int count = _counts[list];
        long start = _starts[list], keyBytes = count * sizeof(long);
        if (!Volatile.Read(ref _isChecked[list]))
        {
            int length = checked((int)BytesOf(count, Centers.Columns));
            byte[] rented = ArrayPool<byte>.Shared.Rent(length);
            Span<byte> bytes = rented.AsSpan(0, length);
            ReadAll(bytes, start);
            if (SumOf(bytes) != _sums[list])
                throw Damaged(_path, $"the checksum of list {list} is wrong");
            MemoryMarshal.Cast<byte, long>(bytes[..(int)keyBytes]).CopyTo(keys);
            MemoryMarshal.Cast<byte, float>(bytes.Slice((int)keyBytes, rows.Length * sizeof(float))).CopyTo(rows);
            ArrayPool<byte>.Shared.Return(rented);
            foreach (long key in keys)
                if ((ulong)(key >> 32) >= (ulong)Head.Rows || (uint)key >= (uint)Head.Classes.Count)
                    throw Damaged(_path, $"list {list} has row {key >> 32} of {Head.Rows}, class {(uint)key} of {Head.Classes.Count}");
            Volatile.Write(ref _isChecked[list], true);
            return;
        }
        ReadAll(MemoryMarshal.AsBytes(keys), start);
        ReadAll(MemoryMarshal.AsBytes(rows), start + keyBytes);
    }

    public void Dispose() => _file.Dispose();

    static ulong SumOf(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* first = bytes)
            return WordSum.Of(first, bytes.Length);
    }

    void ReadAll(Span<byte> bytes, long start) => ReadAll(_file, _path, bytes, start);

    static void ReadAll(SafeFileHandle file, string path, Span<byte> bytes, long start)
    {
        int read = FileBytes.Read(file, bytes, start);
        if (read < bytes.Length)
            throw Damaged(path, $"it ends at byte {start + read}");
    }

    static IndexFile Read(SafeFileHandle file, string path)
    {
        long length = RandomAccess.GetLength(file);
        byte[] tail = new byte[TailSize];
        if (length < TailSize)
            throw Damaged(path, $"got {length} bytes, expected an index (leocvae index)");
        ReadAll(file, path, tail, length - TailSize);
        if (!tail.AsSpan().StartsWith(Magic))
            throw Damaged(path, $"it is no index (leocvae index), or was cut off");
        int Number(int i) => BinaryPrimitives.ReadInt32LittleEndian(tail.AsSpan(NumbersAt + (i * sizeof(int))));
        long lists = BinaryPrimitives.ReadInt64LittleEndian(tail.AsSpan(NumbersAt + (4 * sizeof(int))));
        if (Number(0) != Version)
            throw Damaged(path, $"got version {Number(0)}, this release reads version {Version}");
        if (lists < 0 || lists > length - TailSize || length - lists > Array.MaxLength)
            throw Damaged(path, $"got {length} bytes, expected lists of {lists} and what is behind them");
        byte[] head = new byte[length - lists];
        ReadAll(file, path, head, lists);
        byte[] hash = SHA256.HashData(head.AsSpan(0, head.Length - HashSize));
        if (!hash.AsSpan().SequenceEqual(head.AsSpan(head.Length - HashSize)))
            throw Damaged(path, $"the checksum of its head is wrong");
        try
        {
            return Read(file, path, head.AsSpan(0, head.Length - TailSize), (Number(1), Number(2), Number(3)), lists,
                Convert.ToHexStringLower(hash));
        }
        catch (Exception e) when (e is JsonException or ArgumentException or OverflowException)
        {
            throw Damaged(path, $"{e.Message}");
        }
    }

    static IndexFile Read(SafeFileHandle file, string path, ReadOnlySpan<byte> bytes, (int Features, int Lists, int Json) sizes, long lists,
        string sha256)
    {
        IndexHead head = IndexJson.Read(Take<byte>(ref bytes, sizes.Json));
        TableSchema schema = head.ToSchema();
        int numbers = schema.Columns.Count(FeatureLayout.IsNumber);
        double[] mean = Take<double>(ref bytes, numbers), scale = Take<double>(ref bytes, numbers);
        List<int[]> levelsOf = [];
        foreach (ColumnSpec column in schema.Columns.Where(FeatureLayout.HasLevels))
            levelsOf.Add(Take<int>(ref bytes, column.Categories!.Count));
        float[] centers = Take<float>(ref bytes, checked(sizes.Lists * sizes.Features));
        int[] counts = Take<int>(ref bytes, sizes.Lists);
        ulong[] sums = Take<ulong>(ref bytes, sizes.Lists);
        if (levelsOf.Any(levels => levels.AsSpan().IndexOfAnyExceptInRange(-1, sizes.Features - 1) >= 0))
            throw Damaged(path, $"a category's level is not below {sizes.Features}");
        TableEncoder encoder = new() { Mean = mean, Scale = scale, Layout = new(schema.Columns, levelsOf) };
        bool isSane = bytes.IsEmpty && encoder.Width == sizes.Features && counts.All(count => count >= 0) && sizes.Lists > 0
            && counts.Sum(count => BytesOf(count, sizes.Features)) == lists
            && counts.Sum(count => (long)count) is long kept && kept <= head.Rows && kept > head.Neighbors && head.Neighbors >= 1
            && head.Probes >= 1 && head.Probes <= sizes.Lists && head.Recall is >= 0 and <= 1 && schema.Classes.Count > 0
            && mean.All(double.IsFinite) && scale.All(value => value > 0 && double.IsFinite(value)) && centers.All(float.IsFinite);
        return isSane ? new(file, path, head, encoder, new(sizes.Lists, sizes.Features, centers), counts, sums, sha256)
            : throw Damaged(path, $"its head contradicts itself");
    }

    static T[] Take<T>(ref ReadOnlySpan<byte> bytes, int count) where T : unmanaged
    {
        int size = checked(count * sizeof(T));
        if (size < 0 || size > bytes.Length)
            throw new OverflowException("its head is too short");
        T[] values = MemoryMarshal.Cast<byte, T>(bytes[..size]).ToArray();
        bytes = bytes[size..];
        return values;
    }

    static InvalidDataException Damaged(string path, FormattableString what) =>
        new($"{path}: {what.ToString(CultureInfo.InvariantCulture)}");
}
