using System.Text;
using Parquet.Schema;

namespace LeoCvae.Runtime.Tests;

/// <summary>Tables in other shapes: genes in rows, names of rows without a header, labels in another file.</summary>
[TestClass]
public class SourceTableTests
{
    const string Plain = "sample,TP53,\"HLA-A,B\",stage\nS1,1.5,2,IV\nS2,-3,NA,\"I, II\"\nS3,0.25,7,\n";
    const string Genes = "gene\tS1\tS2\tS3\nTP53\t1.5\t-3\t0.25\nHLA-A,B\t2\tNA\t7\nstage\tIV\tI, II\t\n";
    const string Clinical = "patient,sample,age,diagnosis\nP1,S2 ,60,ill\nP1,S1,61,well\nP2,S9,50,ill\nP3, S3,40,ill\n";

    static TableDocument Read(string text, SourceOptions source, string? target = null, string? groups = null,
        LabelUse labels = LabelUse.Required, string name = "t.csv") =>
        TableFile.ReadDocument(new MemoryStream(Encoding.UTF8.GetBytes(text)), name, target, labels, groups, null, source);

    [TestMethod]
    public void A_table_with_genes_in_rows_is_the_table_with_genes_in_columns()
    {
        ColumnOptions ids = new()
        {
            Columns = new Dictionary<string, ColumnChoice> { ["sample"] = new() { Kind = ColumnKind.Identifier } },
        };
        Table plain = TableFile.Read(new MemoryStream(Encoding.UTF8.GetBytes(Plain)), "t.csv", "none", LabelUse.Optional, ids);
        foreach (string genes in (string[])[Genes, Genes["gene\t".Length..], Genes["gene".Length..]])
        {
            TableDocument document = Read(genes, new() { Delimiter = '\t', IsTransposed = true }, "none", labels: LabelUse.Optional);
            Assert.AreEqual(plain.Sha256(), document.Table.Sha256());
            Assert.AreEqual("sample\tTP53\tHLA-A,B\tstage\nS1\t1.5\t2\tIV\nS2\t-3\tNA\tI, II\nS3\t0.25\t7\t\n", Csv.Write(document));
        }
    }

    [TestMethod]
    public void Labels_of_another_file_are_joined_by_id_and_what_has_no_partner_is_counted()
    {
        using TempFolder folder = new();
        File.WriteAllText(folder["clinical.csv"], Clinical);
        TableDocument document = Read("id2,sample,x\na,S1,1\nb,S4,2\nc,S3,3\nd,S2,4\n",
            new() { Labels = folder["clinical.csv"], Id = "sample" }, "diagnosis", "patient");
        Assert.AreEqual(new JoinedLabels(3, 1, 1), document.Labels);
        Assert.AreSequenceEqual([1.0, 3, 4], document.Table.Column<double>("x"));
        Assert.AreSequenceEqual(["well", "ill", "ill"], Enumerable.Range(0, 3).Select(document.Table.Label));
        Assert.AreSequenceEqual(["P1", "P3", "P1"], document.Groups!);
        Assert.AreEqual(ColumnKind.Identifier, document.Table.Schema.Columns.Single(column => column.Name == "sample").Kind);
        Assert.AreEqual("id2,sample,x,patient,diagnosis\na,S1,1,P1,well\nc,S3,3,P3,ill\nd,S2,4,P1,ill\n", Csv.Write(document));
        // The last column is the label, as in one file.
        Assert.AreEqual("diagnosis", Read("sample,x\nS1,1\nS2,2\n", new() { Labels = folder["clinical.csv"], Id = "sample" })
            .Table.Schema.Target);
    }

    [TestMethod]
    [DataRow("clinical.tsv")]
    [DataRow("clinical.csv.gz")]
    [DataRow("clinical.parquet")]
    public void Genes_in_rows_go_with_labels_in_any_format_and_a_label_that_is_missing_is_none(string name)
    {
        using TempFolder folder = new();
        File.WriteAllText(folder["c.csv"], "SAMPLE,TYPE\nS3,b\nS1,a\nS2,NA\n");
        TableConverter.Convert(folder["c.csv"], folder[name]);
        TableDocument document = Read(Genes, new() { Delimiter = '\t', IsTransposed = true, Labels = folder[name], Id = "SAMPLE" }, "TYPE");
        Assert.AreEqual(new JoinedLabels(2, 1, 0), document.Labels);
        Assert.AreSequenceEqual([1.5, 0.25], document.Table.Column<double>("TP53"));
        Assert.AreSequenceEqual(["a", "b"], document.Table.Schema.Classes);
    }

    [TestMethod]
    [DataRow("\"x\",\"y\"\n\"r1\",1,\"p\"\n\"r2\",2,\"q\"\n", DisplayName = "R: write.table")]
    [DataRow("\"\",\"x\",\"y\"\n\"r1\",1,\"p\"\n\"r2\",2,\"q\"\n", DisplayName = "R: write.csv")]
    [DataRow(",x,y\nr1,1,p\nr2,2,q\n", DisplayName = "pandas: to_csv")]
    [DataRow("name,x,y\nr1,1,p\nr2,2,q\n", DisplayName = "names with a header")]
    public void Row_names_are_ids_when_told(string text)
    {
        TableDocument document = Read(text, new() { HasRowNames = true, Id = "name" });
        Assert.AreSequenceEqual(["name", "x"], document.Table.Schema.Columns.Select(column => column.Name));
        Assert.AreEqual(ColumnKind.Identifier, document.Table.Schema.Columns[0].Kind);
        Assert.AreEqual("name,x,y\nr1,1,p\nr2,2,q\nsynthetic-1,3,p\n", Csv.Write(document, Csv.Append(document, ([0, 3], "p"))));
        if (!text.StartsWith("name", StringComparison.Ordinal))
            Expect.Throws<InvalidDataException>(() => Read(text, new()), "--row-names");
    }

