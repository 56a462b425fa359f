using System.Text;

namespace LeoCvae.Runtime.Tests;

/// <summary>Kinds that are asked for.</summary>
[TestClass]
public class ColumnOptionsTests
{
    const string Text = "zip,age,when,note,y\n01234,1,3/4/2024,a,p\n00501,2,5/6/2024,b,q\n";

    [TestMethod]
    public void A_schema_says_what_columns_are_and_leaves_some_out()
    {
        Table table = Read(Text, """
            {"file": "t.csv", "columns": {"zip": {"kind": "number"}, "age": {"kind": "category", "categories": ["3", "2", "1"]},
            "when": {"kind": "date", "format": "d/M/yyyy"}, "note": {"kind": "drop"}}}
            """);
        Assert.AreSequenceEqual(["zip", "age", "when"], table.Schema.Columns.Select(column => column.Name));
        Assert.AreSequenceEqual([1234, 501], table.Column<int>("zip"));
        Assert.AreSequenceEqual(["3", "2", "1"], table.Schema.Columns[1].Categories!);
        Assert.AreSequenceEqual(["1", "2"], table.Column<string>("age"));
        Assert.AreSequenceEqual([new DateOnly(2024, 4, 3), new(2024, 6, 5)], table.Column<DateOnly>("when"));
        Assert.AreEqual("d/M/yyyy", table.Schema.Columns[2].Format);
        Assert.AreEqual(3, table.Schema.TargetIndex);
    }

    [TestMethod]
    public void Kinds_may_be_asked_for_that_would_not_have_been_guessed()
    {
        const string Numbers = "a,b,c,y\n20240229,1,x,p\n20240301,1,x,q\n";
        Table table = Read(Numbers, """
            {"columns": {"a": {"kind": "date", "format": "yyyyMMdd"}, "b": {"kind": "identifier"}, "c": {"kind": "identifier"}}}
            """);
        Assert.AreSequenceEqual([ColumnKind.Date, ColumnKind.Identifier, ColumnKind.Identifier],
            table.Schema.Columns.Select(column => column.Kind));
        Assert.AreEqual(new(2024, 2, 29), table.Column<DateOnly>("a")[0]);
        Assert.AreSequenceEqual(["20240229", "20240301"],
            Read(Numbers, """{"columns": {"a": {"kind": "category"}}}""").Column<string>("a"));
        Assert.AreEqual(ColumnKind.DateTime,
            Read("a,y\n2024-02-29,p\n", """{"columns": {"a": {"kind": "date-time"}}}""").Schema.Columns[0].Kind);
        Table none = Read("a,b,c,y\n,,,p\nNA,,,q\n", """
            {"columns": {"a": {"kind": "category"}, "b": {"kind": "date"}, "c": {"kind": "date-time"}}}
            """);
        Assert.AreSequenceEqual([2, 2, 2], none.MissingCounts());
        Assert.AreSequenceEqual([null, "yyyy-MM-dd", "yyyy-MM-ddTHH:mm:ss"], none.Schema.Columns.Select(column => column.Format));
    }

    [TestMethod]
    [DataRow("""{"columns": {"age": {"kind": "category", "categories": ["1"]}}}""",
        "row 2 (line 3), column 'age': got '2', expected one of the 1 categories of the schema")]
    [DataRow("""{"columns": {"note": {"kind": "number"}}}""", "row 1 (line 2), column 'note': got 'a', expected a finite number")]
    [DataRow("""{"columns": {"note": {"kind": "date"}}}""", "column 'note': got 'a', expected a date in a form that is known")]
    [DataRow("""{"columns": {"when": {"kind": "date", "format": "yyyy-MM-dd"}}}""", "got '3/4/2024', expected a date as yyyy-MM-dd")]
    [DataRow("""{"columns": {"Note": {"kind": "drop"}, "agee": {"kind": "drop"}}}""", "no column 'Note', 'agee'", "did you mean 'note'?")]
    [DataRow("""{"columns": {"quite another": {"kind": "drop"}}}""", "no column 'quite another'", "the columns are 'zip', 'age'")]
    [DataRow("""{"columns": {"y": {"kind": "drop"}}}""", "column 'y' is the label column and can't be left out", "--target")]
    [DataRow("""
        {"columns": {"zip": {"kind": "drop"}, "age": {"kind": "drop"}, "when": {"kind": "drop"}, "note": {"kind": "drop"}}}
        """, "all feature columns are left out")]
    public void A_table_that_is_not_as_it_should_be_is_refused(string schema, params string[] said)
    {
        if (!schema.Contains("when", StringComparison.Ordinal))
            schema = schema.Replace("{\"columns\": {", "{\"columns\": {\"when\": {\"kind\": \"drop\"}, ", StringComparison.Ordinal);
        Expect.Throws<InvalidDataException>(() => Read(Text, schema), ["t.csv: ", .. said]);
    }

