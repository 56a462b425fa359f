using System.Text;

namespace LeoCvae.Runtime.Tests;

[TestClass]
public class CsvMissingValuesTests
{
    [TestMethod]
    public void Empty_cells_NA_and_NaN_are_missing_and_all_else_is_read_as_in_a_complete_table()
    {
        Table table = Read("a,y,b\n1.50,p,\n,\"q\", \nNA,p,1e3\nNaN,q,-2\n\"nan\",p,\"\"\n3, p, 4 \n", "y");
        Assert.AreSequenceEqual((string[])["a", "b"], table.Schema.Columns.Select(column => column.Name));
        Assert.AreEqual("y", table.Schema.Target);
        Assert.AreSequenceEqual((string[])["p", "q", "p", "q", "p", " p"], Enumerable.Range(0, 6).Select(table.Label));
        double nan = double.NaN;
        Assert.AreSequenceEqual((double[])[1.5, nan, nan, nan, nan, 1000, nan, -2, nan, nan, 3, 4], table.Values.ToArray());
        Assert.AreSequenceEqual((int[])[4, 3], table.MissingCounts());
        Assert.AreEqual(new ColumnSpec { Name = "a", Minimum = 1.5, Maximum = 3, Decimals = 1, HasMissing = true },
            table.Schema.Columns[0]);
    }

    [TestMethod]
    public void A_table_without_missing_values_is_the_same_whatever_is_done_about_them()
    {
        const string Text = "\uFEFF\"a\";b;y\r\n\r\n1.25;-3;p\r\n+4;5e-1;größer\r\n";
        Table expected = Csv.Read(Text, delimiter: ';').Table;
        foreach (MissingUse missing in Enum.GetValues<MissingUse>())
        {
            Table table = Read(Text, delimiter: ';', missing: missing);
            Assert.AreSequenceEqual(expected.Schema.Columns, table.Schema.Columns);
            Assert.AreSequenceEqual(expected.Values.ToArray(), table.Values.ToArray());
            Assert.AreSequenceEqual((string[])["p", "größer"], table.Schema.Classes);
        }
    }

    [TestMethod]
    [DataRow("a,b,y\n1,inf,p\n3,,q\n", "row 1 (line 2), column 'b': got 'inf'")]
    [DataRow("a,b,y\n1,2,p\n3,4,\n", "row 2 (line 3), column 'y': got an empty label, expected a class name")]
    [DataRow("a,b,y\n1,2,p\n3,4,NA\n", "row 2 (line 3), column 'y': got the label 'NA', which stands for a missing value")]
    [DataRow("a,b,y\n1,2,p\n3,4, nan\n", "row 2 (line 3), column 'y': got the label ' nan'")]
    [DataRow("a,b,y\n1,2,p\n3,4,\" \"\n", "row 2 (line 3), column 'y': got the label ' '")]
    [DataRow("a,b,y\n1,,p\n3,q\n", "row 2 (line 3): got 2 fields, expected 3")]
    [DataRow("a,b,y\n", "a header line only, expected rows")]
    [DataRow("", "the file is empty")]
    public void Bad_input_is_refused_in_one_line(string text, string message)
    {
        InvalidDataException e = Expect.Throws<InvalidDataException>(() => Read(text), message);
        Assert.StartsWith("t.csv: ", e.Message);
        Assert.DoesNotContain("\n", e.Message);
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("  ")]
    [DataRow("NA")]
    [DataRow("na")]
    [DataRow(" NA ")]
    [DataRow("N/A")]
    [DataRow("n/a")]
    [DataRow("#N/A")]
    [DataRow("<NA>")]
    [DataRow("NaN")]
    [DataRow("-nan")]
    [DataRow("null")]
    [DataRow("NULL")]
    public void A_missing_value_is_written_alike_in_numbers_and_labels_and_read_alike_by_all(string missing)
    {
        Assert.IsTrue(double.IsNaN(Read($"a,b,y\n1,{missing},p\n3,4,q\n").Row(0)[1]));
        Assert.IsTrue(double.IsNaN(Csv.Read($"a,b,y\n1,{missing},p\n3,4,q\n").Table.Row(0)[1]));
        Expect.Throws<InvalidDataException>(() => Read($"a,b,y\n1,{missing},p\n3,4,q\n", missing: MissingUse.Refuse),
            "row 1 (line 2), column 'b': the value is missing, as in 1 of 2 rows", "--missing learn", "--drop b");
        string label = $"a,b,y\n1,2,p\n3,4,{missing}\n";
        foreach (Action read in (Action[])[() => Read(label), () => Csv.Read(label)])
            Expect.Throws<InvalidDataException>(read, "row 2 (line 3), column 'y': got ", "label", "expected a class name",
                "leave the row out");
    }

