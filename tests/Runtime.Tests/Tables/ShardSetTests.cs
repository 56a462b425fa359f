using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace LeoCvae.Runtime.Tests;

/// <summary>A table that is made in parts is, joined, the one that is made at once.</summary>
[TestClass]
public class ShardSetTests
{
    const int Rows = 48;

    static readonly string Text = "who,age,city,day,y\n" + "P1,1.50,\"Ulm, D\",2024-02-29,p\n" + ",NA,,,p\n"
        + "P9,3,\"Ulm\r\n\"\"\n, D\",2001-02-03,r\n\n" + string.Concat(Enumerable.Range(3, Rows - 3).Select(i =>
            string.Create(CultureInfo.InvariantCulture, $"P{i},{i / 4.0},{i % 3},2002-02-{1 + (i % 28):00},{(i % 2 == 0 ? "p" : "q")}\n")));

    static readonly ColumnOptions Columns = new()
    {
        Like = TableFile.ReadGrouped(new MemoryStream(Encoding.UTF8.GetBytes(Text)), "like.csv", "who").Table.Schema,
    };

    static ExtraColumn[] Added(TableBatch batch) => [ExtraColumn.OfWhole("number", row => (int)batch.FirstRow + row),
        new("group", row => batch.Groups?[row] ?? "alone")];

    static JsonObject Run(int seed = 1) => new() { ["seed"] = seed, ["name"] = "Zoë \"<&" };

    static TableBatches Read(string path, int batchRows, BatchRange? part = null) =>
        TableFile.ReadBatches(path, Columns, groups: "who", batchRows: batchRows, part: part);

    static byte[] Whole(string path, int batchRows)
    {
        using TableBatches rows = Read(path, batchRows);
        using MemoryStream stream = new();
        rows.Write(stream, Added);
        return stream.ToArray();
    }

    static void Make(string path, BatchIndex index, int batchRows, string output, Shard shard)
    {
        BatchRange range = index.Part(shard);
        ShardPart part = new(output, shard, Run());
        part.Prepare();
        Assert.IsNull(part.Finished(out _));
        using TableBatches? rows = range.RowCount == 0 ? null : Read(path, batchRows, range);
        part.Write(range.FirstRow, range.RowCount, TableFile.Delimiter(output), rows is null ? null : stream =>
        {
            rows.Write(stream, Added);
            return new JsonObject(rows.Found.Select(found => KeyValuePair.Create(found.What, (JsonNode?)found.How)));
        }, default);
        ShardReceipt receipt = part.Finished(out string? fault)!;
        Assert.IsNull(fault);
        Assert.AreEqual((range.FirstRow, range.RowCount), (receipt.FirstRow, receipt.Rows));
    }

    static byte[] Concat(string folder)
    {
        ShardSet set = ShardSet.Read(folder).Single();
        Assert.IsEmpty(set.Faults(hasFiles: true));
        using MemoryStream stream = new();
        set.Concat(stream);
        return stream.ToArray();
    }

    static void WriteInput(string path, string text)
    {
        if (path.EndsWith(".parquet", StringComparison.Ordinal))
            using (FileStream file = File.Create(path))
                TableConverter.Convert(new MemoryStream(Encoding.UTF8.GetBytes(text)), "t.csv", ',', file, null, texts: ["who", "city"]);
        else
            TableFile.Write(path, overwrite: true, stream => stream.Write(Encoding.UTF8.GetBytes(text)));
    }

