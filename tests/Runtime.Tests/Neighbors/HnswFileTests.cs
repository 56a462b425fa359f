using System.Buffers.Binary;

namespace LeoCvae.Runtime.Tests.Neighbors;

[TestClass]
public class HnswFileTests
{
    const int HeaderSize = 192;

    static readonly Matrix Queries = HnswData.Mixture(60, 6, 2);

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void A_saved_index_answers_alike_when_loaded_and_opened(bool duplicates)
    {
        Matrix x = duplicates ? HnswData.Integers(2000, 3, 9) : HnswData.Mixture(2000, 20);
        HnswOptions options = new()
        {
            Links = 8,
            BuildEffort = 50,
            Seed = 7,
            Metric = duplicates ? NeighborMetric.Euclidean : NeighborMetric.Cosine
        };
        HnswIndex built = HnswIndex.Build(x, options);
        byte[] bytes = HnswData.Bytes(built);
        Assert.HasCount((int)built.Bytes, bytes);
        HnswIndex loaded = HnswIndex.Load(new MemoryStream(bytes)), streamed = HnswIndex.Load(new OneWayStream(bytes));
        using HnswIndex opened = HnswIndex.Open(Write(bytes));
        opened.Verify();
        foreach (HnswIndex other in new[] { loaded, streamed, opened })
        {
            Assert.AreEqual((built.Rows, built.DistinctRows, built.Columns, options),
                (other.Rows, other.DistinctRows, other.Columns, other.Options));
            Assert.IsTrue(HnswData.AreAlike(built, other, x));
            for (int row = 0; row < x.Rows; row += 33)
                Assert.AreSequenceEqual(HnswData.SearchRow(built, row, 9), HnswData.SearchRow(other, row, 9));
            Assert.AreSequenceEqual(bytes, HnswData.Bytes(other));
        }
    }

    [TestMethod]
    public void Rows_added_to_a_file_give_the_same_index_as_in_memory()
    {
        Matrix x = HnswData.Mixture(900, 6), more = HnswData.Mixture(300, 6, 5);
        HnswIndex built = HnswIndex.Build(x);
        byte[] bytes = HnswData.Bytes(built);
        built.Add(more);
        HnswIndex loaded = HnswIndex.Load(new MemoryStream(bytes));
        using HnswIndex opened = HnswIndex.Open(Write(bytes));
        loaded.Add(more);
        opened.Add(more);
        Assert.AreSequenceEqual(HnswData.Bytes(built), HnswData.Bytes(loaded));
        Assert.AreSequenceEqual(HnswData.Bytes(built), HnswData.Bytes(opened));
    }

    [TestMethod]
    public void An_index_starts_and_ends_where_it_stands_in_a_stream()
    {
        HnswIndex built = HnswIndex.Build(HnswData.Mixture(100, 6));
        MemoryStream stream = new();
        stream.Write([1, 2, 3]);
        built.Save(stream);
        stream.Write([4]);
        stream.Position = 3;
        Assert.IsTrue(HnswData.AreAlike(built, HnswIndex.Load(stream), Queries));
        Assert.AreEqual(4, stream.ReadByte());
    }

    [TestMethod]
    public void A_changed_byte_of_the_header_is_noticed()
    {
        byte[] bytes = HnswData.Bytes(Small());
        string path = Write(bytes);
        for (int at = 0; at < HeaderSize; at++)
            foreach (byte flip in new byte[] { 1, 0x80, 0xFF })
            {
                bytes[at] ^= flip;
                Refused(bytes, path);
                bytes[at] ^= flip;
            }
    }

    [TestMethod]
    public void A_header_that_lies_under_a_right_checksum_is_noticed()
    {
        byte[] bytes = HnswData.Bytes(Small());
        string path = Write(bytes);
        for (int at = 12; at < 184; at += 4)
        {
            // Seed, scale (checked apart) and the effort may be anything sane.
            if (at is 20 or 24 or 56 or 60 or 64 or 68 or 80 or 84)
                continue;
            foreach (int lie in new[] { -1, int.MinValue, int.MaxValue, 1 << 20, 1 << 27 })
            {
                byte[] copy = [.. bytes];
                BinaryPrimitives.WriteInt32LittleEndian(copy.AsSpan(at), lie);
                Seal(copy);
                Refused(copy, path);
            }
        }
        foreach (double scale in new[] { 0, -1, double.NaN, double.PositiveInfinity, 3 })
        {
            byte[] copy = [.. bytes];
            BinaryPrimitives.WriteDoubleLittleEndian(copy.AsSpan(64), scale);
            Seal(copy);
            Refused(copy, path);
        }
    }

