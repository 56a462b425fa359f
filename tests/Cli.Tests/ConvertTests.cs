namespace LeoCvae.Cli.Tests;

/// <summary>leocvae convert: a table in another format.</summary>
[TestClass]
public class ConvertTests : CliTest
{
    [TestInitialize]
    public void WriteTable() => Write("table.csv", Samples.Table);

    [TestMethod]
    public void A_table_goes_through_every_format_and_comes_back_the_same()
    {
        Done("convert table.csv a.tsv");
        Done("convert a.tsv b.parquet");
        Done("convert b.parquet c.csv.gz");
        Done("convert c.csv.gz d.csv --to-delimiter ; --to-decimal ,");
        Done("convert d.csv e.csv --delimiter ; --decimal ,");
        Assert.AreEqual(TableFile.Read(At("table.csv")).Values.ToArray().Sum(), TableFile.Read(At("e.csv")).Values.ToArray().Sum());
        Assert.AreSequenceEqual(TableFile.Read(At("table.csv")).Values.ToArray(), TableFile.Read(At("e.csv")).Values.ToArray());
        Outcome piped = Done("convert - -", Samples.Table);
        Assert.AreEqual(Samples.Table, piped.Output);
        Assert.Contains($"wrote {Samples.Rows} rows x 4 columns to standard output", piped.Error);
        Assert.AreEqual(Samples.Table.Replace(',', '\t'), Done("convert table.csv - --to-delimiter tab").Output);
        Assert.AreEqual(4, Json("convert table.csv f.parquet --text count").GetProperty("output").GetProperty("columns").GetInt32());
    }

    [TestMethod]
    public void What_cannot_be_converted_is_refused_and_nothing_is_written()
    {
        Fault("convert table.csv table.xlsx", "'table.xlsx'");
        Fault("convert none.csv out.parquet", "no such file: 'none.csv'");
        Write("out.csv", "");
        Fault("convert table.csv out.csv", "'out.csv' exists already", "--overwrite");
        Write("bad.csv", "a,b\n1,\"2\n");
        Fault("convert bad.csv new.parquet", "bad.csv: line 2", "quote");
        Fault("convert table.csv new.parquet --to-decimal ,", "--to-decimal: Parquet has numbers");
        Fault("convert table.csv new.parquet --to-delimiter ;", "'new.parquet': got a delimiter for Parquet");
        Fault("convert table.csv new.parquet --text none", "no column 'none'");
        Misuse("convert table.csv table.csv --overwrite", "the same place");
        Misuse("convert table.csv - --json", "both write to standard output");
    }
}