    [TestMethod]
    [DataRow("", "no JSON")]
    [DataRow("[1]", "no object \"columns\"")]
    [DataRow("""{"colums": {}}""", "no object \"columns\"")]
    [DataRow("""{"columns": {"a": "number"}}""", "column 'a': got String, expected an object")]
    [DataRow("""{"columns": {"a": {"kind": "numbre"}}}""", "column 'a': got the kind 'numbre'", "did you mean 'number'?")]
    [DataRow("""{"columns": {"a": {}}}""", "column 'a': got no kind", "number, category, date, date-time, identifier, drop")]
    [DataRow("""{"columns": {"a": {"kind": 3}}}""", "column 'a': got Number for 'kind', expected a text")]
    [DataRow("""{"columns": {"a": {"kind": "date", "formatt": "d"}}}""", "column 'a': got 'formatt'", "did you mean 'format'?")]
    [DataRow("""{"columns": {"a": {"kind": "date", "format": "HH:mm"}}}""", "column 'a': got the format 'HH:mm' for a date")]
    [DataRow("""{"columns": {"a": {"kind": "number", "format": "yyyy"}}}""", "column 'a': got the format 'yyyy' for a number")]
    [DataRow("""{"columns": {"a": {"kind": "number", "categories": ["x"]}}}""", "column 'a'", "'categories'", "of a category")]
    [DataRow("""{"columns": {"a": {"kind": "category", "categories": ["x", "x"]}}}""", "column 'a': category 'x' is given twice")]
    [DataRow("""{"columns": {"a": {"kind": "drop"}, "a": {"kind": "drop"}}}""", "'columns': the name 'a' is given twice")]
    public void JSON_that_is_no_schema_is_refused(string json, params string[] said) =>
        Expect.Throws<ArgumentException>(() => ColumnOptions.FromJson(json), ["json: ", .. said]);

    [TestMethod]
    public void A_table_is_read_as_the_columns_of_another_where_it_has_the_same()
    {
        Table first = Read("doors,zip,when,id,age,y\n2,01,2024-02-29,a,1,p\n5more,02,2024-03-01,b,2,q\n", """
            {"columns": {"id": {"kind": "identifier"}}}
            """);
        Table second = Read("doors,zip,when,id,age,y\n3,7,01.03.2024,,01,p\n2,8,02.03.2024,9,02,q\n", null, first.Schema);
        Assert.AreSequenceEqual(first.Schema.Columns.Select(column => column.Kind), second.Schema.Columns.Select(column => column.Kind));
        Assert.AreSequenceEqual(["3", "2"], second.Schema.Columns[0].Categories!);
        Assert.AreEqual(new(2024, 3, 1), second.Column<DateOnly>("when")[0]);
        Expect.Throws<InvalidDataException>(() => Read("age,other,y\nold,1,p\n", null, first.Schema),
            "row 1 (line 2), column 'age': got 'old', expected a finite number");
        // Where the form of dates is open, it is the other table's.
        Table dates = Read("when,y\n13/02/2024,p\n", null), more = Read("when,y\n01/02/2024,p\n", null, dates.Schema);
        Assert.AreEqual(new(2024, 2, 1), more.Column<DateOnly>("when")[0]);
    }

    static Table Read(string text, string? schema, TableSchema? like = null) =>
        TableFile.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), "t.csv",
            columns: (schema is null ? new() : ColumnOptions.FromJson(schema)) with { Like = like });
}
