using System.Text;

namespace LeoCvae.Runtime.Tests;

/// <summary>Columns of every kind are written again as they were, and new rows in their form.</summary>
[TestClass]
public class CsvKindsWriteTests
{
    const string Text = "id,n,city,when,at,note,y\n" +
        "a1,1.50,\"Köln, Deutz\",29.02.2024,2024-02-29T10:00:00+01:00,long,p\n" +
        "synthetic-7,NA,Ulm,01.03.2024,2024-03-01T00:30:00+01:00,\"te\nxt\",q\n" +
        "synthetic-x,2.25, ,,,,p\n";

    [TestMethod]
    public void Synthetic_rows_have_names_categories_dates_and_missing_cells_as_the_file_writes_them()
    {
        TableDocument document = Document(Text);
        Table synthetic = new(document.Table.Schema,
            [0, 2, 0, 19783, 1709200800, 0, double.NaN, double.NaN, double.NaN, double.NaN, 0, 2.5, 1, 19782, 1709200801],
            [0, 1, 0], 0, [0, 1, 2]);
        Table resampled = document.Table.Append(synthetic);
        Assert.AreEqual(Text + "synthetic-8,2.00,\"Köln, Deutz\",01.03.2024,2024-02-29T11:00:00+01:00,,p\n" +
            "synthetic-9,NA, ,,,,q\n" +
            "synthetic-10,2.50,Ulm,29.02.2024,2024-02-29T11:00:01+01:00,,p\n", Csv.Write(document, resampled));
        // Each file counts for itself, and what was written is read as the same.
        Assert.AreEqual(Csv.Write(document, resampled), Csv.Write(document, resampled));
        Table again = Document(Csv.Write(document, resampled)).Table;
        Assert.AreSequenceEqual(resampled.Values.ToArray(), again.Values.ToArray());
        Assert.AreSequenceEqual(resampled.Schema.Columns[2].Categories!, again.Schema.Columns[2].Categories!);
    }

    [TestMethod]
    public void Categories_that_only_synthetic_rows_have_are_written_by_their_names()
    {
        TableDocument document = Csv.Read("city,y\nUlm,p\nBonn,q\n");
        ColumnSpec city = document.Table.Schema.Columns[0];
        string[] names = ["Kiel", "\"Bonn\"", "Ulm"];
        Table synthetic = new(new TableSchema([city with { Categories = names, Maximum = 2 }], "y", ["q", "p"]), [0, 1, 2], [0, 0, 1], 0,
            [0, 0, 0]);
        Table resampled = document.Table.Append(synthetic);
        Assert.AreSequenceEqual(["Ulm", "Bonn", "Kiel", "\"Bonn\""], resampled.Schema.Columns[0].Categories!);
        Assert.AreEqual("city,y\nUlm,p\nBonn,q\nKiel,q\n\"\"\"Bonn\"\"\",q\nUlm,p\n", Csv.Write(document, resampled));
    }

    [TestMethod]
    public void A_column_that_is_missing_in_every_row_takes_what_a_model_makes()
    {
        TableDocument document = Csv.Read("city,n,y\n,1,p\n?NA,2,q\n".Replace("?", "", StringComparison.Ordinal));
        ColumnSpec city = new() { Name = "city", Kind = ColumnKind.Category, Minimum = 0, Maximum = 0, Categories = ["Ulm"] };
        Table synthetic = new(new TableSchema([city, document.Table.Schema.Columns[1]], "y", ["p"]), [0, 2], [0], 0, [0]);
        Assert.AreEqual("city,n,y\n,1,p\nNA,2,q\nUlm,2,p\n", Csv.Write(document, document.Table.Append(synthetic)));
    }

    [TestMethod]
    public void Rows_of_several_tables_have_names_that_go_on()
    {
        Table table = Table.FromColumns([TableColumn.Identifiers("id", ["x", "y"]), TableColumn.Of("ok", new bool?[] { true, null }),
            TableColumn.Of("at", new DateTime?[] { new DateTime(2024, 2, 29, 1, 2, 3).AddMilliseconds(5), null })], ["p", "q"]);
        using MemoryStream stream = new();
        TableFile.Write([table, table], stream);
        Assert.AreEqual("id,ok,at,label\nsynthetic-1,true,2024-02-29T01:02:03.005,p\nsynthetic-2,,,q\n" +
            "synthetic-3,true,2024-02-29T01:02:03.005,p\nsynthetic-4,,,q\n", Encoding.UTF8.GetString(stream.ToArray()));
    }

    [TestMethod]
    [DataRow("zip,y\n01234,p\n00501,q\n")]
    [DataRow("t,y\n1.0,p\nx,q\n1,p\n")]
    [DataRow("d,y\n2024-02-29,p\n,q\n")]
    [DataRow("d,y\n1/2/0003,p\n12/31/2024,q\n")]
    [DataRow("d,y\n2024-02-29T00:00:00.123456Z,p\n9999-12-31T23:59:59.000000Z,q\n")]
    [DataRow("d,y\n2024-02-29 10:00:00-03:30,p\n2024-07-29 10:00:00-03:30,q\n")]
    [DataRow("d,y\n1 Feb 2024,p\n12 Dec 2024,q\n")]
    [DataRow("c,y\n\" \"\"x\"\"\",p\n\"a,b\",q\n\"two\nlines\",p\n Ulm ,q\n")]
    [DataRow("c,y\nnone,p\nNone,q\nNONE,p\n")]
    public void A_table_is_written_as_it_was_read(string text)
    {
        using MemoryStream stream = new();
        TableFile.Write(TableFile.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), "t.csv"), stream);
        Assert.AreEqual(text, Encoding.UTF8.GetString(stream.ToArray()));
    }

    [TestMethod]
    public void A_cell_that_is_no_date_is_refused_rather_than_written()
    {
        Table read = TableFile.Read(new MemoryStream("d,y\n2024-02-29,p\n"u8.ToArray()), "t.csv");
        Table table = new(read.Schema, [1e9], [0]);
        Expect.Throws<ArgumentException>(() => TableFile.Write(table, new MemoryStream()), "got 1000000000 days", "9999-12-31");
    }

    static TableDocument Document(string text) =>
        TableFile.ReadDocument(new MemoryStream(Encoding.UTF8.GetBytes(text)), "t.csv", columns: new()
        {
            Columns = new Dictionary<string, ColumnChoice>
            {
                ["id"] = new() { Kind = ColumnKind.Identifier },
                ["note"] = new(),
            },
        });
}
