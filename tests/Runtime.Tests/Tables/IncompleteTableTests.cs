using System.Text;

namespace LeoCvae.Runtime.Tests;

[TestClass]
public class IncompleteTableTests
{
    [TestMethod]
    public void Empty_cells_NA_and_NaN_are_missing_and_all_else_is_read_as_in_a_complete_table()
    {
        IncompleteTable table = Read("a,y,b\n1.50,p,\n,\"q\", \nNA,p,1e3\nNaN,q,-2\n\"nan\",p,\"\"\n3, p, 4 \n", "y");
        Assert.AreSequenceEqual((string[])["a", "b"], table.Columns);
        Assert.AreEqual("y", table.Target);
        Assert.AreSequenceEqual((string[])["p", "q", "p", "q", "p", " p"], table.Labels);
        Assert.AreSequenceEqual((double[])[1.5, double.NaN, double.NaN, double.NaN, double.NaN, 1000, double.NaN, -2, double.NaN, double.NaN, 3, 4], table.Values.Cast<double>());
    }

    [TestMethod]
    public void A_table_without_missing_values_has_the_values_of_the_other_reader()
    {
        const string Text = "\uFEFF\"a\";b;y\r\n\r\n1.25;-3;p\r\n+4;5e-1;größer\r\n";
        Table complete = Csv.Read(Text, delimiter: ';').Table;
        IncompleteTable table = Read(Text, delimiter: ';');
        Assert.AreSequenceEqual(complete.Schema.Columns.Select(column => column.Name), table.Columns);
        Assert.AreSequenceEqual(complete.Values.ToArray(), table.Values.Cast<double>());
        Assert.AreSequenceEqual((string[])["p", "größer"], table.Labels);
    }

    [TestMethod]
    [DataRow("a,b,y\n1,2,p\n3,?,q\n", "t.csv: row 2 (line 3), column 'b': got '?', expected a finite number, or an empty cell, NA or NaN where it is missing")]
    [DataRow("a,b,y\n1,2,p\n3,na,q\n", "row 2 (line 3), column 'b': got 'na'")]
    [DataRow("a,b,y\n1,inf,p\n3,,q\n", "row 1 (line 2), column 'b': got 'inf'")]
    [DataRow("a,b,y\n1,2,p\n3,4,\n", "row 2 (line 3), column 'y': got an empty label, expected a class name")]
    [DataRow("a,b,y\n1,2,p\n3,4,NA\n", "row 2 (line 3), column 'y': got the label 'NA', which stands for a missing value")]
    [DataRow("a,b,y\n1,2,p\n3,4, nan\n", "row 2 (line 3), column 'y': got the label ' nan'")]
    [DataRow("a,b,y\n1,2,p\n3,4,\" \"\n", "row 2 (line 3), column 'y': got the label ' '")]
    [DataRow("a,b,y\n1,,p\n2,NA,q\n\n3,NaN,q\n", "t.csv: column 'b' has no value in any of the 3 rows, expected at least one number")]
    [DataRow("a,b,y\n1,,p\n3,q\n", "row 2 (line 3): got 2 fields, expected 3")]
    [DataRow("a,b,y\n", "a header line only, expected rows")]
    [DataRow("", "the file is empty")]
    public void Bad_input_is_refused_in_one_line(string text, string message)
    {
        InvalidDataException e = Expect.Throws<InvalidDataException>(() => Read(text), message);
        Assert.StartsWith("t.csv: ", e.Message);
        Assert.DoesNotContain("\n", e.Message);
    }

    static IncompleteTable Read(string text, string? target = null, char delimiter = ',') => TableFile.ReadIncomplete(new MemoryStream(Encoding.UTF8.GetBytes(text)), "t.csv", delimiter, target);
}