    [TestMethod]
    public void A_class_of_such_a_name_is_to_be_renamed() =>
        Expect.Throws<InvalidDataException>(() => Csv.Read("a,region\n1,eu\n2,NA\n"), "the label 'NA', which stands for a missing value",
            "rename the class");

    [TestMethod]
    public void Labels_that_are_not_looked_at_may_be_missing()
    {
        TableDocument document = TableFile.ReadDocument(new MemoryStream("a,y,b\n1,,2\n3,NA,4\n"u8.ToArray()), "t.csv", "y",
            LabelUse.Ignored);
        Assert.IsFalse(document.Table.IsLabeled);
        Assert.AreSequenceEqual((double[])[1, 2, 3, 4], document.Table.Values.ToArray());
        Assert.AreEqual("a,y,b\n1,,2\n3,NA,4\n", Csv.Write(document));
        Expect.Throws<ArgumentException>(() => document.RequireNewColumns(["y"]), "'y'", "already");
    }

    [TestMethod]
    public void A_column_without_any_value_is_one_of_numbers_without_a_range()
    {
        ColumnSpec none = new() { Name = "b", Minimum = 0, Maximum = 0, Decimals = 0, HasMissing = true };
        Table table = Read("a,b,y\n1,,p\n2,NA,q\n\n3,NaN,q\n");
        Assert.AreEqual(none, table.Schema.Columns[1]);
        Assert.AreEqual(3, table.MissingCounts()[1]);
        Assert.AreEqual(none with { HasMissing = false }, Read("a,b,y\n1,,p\n2,NA,q\n", missing: MissingUse.Impute).Schema.Columns[1]);
    }

    [TestMethod]
    public void Missing_values_are_filled_in_by_the_median_that_was_seen_or_the_most_frequent_category()
    {
        const string Text = "a,day,city,y\n4,2024-02-29,Ulm,p\n,,Köln,q\n1,2024-03-01,Köln,p\n10,2024-05-05, ,q\n" +
            "NA,2024-01-01,Ulm,q\n2,,Köln,p\n";
        Table table = Read(Text, missing: MissingUse.Impute);
        Assert.AreSequenceEqual([4.0, 2, 1, 10, 2, 2], table.Column<double>("a"));
        Assert.AreEqual(new DateOnly(2024, 2, 29), table.Column<DateOnly>("day")[1]);
        Assert.AreSequenceEqual(["Ulm", "Köln", "Köln", "Köln", "Ulm", "Köln"], table.Column<string>("city"));
        Assert.IsFalse(table.Schema.Columns.Any(column => column.HasMissing));
        TableDocument document = TableFile.ReadDocument(new MemoryStream(Encoding.UTF8.GetBytes(Text)), "t.csv",
            columns: new() { Missing = MissingUse.Impute });
        Assert.AreEqual(Text, Csv.Write(document));
    }

    [TestMethod]
    public void All_columns_with_missing_values_are_refused_in_one_line_with_their_counts()
    {
        InvalidDataException e = Expect.Throws<InvalidDataException>(
            () => Read("a,b,c,id,y\n1,,x,,p\n2,3,,r,q\n,NA,x,s,q\n", missing: MissingUse.Refuse, ids: "id"),
            "row 3 (line 4), column 'a': the value is missing, as in 1 of 3 rows",
            "row 1 (line 2), column 'b': the value is missing, as in 2 of 3 rows",
            "row 2 (line 3), column 'c': the value is missing, as in 1 of 3 rows", "--drop a,b,c ");
        Assert.DoesNotContain("'id'", e.Message);
        Assert.DoesNotContain("\n", e.Message);
    }

    static Table Read(string text, string? target = null, char delimiter = ',', MissingUse missing = MissingUse.Learn,
        string? ids = null) =>
        TableFile.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), "t.csv", target,
            source: new() { Delimiter = delimiter }, columns: new()
            {
                Missing = missing,
                Columns = ids is null ? new Dictionary<string, ColumnChoice>() : new() { [ids] = new() { Kind = ColumnKind.Identifier } },
            });
}