    [TestMethod]
    public void A_file_cut_short_is_noticed()
    {
        byte[] bytes = HnswData.Bytes(Small());
        string path = Path.Combine(TestContext.TestRunDirectory!, Guid.NewGuid().ToString("N"));
        List<int> lengths = [0, 1, 63, 64, 65, 127, 128, 191, 192, 193, bytes.Length - 64, bytes.Length - 1];
        for (int length = 256; length < bytes.Length; length += bytes.Length / 40 / 64 * 64 + 64)
            lengths.Add(length);
        foreach (int length in lengths)
        {
            Refused(bytes[..length], path);
            Assert.ThrowsExactly<InvalidDataException>(() => HnswIndex.Load(new OneWayStream(bytes[..length])));
        }
    }

    [TestMethod]
    public void A_changed_byte_of_the_body_never_leads_out_of_it()
    {
        foreach (HnswIndex index in new[] { Small(), HnswIndex.Build(HnswData.Integers(700, 6, 3)) })
        {
            byte[] bytes = HnswData.Bytes(index);
            string path = Write(bytes);
            for (int at = HeaderSize; at < bytes.Length; at += 211)
            {
                byte[] copy = [.. bytes];
                copy[at] ^= 0xFF;
                Assert.ThrowsExactly<InvalidDataException>(() => HnswIndex.Load(new MemoryStream(copy)));
                SearchDamaged(copy, path);
            }
        }
    }

    [TestMethod]
    public void Numbers_of_every_kind_in_the_body_never_lead_out_of_it()
    {
        foreach (HnswIndex index in new[] { Small(), HnswIndex.Build(HnswData.Integers(700, 6, 3)) })
        {
            byte[] bytes = HnswData.Bytes(index);
            HnswLayout layout = index.Graph.Layout;
            string path = Write(bytes);
            long[] starts = [HnswLayout.Vectors, layout.Level0, layout.UpperStarts, layout.Upper, layout.MemberStarts, layout.Members,
                layout.NodeOfRow, layout.Length];
            for (int section = 0; section + 1 < starts.Length; section++)
                foreach (int number in new[] { -1, -2, int.MinValue, int.MaxValue, 0, 1, index.DistinctRows, index.Rows,
                    float.NaN is var nan ? BitConverter.SingleToInt32Bits(nan) : 0 })
                {
                    byte[] copy = [.. bytes];
                    for (int at = (int)starts[section]; at < starts[section + 1]; at += 4)
                        BinaryPrimitives.WriteInt32LittleEndian(copy.AsSpan(at), number);
                    if (copy.SequenceEqual(bytes))
                        continue;
                    SearchDamaged(copy, path);
                    // The same under a right checksum: what is read must hold by itself.
                    Reseal(copy);
                    try
                    {
                        HnswIndex loaded = HnswIndex.Load(new MemoryStream(copy));
                        Walk(loaded);
                        loaded.Add(Queries);
                        Walk(loaded);
                    }
                    catch (Exception error) when (error is InvalidDataException or ArgumentException)
                    {
                        Assert.DoesNotContain("\n", error.Message);
                    }
                }
        }
    }

    [TestMethod]
    public void An_empty_file_and_another_kind_of_file_are_refused()
    {
        // Longer than a header of ours.
        byte[] other = [.. "PK\u0003\u0004"u8, .. Enumerable.Repeat((byte)'x', 200)];
        foreach (byte[] bytes in new byte[][] { [], [0], other })
            Refused(bytes, Write(bytes));
        Assert.ThrowsExactly<FileNotFoundException>(() => HnswIndex.Open(Path.Combine(TestContext.TestRunDirectory!, "missing.knn")));
    }

