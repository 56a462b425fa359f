using System.Buffers.Binary;

namespace LeoCvae;

/// <summary>
/// The index as a file: the index's memory with a header in front, little-endian. Header, by byte: 0 magic, 8 version, 12 header size, 16
/// metric, 20 M, 24 efConstruction, 28 columns, 32 rows, 36 nodes, 40 upper lists, 44 entry, 48 top level, 52 zero, 56 seed, 64 scale
/// (double), 72 length of the file, 80 checksum of the body (0 where it was not computed), 88 zeros, 184 checksum of bytes 0 to 183. The
/// sections behind it follow from the counts, see <see cref="HnswLayout"/>.
/// </summary>
static unsafe class HnswFile
{
    const int Version = 1, ChecksumAt = HnswLayout.HeaderSize - sizeof(ulong), BodyChecksumAt = 80, ZerosAt = 88;

    // Read in steps while a stream doesn't tell its length: a lie about it costs no memory.
    const int Step = 1 << 24;

    static ReadOnlySpan<byte> Magic => "LEOHNSW\x1a"u8;

    public static void Save(HnswGraph graph, Stream target)
    {
        CheckProcessor();
        Span<byte> header = stackalloc byte[HnswLayout.HeaderSize];
        WriteHeader(graph, header);
        target.Write(header);
        long length = graph.Layout.Length;
        for (long at = HnswLayout.HeaderSize; at < length; at += Step)
            target.Write(new(graph.Memory.Start + at, (int)Math.Min(Step, length - at)));
    }