    [TestMethod]
    [DataRow("t.csv", false)]
    [DataRow("t.csv", true)]
    [DataRow("t.csv.gz", false)]
    [DataRow("t.parquet", false)]
    public void Parts_of_a_table_joined_are_the_table(string name, bool isOdd)
    {
        using TempFolder folder = new();
        // A mark, blank lines before and behind the rows, no line end at the end.
        WriteInput(folder[name], isOdd ? '\uFEFF' + Text.Replace("y\n", "y\n\n", StringComparison.Ordinal)[..^1] : Text);
        foreach (int batchRows in (int[])[1, 5, Rows, 1000])
        {
            byte[] whole = Whole(folder[name], batchRows);
            BatchIndex index = TableFile.IndexBatches(folder[name], Columns, groups: "who", batchRows: batchRows);
            Assert.AreEqual(Rows, index.Rows);
            Assert.AreEqual(name.EndsWith(".parquet", StringComparison.Ordinal) ? 1 : (Rows + batchRows - 1) / batchRows, index.Count);
            foreach (int parts in (int[])[1, 2, 7, 64])
            {
                string output = Path.Combine(folder[$"{batchRows}-{parts}"], "out" + name[1..]);
                for (int part = 0; part < parts; part++)
                    Make(folder[name], index, batchRows, output, new(part, parts));
                Assert.AreSequenceEqual(whole, Concat(Path.GetDirectoryName(output)!));
            }
        }
    }

    [TestMethod]
    public void A_fault_in_a_part_is_told_by_its_row_and_line_in_the_file()
    {
        using TempFolder folder = new();
        string path = folder["t.csv"];
        WriteInput(path, Text + "P1,old,Ulm,2002-02-02,p\n");
        string Fault(Action read) => Assert.ThrowsExactly<InvalidDataException>(read).Message;
        string whole = Fault(() => Whole(path, 5));
        Assert.Contains("row 49 (line 53), column 'age'", whole);
        BatchIndex index = TableFile.IndexBatches(path, Columns, groups: "who", batchRows: 5);
        using TableBatches rows = Read(path, 5, index.Part(new(9, 10)));
        Assert.AreEqual(whole, Fault(() => rows.Write(Stream.Null, Added)));
        Assert.Contains("header line only", Fault(() =>
        {
            WriteInput(path, "age,city,day,y\n\n");
            TableFile.IndexBatches(path, Columns);
        }));
    }