    [TestMethod]
    public void Parquet_is_put_into_shape_as_its_text()
    {
        using TempFolder folder = new();
        File.WriteAllText(folder["c.csv"], "id,label\n2,p\n3,q\n");
        ParquetFiles.Write(folder["t.parquet"], (new DataField<int>("id"), new[] { 1, 2, 3 }),
            (new DataField<float>("x"), new[] { 0.1f, 2, 3 }));
        TableDocument document = TableFile.ReadDocument(folder["t.parquet"], source: new() { Labels = folder["c.csv"], Id = "id" });
        Assert.AreEqual("id,x,label\n2,2,p\n3,3,q\n", Csv.Write(document));
        Assert.AreEqual(2, TableFile.Read(folder["t.parquet"], source: new() { Labels = folder["c.csv"], Id = "id" }).RowCount);
    }

    [TestMethod]
    [DataRow("sample,x\nS1,1\nS1,2\n", Clinical, "t.csv: line 3: the id 'S1' is given twice in column 'sample'")]
    [DataRow("sample,x\nS1,1\n,2\n", Clinical, "t.csv: line 3: the id is missing in column 'sample'")]
    [DataRow("sample,x\nS1,1\n", "sample,y\nS1,p\nS2,q\nS1,q\n", "labels.csv: line 4: the id 'S1' is given twice, first in line 2")]
    [DataRow("sample,x\ns1,1\ns2,2\n", Clinical, "no row has a label: the ids are 's1', 's2', those in ", "'S2', 'S1', 'S9'",
        "differ in case")]
    [DataRow("id,x\nS1,1\n", Clinical, "t.csv: no column 'sample' for the ids of the rows; the columns are 'id', 'x'")]
    [DataRow("sample,x\nS1,1\n", "id,y\nS1,p\n", "labels.csv: no column 'sample' for the ids of the labels")]
    [DataRow("sample,x\nS1,1\n", "y,sample\np,S1\n", "column 'sample' has the ids", "--target names it")]
    [DataRow("sample,y\nS1,1\n", "sample,y\nS1,p\n", "column 'y' is there already, and is to come from ")]
    [DataRow("sample,x\nS1,1,2\n", Clinical, "t.csv: line 2: got 3 fields, expected 2 as in the header")]
    [DataRow("sample,x\nS1,1\n", "sample,y\nS1\n", "labels.csv: line 2: got 1 fields, expected 2")]
    [DataRow("sample,x\nS1,1\n", "sample;y\nS1;p\n", "labels.csv: got the column 'sample;y' only", "--delimiter semicolon")]
    [DataRow("sample,x\nS1,1\n", "", "labels.csv: the file is empty")]
    [DataRow("sample,x\nS1,one\nS2,2\n", Clinical, "t.csv (with labels of ")]
    public void What_does_not_go_together_is_refused_by_name(string table, string labels, params string[] said)
    {
        using TempFolder folder = new();
        File.WriteAllText(folder["labels.csv"], labels);
        ColumnOptions numbers = new() { Columns = new Dictionary<string, ColumnChoice> { ["x"] = new() { Kind = ColumnKind.Numeric } } };
        Expect.Throws<InvalidDataException>(() => TableFile.Read(new MemoryStream(Encoding.UTF8.GetBytes(table)), "t.csv",
            columns: said[0].Contains("(with", StringComparison.Ordinal) ? numbers : null,
            source: new() { Labels = folder["labels.csv"], Id = "sample" }), said);
    }

    [TestMethod]
    public void Genes_that_come_twice_or_are_torn_are_refused()
    {
        SourceOptions source = new() { IsTransposed = true };
        Expect.Throws<InvalidDataException>(() => Read("g,S1,S2\nA,1,2\nA,3,4\n", source), "t.csv (transposed)",
            "column 'A' is given twice");
        Expect.Throws<InvalidDataException>(() => Read("g,S1,S2\nA,1,2\nB,3\n", source), "t.csv: line 3: got 2 fields, expected 3");
        Expect.Throws<InvalidDataException>(() => Read("g,S1\nA,1\nB,\"2\n", source), "t.csv: line 3", "quote");
        Expect.Throws<InvalidDataException>(() => Read("g,S1\n", source), "header line only");
        using TempFolder folder = new();
        File.WriteAllText(folder["l.csv"], Clinical);
        Expect.Throws<InvalidDataException>(() => Read("g,S1,S1\nA,1,2\n", new()
        {
            IsTransposed = true,
            Labels = folder["l.csv"],
            Id = "sample"
        }), "t.csv: column 3: the id 'S1' is given twice");
    }
}
