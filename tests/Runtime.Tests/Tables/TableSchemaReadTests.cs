using System.Text.Json;

namespace LeoCvae.Runtime.Tests;

/// <summary>What a pass over a file says of its columns is what reading it whole says.</summary>
[TestClass]
public class TableSchemaReadTests
{
    static readonly string Late = "id,n,c,d,m,y\n" + string.Concat(Enumerable.Range(0, 3000).Select(i =>
        $"a{i},{i / 4}.{25 * (i % 4)},{(i < 2990 ? $"{i % 9}" : "nine")},2024-01-{1 + (i % 28):00},"
        + $"{(i == 2999 ? "" : "1")},{(i % 7 == 0 ? "p" : i == 2998 ? "r" : "q")}\n"));

    static string Text(TableSchema schema) => JsonSerializer.Serialize(schema.Columns) + schema.Target + schema.TargetIndex
        + string.Join('|', schema.Classes);

    static void AssertSame(string path, ColumnOptions? columns = null) =>
        Assert.AreEqual(Text(TableFile.Read(path, "y", columns: columns).Schema), Text(TableFile.ReadSchema(path, "y", columns)));

    [TestMethod]
    [DataRow("t.csv")]
    [DataRow("t.csv.gz")]
    [DataRow("t.parquet")]
    public void It_is_that_of_the_whole_table(string name)
    {
        using TempFolder folder = new();
        File.WriteAllText(folder["late.csv"], Late);
        TableConverter.Convert(folder["late.csv"], folder[name]);
        AssertSame(folder[name]);
        AssertSame(folder[name], new()
        {
            Columns = new Dictionary<string, ColumnChoice> { ["c"] = new(), ["id"] = new() { Kind = ColumnKind.Category } },
        });
    }

    [TestMethod]
    public void Batches_like_it_are_the_table()
    {
        using TempFolder folder = new();
        File.WriteAllText(folder["t.csv"], Late);
        Table whole = TableFile.Read(folder["t.csv"], "y");
        TableSchema schema = TableFile.ReadSchema(folder["t.csv"], "y");
        int rows = 0;
        using (TableBatches batches = TableFile.ReadBatches(folder["t.csv"], new() { Like = schema }, "y", batchRows: 700))
        {
            foreach (TableBatch batch in batches.Read())
            {
                Table recoded = batch.Table.Recode(schema);
                for (int row = 0; row < recoded.RowCount; row++, rows++)
                {
                    Assert.AreSequenceEqual(whole.Row(rows).ToArray(), recoded.Row(row).ToArray());
                    Assert.AreEqual(whole.Label(rows), batch.Table.Label(row));
                }
            }
            Assert.Throws<InvalidOperationException>(() => batches.Read().Count());
        }
        Assert.AreEqual(3000, rows);
    }

    [TestMethod]
    public void Faults_are_those_of_the_whole_table()
    {
        using TempFolder folder = new();
        foreach (string text in (string[])["a,y\n1,p\n2\n", "a,y\n", "a,a,y\n1,2,p\n", "a,y\n1,\n",
            "a,y\n" + string.Concat(Enumerable.Range(0, 50).Select(i => $"{i}.5,p\n")) + "none,q\n"])
        {
            File.WriteAllText(folder["t.csv"], text);
            Assert.AreEqual(Assert.Throws<InvalidDataException>(() => TableFile.Read(folder["t.csv"], "y")).Message,
                Assert.Throws<InvalidDataException>(() => TableFile.ReadSchema(folder["t.csv"], "y")).Message);
        }
        File.WriteAllText(folder["t.csv"], Late);
        StringAssert.Contains(Assert.Throws<InvalidDataException>(() =>
            TableFile.ReadSchema(folder["t.csv"], "y", new() { Missing = MissingUse.Refuse })).Message, "the value is missing, as in 1 of");
        Assert.Throws<ArgumentException>(() => TableFile.ReadSchema(folder["t.csv"], "y", new() { Missing = MissingUse.Impute }));
    }
}
