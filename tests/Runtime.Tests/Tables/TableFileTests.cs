using System.IO.Compression;
using System.Text;

namespace LeoCvae.Runtime.Tests;

[TestClass]
public class TableFileTests
{
    [TestMethod]
    [DataRow("t.csv")]
    [DataRow("t.tsv")]
    [DataRow("t.csv.gz")]
    [DataRow("t.TSV.GZ")]
    [DataRow("a.b.Csv")]
    [DataRow("t.Parquet")]
    public void A_table_written_is_the_table_read(string name)
    {
        using TempFolder folder = new();
        Table random = TestTables.Random(50, 3, 4);
        Table table = Table.FromArrays(new double[,] { { 1.25, -0.1, 1e300 }, { 3, 1e-9, 0 }, { -7, double.Epsilon, 0.1 + 0.2 } },
            ["a,b", "tab\tand\nline", "\"ä\""], ["x 1", "x,\t2", "x\"3"]);
        foreach (Table expected in (Table[])[random, table])
        {
            TableFile.Write(expected, folder[name], overwrite: true);
            Table actual = TableFile.Read(folder[name]);
            Assert.AreSequenceEqual(expected.Values.ToArray(), actual.Values.ToArray());
            Assert.AreSequenceEqual(expected.Labels.ToArray(), actual.Labels.ToArray());
            Assert.AreSequenceEqual(expected.Schema.Classes, actual.Schema.Classes);
            Assert.AreSequenceEqual(expected.Schema.Columns, actual.Schema.Columns);
        }
        Assert.AreSequenceEqual([name], folder.Entries);
    }

    [TestMethod]
    public void The_extension_decides_between_commas_tabs_and_gzip()
    {
        using TempFolder folder = new();
        Table table = Csv.Read("a,y,b\n1,x,2\n", "y").Table;
        TableFile.Write(table, folder["t.csv"]);
        TableFile.Write(table, folder["t.tsv.gz"]);
        Assert.AreEqual("a,y,b\n1,x,2\n", File.ReadAllText(folder["t.csv"]));
        using StreamReader unzipped = new(new GZipStream(File.OpenRead(folder["t.tsv.gz"]), CompressionMode.Decompress));
        Assert.AreEqual("a\ty\tb\n1\tx\t2\n", unzipped.ReadToEnd());
    }

    [TestMethod]
    [DataRow("t.xlsx")]
    [DataRow("t")]
    [DataRow("csv")]
    [DataRow("t.csv.zip")]
    [DataRow("t.gz")]
    [DataRow(".gz")]
    public void An_unknown_extension_is_refused_with_those_known(string name)
    {
        using TempFolder folder = new();
        File.WriteAllText(folder[name], "a,y\n1,x\n");
        Expect.Throws<ArgumentException>(() => TableFile.Read(folder[name]), name, ".csv, .tsv, .csv.gz, .tsv.gz or .parquet");
        Expect.Throws<ArgumentException>(() => TableFile.Write(TestTables.OfColumn(1), folder[name], overwrite: true), name, ".csv, .tsv");
        Assert.AreEqual("a,y\n1,x\n", File.ReadAllText(folder[name]));
    }

    [TestMethod]
    public void A_file_that_is_not_there_is_said_to_be_missing_or_a_folder()
    {
        using TempFolder folder = new();
        Expect.Throws<FileNotFoundException>(() => TableFile.Read(folder["none.csv"]), "no such file", "none.csv");
        Directory.CreateDirectory(folder["dir.csv"]);
        Expect.Throws<FileNotFoundException>(() => TableFile.Read(folder["dir.csv"]), "is a folder", "dir.csv");
    }

    [TestMethod]
    public void Faults_of_the_content_name_the_file()
    {
        using TempFolder folder = new();
        File.WriteAllText(folder["bad.csv"], "a,y\ninf,x\n");
        Expect.Throws<InvalidDataException>(() => TableFile.Read(folder["bad.csv"]), folder["bad.csv"], "row 1 (line 2), column 'a'");
        Expect.Throws<InvalidDataException>(() => TableFile.Read(folder["bad.csv"], "class"), folder["bad.csv"], "no column 'class'");
    }

    [TestMethod]
    public void Gzip_that_was_cut_off_anywhere_is_refused_and_no_row_is_lost_in_silence()
    {
        using TempFolder folder = new();
        byte[] good = Zip("a,y\n" + string.Concat(Enumerable.Range(0, 400).Select(row => $"{row * 7919 % 1000},x\n")));
        for (int length = 0; length < good.Length; length += length < good.Length - 20 ? 13 : 1)
        {
            File.WriteAllBytes(folder["t.csv.gz"], good[..length]);
            InvalidDataException e = Assert.ThrowsExactly<InvalidDataException>(() => TableFile.Read(folder["t.csv.gz"]),
                $"{length} of {good.Length} bytes");
            Assert.StartsWith(folder["t.csv.gz"], e.Message);
        }
    }

    [TestMethod]
    public void Gzip_that_is_corrupt_followed_by_other_bytes_or_none_is_refused()
    {
        using TempFolder folder = new();
        byte[] good = Zip("a,y\n1,x\n"), flipped = [.. good], wrongCheck = [.. good];
        flipped[good.Length / 2] ^= 0x10;
        wrongCheck[^8] ^= 1;
        foreach ((byte[] bad, string said) in ((byte[], string)[])
        [
            (flipped, "the gzip data are damaged"), (wrongCheck, "the gzip data are damaged"),
            ([.. good, 0, 0], "the gzip data are truncated, or followed by other bytes"),
            (Encoding.UTF8.GetBytes("a,y\n1,x\n"), "this is not gzip-compressed, as the name says; leave .gz out of it"),
        ])
        {
            File.WriteAllBytes(folder["t.csv.gz"], bad);
            InvalidDataException e = Assert.ThrowsExactly<InvalidDataException>(() => TableFile.Read(folder["t.csv.gz"]));
            Assert.AreEqual($"{folder["t.csv.gz"]}: {said}", e.Message);
        }
    }

    [TestMethod]
    public void Zipped_files_in_a_row_are_one_file()
    {
        using TempFolder folder = new();
        File.WriteAllBytes(folder["t.csv.gz"], [.. Zip("a,y\n1,"), .. Zip("x\n2,x\n")]);
        Assert.AreEqual(2, TableFile.Read(folder["t.csv.gz"]).RowCount);
    }

    static byte[] Zip(string text)
    {
        using MemoryStream stream = new();
        using (GZipStream zip = new(stream, CompressionMode.Compress))
            zip.Write(Encoding.UTF8.GetBytes(text));
        return stream.ToArray();
    }
}
