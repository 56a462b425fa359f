using System.Text;

namespace LeoCvae.Runtime.Tests.Tables;

/// <summary>A column that says what rows come from is text, and none of the table's.</summary>
[TestClass]
public class CsvGroupsTests
{
    static TableDocument Document(string text, string? groups, string? target = null, LabelUse labels = LabelUse.Required) =>
        TableFile.ReadDocument(new MemoryStream(Encoding.UTF8.GetBytes(text)), "t.csv", target, labels, groups);

    static GroupedTable Grouped(string text, string? groups, string? target = null) =>
        TableFile.ReadGrouped(new MemoryStream(Encoding.UTF8.GetBytes(text)), "t.csv", groups, target);

    [TestMethod]
    [DataRow("who,a,b,y\nP 1,1,2,p\n\"P,2\",3,4,q\nP 1,5,6,p\n", "y")]
    [DataRow("a,who,b,y\n1,P 1,2,p\n3,\"P,2\",4,q\n5,P 1,6,p\n", "y")]
    [DataRow("a,y,who,b\n1,p,P 1,2\n3,q,\"P,2\",4\n5,p,P 1,6\n", "y")]
    [DataRow("y,a,b,who\np,1,2,P 1\nq,3,4,\"P,2\"\np,5,6,P 1\n", "y")]
    public void The_table_is_the_one_without_the_column(string text, string target)
    {
        GroupedTable grouped = Grouped(text, "who", target);
        Assert.AreSequenceEqual(["P 1", "P,2", "P 1"], grouped.Groups!);
        Assert.AreSequenceEqual(["a", "b"], grouped.Table.Schema.Columns.Select(column => column.Name));
        Assert.AreSequenceEqual([1.0, 2, 3, 4, 5, 6], grouped.Table.Values.ToArray());
        Assert.AreSequenceEqual(["p", "q"], grouped.Table.Schema.Classes);
        string without = string.Concat(text.Replace("\"P,2\"", "P 2", StringComparison.Ordinal).TrimEnd('\n').Split('\n')
            .Select(line => string.Join(',', line.Split(',').Where(cell => cell is not ("who" or "P 1" or "P 2"))) + "\n"));
        Table expected = TableFile.Read(new MemoryStream(Encoding.UTF8.GetBytes(without)), "t.csv", target);
        Assert.AreEqual(expected.Sha256(), grouped.Table.Sha256());
        Assert.AreEqual(expected.Schema.TargetIndex, grouped.Table.Schema.TargetIndex);
    }

    [TestMethod]
    [DataRow("who,a,y,b\nP1, 1.5,p,2\nP2,3,q,4\n", ",1.5,p,7\n")]
    [DataRow("a,who,y,b\n1.5,\"P\n1\",p,2\n3,P2,q,4\n", "1.5,,p,7\n")]
    [DataRow("a,y,who,b\n1.5,p, P1 ,2\n3,q,P2,4\n", "1.5,p,,7\n")]
    [DataRow("a,y,b,who\n1.5,p,2,P1\n3,q,4,\n", "1.5,p,7,\n")]
    public void Real_rows_keep_their_bytes_and_synthetic_ones_get_an_empty_cell_in_its_place(string text, string synthetic)
    {
        TableDocument document = Document(text, "who", "y");
        Table resampled = Csv.Append(document, ([1.5, 7], "p"));
        Assert.AreEqual(text + synthetic, Csv.Write(document, resampled));
        string[] lines = Csv.Write(document, resampled, new ExtraColumn("mark", row => $"m{row}")).Split('\n');
        Assert.AreEqual(synthetic.TrimEnd('\n') + ",m2", lines[^2]);
        Assert.ThrowsExactly<ArgumentException>(() => document.RequireNewColumns(["who"]));
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("  ")]
    [DataRow("NA")]
    [DataRow("nan")]
    public void A_row_without_a_group_stands_for_itself(string cell) =>
        Assert.AreSequenceEqual([null, "P1", null, "P1"], Grouped($"who,a,y\n{cell},1,p\nP1,2,q\n{cell},3,p\nP1,4,q\n", "who").Groups!);

    [TestMethod]
    public void Blanks_around_a_name_do_not_part_what_belongs_together() =>
        Assert.AreSequenceEqual(["P1", "P1", "P1", "p1"], Grouped("who,a,y\nP1,1,p\n P1,2,q\nP1 ,3,p\np1,4,q\n", "who").Groups!);

    [TestMethod]
    [DataRow("a,b,y\n1,2,p\n", "who", null, "no column 'who' for the groups; the columns are 'a', 'b', 'y'")]
    [DataRow("a,b,y\n1,2,p\n", "y", "y", "column 'y' is the label column, expected another one for the groups")]
    [DataRow("a,b,y\n1,2,p\n", "y", null, "column 'y' is the label column, the last one, expected another one for the groups; --target")]
    [DataRow("who,y\nP1,p\n", "who", "y",
        "got the columns 'who', 'y' only, expected at least one feature column beside the groups and the label")]
    [DataRow("who,a,y\nP\0,1,p\n", "who", null, "NUL")]
    public void A_column_that_cannot_be_the_groups_is_refused(string text, string groups, string? target, string said)
    {
        Assert.Contains(said, Assert.ThrowsExactly<InvalidDataException>(() => Grouped(text, groups, target)).Message);
        Assert.Contains(said, Assert.ThrowsExactly<InvalidDataException>(() => Document(text, groups, target)).Message);
    }

    [TestMethod]
    public void Tables_without_labels_have_groups_too()
    {
        TableDocument document = Document("a,who,b\n1,P1,2\n", "who", "y", LabelUse.Optional);
        Assert.AreSequenceEqual(["a", "b"], document.Table.Schema.Columns.Select(column => column.Name));
        Assert.AreSequenceEqual(["P1"], document.Groups!);
        Assert.Contains("expected at least one feature column beside the groups",
            Assert.ThrowsExactly<InvalidDataException>(() => Document("who\nP1\n", "who", "y", LabelUse.Optional)).Message);
    }

    [TestMethod]
    public void Without_a_group_column_there_are_none()
    {
        Assert.IsNull(Grouped("a,y\n1,p\n", null).Groups);
        Assert.IsNull(Document("a,y\n1,p\n", null).Groups);
    }
}