    static void WriteHeader(HnswGraph graph, Span<byte> header)
    {
        HnswLayout layout = graph.Layout;
        HnswOptions options = graph.Options;
        header.Clear();
        Magic.CopyTo(header);
        ReadOnlySpan<int> numbers = [Version, HnswLayout.HeaderSize, (int)options.Metric, options.Links, options.BuildEffort, layout.Width,
            layout.Rows, layout.Nodes, layout.UpperLists, graph.Entry, graph.TopLevel];
        for (int i = 0; i < numbers.Length; i++)
            BinaryPrimitives.WriteInt32LittleEndian(header[(8 + i * sizeof(int))..], numbers[i]);
        BinaryPrimitives.WriteUInt64LittleEndian(header[56..], options.Seed);
        BinaryPrimitives.WriteDoubleLittleEndian(header[64..], graph.Scale);
        BinaryPrimitives.WriteInt64LittleEndian(header[72..], layout.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(header[BodyChecksumAt..], BodyChecksum(graph));
        BinaryPrimitives.WriteUInt64LittleEndian(header[ChecksumAt..], HeaderChecksum(header));
    }

    /// <summary>Reads all, and checks all.</summary>
    public static HnswGraph Load(Stream source, int? columns = null, int? rows = null)
    {
        CheckProcessor();
        byte[] header = new byte[HnswLayout.HeaderSize];
        int got = source.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
        long length = ReadLength(header.AsSpan(0, got));
        HnswLayout layout = ReadLayout(header);
        if (layout.Width != (columns ?? layout.Width) || layout.Rows != (rows ?? layout.Rows))
            throw HnswGraph.Damaged($"got {layout.Rows} rows x {layout.Width} columns, expected {rows ?? layout.Rows} rows x " +
                $"{columns ?? layout.Width} columns");
        bool isKnown = source.CanSeek;
        if (isKnown && source.Length - source.Position < length - header.Length)
            throw Truncated(source.Length - source.Position + header.Length, length);
        HeapMemory memory = new(isKnown ? length : Math.Min(length, Step));
        header.CopyTo(new Span<byte>(memory.Start, header.Length));
        for (long at = header.Length; at < length;)
        {
            if (!isKnown && at == memory.Length)
                memory = memory.Grown(Math.Min(length, 2 * memory.Length));
            int read = source.Read(new Span<byte>(memory.Start + at, (int)Math.Min(Step, memory.Length - at)));
            if (read == 0)
                throw Truncated(at, length);
            at += read;
        }
        HnswGraph graph = Read(memory);
        CheckBody(graph);
        return graph;
    }

    /// <summary>Maps a file; reads and checks the header only.</summary>
    public static HnswGraph Open(string path)
    {
        CheckProcessor();
        FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        MappedMemory? memory = null;
        try
        {
            byte[] header = new byte[HnswLayout.HeaderSize];
            int got = file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
            long length = ReadLength(header.AsSpan(0, got));
            if (file.Length < length)
                throw Truncated(file.Length, length);
            memory = new(file);
            return Read(memory);
        }
        catch
        {
            memory?.Dispose();
            file.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Checks what searches would only check as they go: the body's checksum, every link, every list and every row number.
    /// </summary>
    /// <exception cref="InvalidDataException">Something is wrong.</exception>
    public static void CheckBody(HnswGraph graph)
    {
        ulong expected = *(ulong*)(graph.Memory.Start + BodyChecksumAt);
        if (BodyChecksum(graph) != expected)
            throw HnswGraph.Damaged("the body's checksum is wrong");
        int upperLists = 0;
        for (int node = 0; node < graph.Nodes; node++)
        {
            if (graph.Row(node).ContainsAnyExceptInRange(-float.MaxValue, float.MaxValue))
                throw HnswGraph.Damaged($"a value of node {node} is no finite number");
            if (graph.Level(node) is < 0 or > HnswLayout.HighestLevel)
                throw HnswGraph.Damaged($"node {node} has level {graph.Level(node)}");
            for (int level = graph.Level(node); level >= 0; level--)
                graph.LinksOf(node, level);
            upperLists += graph.Level(node);
            (int first, int end) = graph.MemberRange(node);
            for (int place = first; place < end; place++)
                if (graph.NodeOfRow(graph.Member(place)) is int other && other != node)
                    throw HnswGraph.Damaged($"row {graph.Member(place)} is listed by node {node}, but belongs to node {other}");
        }
        if (upperLists != graph.Layout.UpperLists)
            throw HnswGraph.Damaged($"got {upperLists} upper lists, expected {graph.Layout.UpperLists}");
        for (int row = 0; row < graph.Layout.Rows; row++)
            graph.NodeOfRow(row);
    }

    // The length that the header claims, once its checksum, its version and its counts are right.
    static long ReadLength(ReadOnlySpan<byte> header)
    {
        int shared = Math.Min(header.Length, Magic.Length);
        if (!header[..shared].SequenceEqual(Magic[..shared]) || header.IsEmpty)
            throw HnswGraph.Damaged("not such a file: it doesn't begin with LEOHNSW");
        if (header.Length < HnswLayout.HeaderSize)
            throw Truncated(header.Length, HnswLayout.HeaderSize);
        int version = Number(header, 0);
        if (version != Version)
            throw new InvalidDataException($"neighbor index: got version {version}, this release reads version {Version}");
        if (BinaryPrimitives.ReadUInt64LittleEndian(header[ChecksumAt..]) != HeaderChecksum(header))
            throw HnswGraph.Damaged("the header's checksum is wrong");
        HnswLayout layout = ReadLayout(header);
        long length = BinaryPrimitives.ReadInt64LittleEndian(header[72..]);
        double scale = BinaryPrimitives.ReadDoubleLittleEndian(header[64..]);
        bool isRight = Number(header, 1) == HnswLayout.HeaderSize && layout.IsSane && length == layout.Length
            && Number(header, 2) is 0 or 1 && Number(header, 4) is >= 1 and <= HnswOptions.MostEffort
            && (uint)Number(header, 9) < (uint)layout.Nodes && Number(header, 10) is >= 0 and <= HnswLayout.HighestLevel
            && scale > 0 && double.IsPow2(scale) && header[52..56].IndexOfAnyExcept((byte)0) < 0 && header[ZerosAt..ChecksumAt]
                .IndexOfAnyExcept((byte)0) < 0;
        return isRight ? length : throw HnswGraph.Damaged("the header contradicts itself");
    }

    static HnswLayout ReadLayout(ReadOnlySpan<byte> header) =>
        new(Rows: Number(header, 6), Nodes: Number(header, 7), Width: Number(header, 5), Links: Number(header, 3),
        UpperLists: Number(header, 8));

    static HnswGraph Read(HnswMemory memory)
    {
        ReadOnlySpan<byte> header = new(memory.Start, HnswLayout.HeaderSize);
        // Once more, of the bytes that are used from here on.
        ReadLength(header);
        HnswOptions options = new()
        {
            Metric = (NeighborMetric)Number(header, 2),
            Links = Number(header, 3),
            BuildEffort = Number(header, 4),
            Seed = BinaryPrimitives.ReadUInt64LittleEndian(header[56..]),
        };
        HnswGraph graph = new(memory, ReadLayout(header), options,
            BinaryPrimitives.ReadDoubleLittleEndian(header[64..]))
        { Entry = Number(header, 9), TopLevel = Number(header, 10) };
        if (graph.Level(graph.Entry) != graph.TopLevel)
            throw HnswGraph.Damaged($"the entry has level {graph.Level(graph.Entry)}, expected {graph.TopLevel}");
        return graph;
    }

    static int Number(ReadOnlySpan<byte> header, int index) => BinaryPrimitives.ReadInt32LittleEndian(header[(8 + index * sizeof(int))..]);

    // FNV-1a: any single changed byte changes it.
    static ulong HeaderChecksum(ReadOnlySpan<byte> header)
    {
        ulong hash = 0xCBF29CE484222325;
        foreach (byte value in header[..ChecksumAt])
            hash = (hash ^ value) * 0x100000001B3;
        return hash;
    }

    // Sections are whole cache lines.
    static ulong BodyChecksum(HnswGraph graph) =>
        WordSum.Of(graph.Memory.Start + HnswLayout.HeaderSize, graph.Layout.Length - HnswLayout.HeaderSize);

    static InvalidDataException Truncated(long got, long expected) => HnswGraph.Damaged($"got {got} bytes, expected {expected}");

    static void CheckProcessor()
    {
        if (!BitConverter.IsLittleEndian)
            throw new PlatformNotSupportedException("neighbor index files are little-endian and used in place; this processor is " +
                "big-endian");
    }
}
