using System.Text;

namespace LeoCvae.Cli.Tests;

/// <summary>Every verb that reads or writes a table does so in Parquet, too, by the file's name.</summary>
[TestClass]
public class ParquetTests : CliTest
{
    [TestInitialize]
    public void WriteTables()
    {
        Write("table.csv", Samples.Table);
        TableFile.Write(TableFile.Read(At("table.csv")), At("table.parquet"));
        CopyModel("model");
    }

    [TestMethod]
    public void A_model_of_a_table_is_the_same_in_either_format()
    {
        Done("train table.csv --model csv --epochs 2 --hidden 8");
        Done("train table.parquet --model parquet --epochs 2 --hidden 8");
        Assert.AreEqual(Snapshot("csv"), Snapshot("parquet"));
    }

    [TestMethod]
    [DataRow("oversample table.{0} --model model --out out.{0} --mark")]
    [DataRow("score table.{0} --out out.{0}")]
    [DataRow("embed model table.{0} --out out.{0}")]
    [DataRow("generate model --count 9 --out out.{0}")]
    public void A_verb_writes_the_same_table_in_either_format(string line)
    {
        Outcome csv = Done(string.Format(null, line, "csv")), parquet = Done(string.Format(null, line, "parquet"));
        Assert.AreEqual(csv.Output.Replace(".csv", ".parquet", StringComparison.Ordinal), parquet.Output);
        Table expected = TableFile.Read(At("out.csv"), "kind"), actual = TableFile.Read(At("out.parquet"), "kind");
        Assert.AreSequenceEqual(expected.Schema.Columns.Select(column => column.Name), actual.Schema.Columns.Select(column => column.Name));
        Assert.AreSequenceEqual(Enumerable.Range(0, expected.RowCount).Select(expected.Label),
            Enumerable.Range(0, actual.RowCount).Select(actual.Label));
        Assert.AreSequenceEqual(expected.Values.ToArray(), actual.Values.ToArray());
    }

    [TestMethod]
    public void The_other_verbs_read_it()
    {
        string csv = Done("inspect table.csv").Output;
        Assert.AreEqual(csv.Replace("table.csv", "table.parquet", StringComparison.Ordinal), Done("inspect table.parquet").Output);
        Done("evaluate table.parquet --methods none --classifiers logreg --folds 2");
        Done("oversample table.parquet --model model --out out.parquet --replicates 2");
        Assert.IsTrue(File.Exists(At("out-2.parquet")));
        // The table itself may be replaced, whose rows are read again meanwhile.
        Done("oversample table.parquet --model model --out table.parquet --overwrite");
        Assert.AreSequenceEqual(TableFile.Read(At("out-1.parquet")).Values.ToArray(), TableFile.Read(At("table.parquet")).Values.ToArray());
    }

    [TestMethod]
    public void Columns_of_an_input_may_stand_in_any_order()
    {
        string[] Swapped(string line) =>
            line.Split(',') is [var length, var count, var share, var kind] ? [share, kind, length, count] : [];
        Write("swapped.csv", string.Concat(Samples.Table.TrimEnd('\n').Split('\n').Select(line => string.Join(',', Swapped(line)) + "\n")));
        Done("embed model table.csv --out out.csv");
        Done("embed model swapped.csv --out swapped-out.csv");
        foreach ((string first, string second) in Read("out.csv").Split('\n').Zip(Read("swapped-out.csv").Split('\n')))
            Assert.AreSequenceEqual(first.Split(',').Skip(4), second.Split(',').Skip(4));
        Done("oversample swapped.csv --model model --out more.csv --target kind");
        Assert.StartsWith(Read("swapped.csv"), Read("more.csv"));
        Done("score swapped.csv --target kind --out scores.csv");
    }

    [TestMethod]
    public void What_cannot_be_read_or_written_is_refused()
    {
        Fault("score table.parquet --out out.csv", "rows are copied as they are read", "got out.csv for table.parquet");
        Fault("score table.csv --out out.parquet", "got out.parquet for table.csv");
        Fault("score - --out out.parquet", "got out.parquet for standard input");
        Fault("generate model --count 3 --out table.parquet", "'table.parquet' exists already");
        Fault("generate model --count 3 --out out.parquet.gz", "'out.parquet.gz': Parquet is compressed in itself");
        byte[] whole = File.ReadAllBytes(At("table.parquet"));
        foreach (int length in (ReadOnlySpan<int>)[0, 3, 40, whole.Length / 2, whole.Length - 1])
        {
            File.WriteAllBytes(At("cut.parquet"), whole[..length]);
            Fault("train cut.parquet --model new", "cut.parquet");
            Fault("oversample cut.parquet --out out.parquet", "cut.parquet");
        }
        File.WriteAllBytes(At("text.parquet"), Encoding.UTF8.GetBytes(Samples.Table));
        Fault("score text.parquet --out out.parquet", "this is no Parquet file, as its name says, but begins with 'length,c'");
        Refuse(1, ["score", "-", "--out", "out.csv"], Encoding.Latin1.GetString(whole), "standard input", "Parquet, not text");
    }
}