    [TestMethod]
    public void Another_version_is_named()
    {
        byte[] bytes = HnswData.Bytes(Small());
        bytes[8] = 2;
        Assert.Contains("version 2", Assert.ThrowsExactly<InvalidDataException>(() => HnswIndex.Load(new MemoryStream(bytes))).Message);
    }

    [TestMethod]
    public void An_opened_file_is_given_back()
    {
        string path = Write(HnswData.Bytes(Small()));
        HnswIndex opened = HnswIndex.Open(path);
        Assert.HasCount(5, HnswData.Search(opened, Queries[0], 5));
        opened.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => HnswData.Search(opened, Queries[0], 5));
        Assert.ThrowsExactly<ObjectDisposedException>(opened.Verify);
        File.Delete(path);
    }

    [TestMethod]
    public void Disposing_during_searches_is_safe()
    {
        string path = Write(HnswData.Bytes(Small()));
        for (int round = 0; round < 20; round++)
        {
            HnswIndex opened = HnswIndex.Open(path);
            Parallel.For(0, 8, i =>
            {
                if (i == 5)
                    opened.Dispose();
                try
                {
                    Walk(opened);
                }
                catch (ObjectDisposedException)
                {
                }
            });
        }
    }

    static HnswIndex Small() => HnswIndex.Build(HnswData.Mixture(700, 6), new() { Links = 4, BuildEffort = 20 });

    string Write(byte[] bytes)
    {
        string path = Path.Combine(TestContext.TestRunDirectory!, Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(TestContext.TestRunDirectory!);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    static void Refused(byte[] bytes, string path)
    {
        File.WriteAllBytes(path, bytes);
        long before = GC.GetAllocatedBytesForCurrentThread();
        foreach (string message in new[]
        {
            Assert.ThrowsExactly<InvalidDataException>(() => HnswIndex.Load(new MemoryStream(bytes))).Message,
            Assert.ThrowsExactly<InvalidDataException>(() => HnswIndex.Open(path)).Message,
        })
            Assert.DoesNotContain("\n", message);
        // Whatever lengths it tells, no more is taken than a file of this length needs.
        Assert.IsLessThan(before + 2 * bytes.Length + (1 << 16), GC.GetAllocatedBytesForCurrentThread());
    }

    static void SearchDamaged(byte[] bytes, string path)
    {
        File.WriteAllBytes(path, bytes);
        try
        {
            using HnswIndex opened = HnswIndex.Open(path);
            Walk(opened);
            Assert.ThrowsExactly<InvalidDataException>(opened.Verify);
        }
        catch (InvalidDataException error)
        {
            Assert.DoesNotContain("\n", error.Message);
        }
    }

    static void Walk(HnswIndex index)
    {
        for (int i = 0; i < Queries.Rows; i += 10)
            HnswData.Search(index, Queries[i], 5, 20);
        for (int row = 0; row < index.Rows; row += 50)
            HnswData.SearchRow(index, row, 5, 20);
    }

    // The header's checksum, FNV-1a.
    static void Seal(byte[] bytes)
    {
        ulong hash = 0xCBF29CE484222325;
        foreach (byte value in bytes.AsSpan(0, 184))
            hash = (hash ^ value) * 0x100000001B3;
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(184), hash);
    }

    static void Reseal(byte[] bytes) => Reseal(bytes, bytes.Length);

    /// <summary>Makes the checksums of an index anew, which is the first bytes of a file.</summary>
    internal static void Reseal(byte[] bytes, int length)
    {
        ulong Rotate(ulong sum, int at) => System.Numerics.BitOperations.RotateLeft(
            (sum ^ BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at))) * 0x9E3779B185EBCA87, 29);
        (ulong a, ulong b, ulong c, ulong d) = (1, 2, 3, 4);
        for (int at = HeaderSize; at < length; at += 32)
            (a, b, c, d) = (Rotate(a, at), Rotate(b, at + 8), Rotate(c, at + 16), Rotate(d, at + 24));
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(80),
            (((a * 0x9E3779B185EBCA87 ^ b) * 0x9E3779B185EBCA87 ^ c) * 0x9E3779B185EBCA87) ^ d);
        Seal(bytes);
    }

    /// <summary>A stream that can't seek and gives a little at a time.</summary>
    sealed class OneWayStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;

        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, 1000)]);
    }
}