    [TestMethod]
    public void What_needs_all_rows_has_no_parts_and_a_file_that_changed_is_refused()
    {
        using TempFolder folder = new();
        string path = folder["t.csv"];
        WriteInput(path, Text);
        Expect.Throws<ArgumentException>(() => TableFile.IndexBatches(path, Columns with { Missing = MissingUse.Impute }, groups: "who"),
            "values to fill in");
        Expect.Throws<ArgumentException>(() => TableFile.IndexBatches(path, Columns, source: new() { IsTransposed = true, Id = "id" }),
            "to put into shape");
        BatchIndex index = TableFile.IndexBatches(path, Columns, groups: "who", batchRows: 5);
        Expect.Throws<ArgumentException>(() => Read(path, 5, index.Part(new(0, 64))), "without rows");
        using (TableBatches rows = Read(path, 5, index.Part(new(0, 2))))
        {
            File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddDays(-1));
            Assert.Contains("changed while it was read", Assert.ThrowsExactly<IOException>(() => rows.Write(Stream.Null, Added)).Message);
        }
        Assert.Contains("changed while it was read", Assert.ThrowsExactly<IOException>(() => Read(path, 5, index.Part(new(0, 2)))).Message);
    }

    [TestMethod]
    public void The_index_is_found_once_and_anew_where_the_input_is_another()
    {
        using TempFolder folder = new();
        (string path, int passes) = (folder["t.csv"], 0);
        BatchIndex Index(string key = "k") => ShardPart.Index(folder["p/out.csv"], path, key, () =>
        {
            passes++;
            return TableFile.IndexBatches(path, Columns, groups: "who", batchRows: 5);
        });
        WriteInput(path, Text);
        BatchIndex first = Index(), again = Index();
        Assert.AreEqual(1, passes);
        Assert.AreSequenceEqual(first.Places, again.Places);
        Assert.AreEqual((first.Bytes, first.Written, first.Sha256), (again.Bytes, again.Written, again.Sha256));
        Index("other");
        Assert.AreEqual(2, passes);
        WriteInput(path, Text + "P1,1,Ulm,2002-02-02,p\n");
        Assert.AreEqual(Rows + 1, Index().Rows);
        string file = folder["p/out.index.json"];
        string elsewhere = File.ReadAllText(file).Replace("[5,", "[6,", StringComparison.Ordinal);
        foreach (string damaged in (string[])["", "{}", "null", "[1", elsewhere])
        {
            File.WriteAllText(file, damaged);
            Assert.AreEqual(Rows + 1, Index().Rows);
        }
        Assert.AreEqual(8, passes);
    }

    [TestMethod]
    public void What_is_wrong_with_parts_is_told_by_their_numbers()
    {
        using TempFolder folder = new();
        const int Parts = 12;
        string Stem(int part) => folder[$"out-{part:00000}-of-00012"];
        void MakeAll()
        {
            foreach (string file in Directory.EnumerateFiles(folder.Path))
                File.Delete(file);
            for (int part = 0; part < Parts; part++)
                Write(part);
        }
        void Write(int part, int seed = 1, long? first = null, string? found = null) =>
            new ShardPart(folder["out.csv"], new(part, Parts), Run(seed)).Write(first ?? 10 * part, 10, ',', stream =>
            {
                stream.Write("a\n"u8);
                for (int row = 0; row < 10; row++)
                    stream.Write(Encoding.UTF8.GetBytes($"{part}\n"));
                return found is null ? [] : new() { ["the form of the dates in 'd'"] = found };
            }, default);
        void Said(string said, Action harm)
        {
            MakeAll();
            harm();
            ShardSet set = ShardSet.Read(folder.Path).Single();
            Assert.AreEqual(said, string.Join("; ", set.Faults(hasFiles: true)));
            Assert.ThrowsExactly<InvalidDataException>(() => set.Concat(Stream.Null));
        }

        MakeAll();
        ShardSet whole = ShardSet.Read(folder.Path).Single();
        Assert.IsEmpty(whole.Faults(hasFiles: true));
        Assert.AreEqual(120, whole.Rows);
        using MemoryStream joined = new();
        whole.Concat(joined);
        Assert.AreEqual("a\n" + string.Concat(Enumerable.Range(0, 120).Select(row => $"{row / 10}\n")),
            Encoding.UTF8.GetString(joined.ToArray()));

        Said("parts 1,3-5: missing", () =>
        {
            foreach (int part in (int[])[1, 3, 4, 5])
            {
                File.Delete(Stem(part) + ".csv");
                File.Delete(Stem(part) + ".receipt.json");
            }
        });
        Said("part 2: not finished (no whole receipt)", () => File.Delete(Stem(2) + ".receipt.json"));
        Said("part 11: not finished (no whole receipt)", () => File.WriteAllText(Stem(11) + ".receipt.json",
            File.ReadAllText(Stem(11) + ".receipt.json").Replace("\"rows\": 10", "\"rows\": 11", StringComparison.Ordinal)));
        Said("part 0: its file is missing", () => File.Delete(Stem(0) + ".csv"));
        Said("part 4: its file has 5 bytes, expected 22", () => File.WriteAllText(Stem(4) + ".csv", "a\n12\n"));
        Said("part 4: its file has other bytes than those written",
            () => File.WriteAllText(Stem(4) + ".csv", File.ReadAllText(Stem(4) + ".csv").Replace('4', '5')));
        Said("part 7: of another run than part 0 (seed 2, not 1)", () => Write(7, seed: 2));
        Said("parts 6-7: its rows don't follow those of the part before it", () => Write(6, first: 61));
        Said("part 8: the form of the dates in 'd': 'MM/dd/yyyy', but 'dd/MM/yyyy' in part 3; --schema says how to read them", () =>
        {
            Write(3, found: "dd/MM/yyyy");
            Write(8, found: "MM/dd/yyyy");
        });
        Said("part 5: not finished (no whole receipt)", () => File.Copy(Stem(4) + ".receipt.json", Stem(5) + ".receipt.json", true));
        Expect.Throws<ArgumentException>(() => ShardSet.Read(folder["none"]), "no such folder");
        Directory.CreateDirectory(folder["empty"]);
        Expect.Throws<ArgumentException>(() => ShardSet.Read(folder["empty"]), "holds no parts");
    }
}
