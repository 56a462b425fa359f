using System.Text.Json;

namespace LeoCvae.Runtime.Tests;

[TestClass]
public class TableSchemaTests
{
    [TestMethod]
    public void The_label_column_is_the_last_one_unless_said()
    {
        Assert.AreEqual(2, Schema("a", "b").TargetIndex);
        Assert.AreEqual(0, new TableSchema(Columns("a", "b"), "y", ["x"], 0).TargetIndex);
    }

    [TestMethod]
    [DataRow(-1, "got -1")]
    [DataRow(3, "got 3")]
    public void A_place_of_the_label_column_out_of_range_is_refused(int place, string message) =>
        Expect.Throws<ArgumentException>(() => new TableSchema(Columns("a", "b"), "y", ["x"], place), "0..2", message);

    [TestMethod]
    public void Names_must_be_there_and_unique()
    {
        Expect.Throws<ArgumentException>(() => Schema(), "at least one feature column");
        Expect.Throws<ArgumentException>(() => Schema("a", "b", "a"), "column 'a' is given twice");
        Expect.Throws<ArgumentException>(() => Schema("a", "y"), "column 'y' is given twice");
        Expect.Throws<ArgumentException>(() => Schema("a", ""), "a column has no name");
        Expect.Throws<ArgumentException>(() => new TableSchema(Columns("a"), "", ["x"]), "the label column has no name");
        Expect.Throws<ArgumentException>(() => new TableSchema(Columns("a"), "y", ["x", "z", "x"]), "class 'x' is given twice");
        Expect.Throws<ArgumentException>(() => new TableSchema(Columns("a"), "y", ["x", ""]), "a class has no name");
        Expect.Throws<ArgumentException>(() => new TableSchema(Columns("a"), null, ["x"]),
            "got 1 classes, expected none in a table without a label column");
        Assert.HasCount(2, Schema("a", "A").Columns);
    }

    [TestMethod]
    public void Names_that_no_text_file_can_hold_are_refused()
    {
        foreach ((string name, string said) in ((string, string)[])
        [
            ("a\0", "'a\\x00' has a NUL character"), ("\uFEFFa", "'\\ufeffa' has a byte order mark"),
            ("a\uD800", "'a\\ud800' has half of a surrogate pair"), ("\uDC00\uFFFDa", "has half of a surrogate pair"),
        ])
        {
            Expect.Throws<ArgumentException>(() => Schema("b", name), "columns: column ", said);
            Expect.Throws<ArgumentException>(() => new TableSchema(Columns("b"), name, ["x"]), "target: the label column ", said);
            Expect.Throws<ArgumentException>(() => new TableSchema(Columns("b"), "y", ["x", name]), "classes: class ", said);
        }
    }

    [TestMethod]
    public void Other_names_are_taken_as_they_are()
    {
        string[] names = ["\t", "\u001b[2J", "two\nlines", "\uFFFD", "\U0001F642", "\u202e"];
        Assert.AreSequenceEqual(names, Schema(names).Columns.Select(column => column.Name));
    }

    [TestMethod]
    [DataRow(-1, "got -1 decimals")]
    [DataRow(ColumnSpec.MaxDecimals + 1, "got 13 decimals")]
    [DataRow(int.MaxValue, "got 2147483647 decimals")]
    public void Decimals_that_no_number_can_be_written_with_are_refused(int decimals, string message) =>
        Expect.Throws<ArgumentException>(() => new TableSchema([new() { Name = "a", Minimum = 0, Maximum = 1, Decimals = decimals }], "y",
            ["x"]), "column 'a'", message, "0 to 12");

    [TestMethod]
    public void A_class_index_points_into_the_classes_and_an_unknown_class_is_refused_with_those_known()
    {
        TableSchema schema = new(Columns("a"), "stage", Enumerable.Range(0, 10).Select(i => $"s{i}"));
        for (int i = 0; i < 10; i++)
            Assert.AreEqual(i, schema.ClassIndex(schema.Classes[i]));
        Expect.Throws<ArgumentException>(() => schema.ClassIndex("S1"), "unknown class 'S1'", "'stage'", "'s0', 's1'", "and 2 more");
    }

    [TestMethod]
    public void Tables_match_by_the_names_and_the_order_of_their_columns()
    {
        TableSchema schema = Schema("a", "b");
        Assert.IsNull(schema.Mismatch(schema));
        Assert.IsNull(schema.Mismatch(new(Columns("a", "b"), "y", ["quite", "other", "classes"], 0)));
        Assert.AreEqual("label column: got 'z', expected 'y'", schema.Mismatch(new(Columns("a", "b"), "z", ["x"])));
        Assert.AreEqual("the column 'b' is missing; got the column 'c', which is not expected; --drop c leaves it out",
            schema.Mismatch(Schema("a", "c")));
        Assert.AreEqual("feature column 1: got 'b', expected 'a'", schema.Mismatch(Schema("b", "a")));
        Assert.AreEqual("got the column 'c', which is not expected; --drop c leaves it out", schema.Mismatch(Schema("a", "c", "b")));
        Assert.AreEqual("got the columns 'c', 'd', which are not expected; --drop c,d leaves them out",
            schema.Mismatch(Schema("c", "a", "b", "d")));
        Assert.AreEqual("the column 'b' is missing", schema.Mismatch(Schema("a")));
        Assert.AreEqual("the columns 'a', 'b' are missing (is 'A' meant?); got the column 'A', which is not expected; --drop A leaves " +
            "it out", schema.Mismatch(Schema("A")));
    }

    [TestMethod]
    public void A_column_says_in_JSON_only_that_values_may_be_missing_not_that_they_may_not()
    {
        ColumnSpec full = new() { Name = "a", Minimum = 0, Maximum = 1, Decimals = 2 };
        foreach (ColumnSpec column in (ColumnSpec[])[full, full with { HasMissing = true }])
        {
            string json = JsonSerializer.Serialize(column, ManifestJson.Default.ColumnSpec);
            Assert.AreEqual(column.HasMissing, json.Contains("\"has_missing\":true", StringComparison.Ordinal));
            Assert.AreEqual(column.HasMissing, json.Contains("missing", StringComparison.Ordinal));
            Assert.AreEqual(column, JsonSerializer.Deserialize(json, ManifestJson.Default.ColumnSpec));
        }
    }

    [TestMethod]
    public void Categories_stand_in_JSON_and_are_unique_and_dates_have_a_format()
    {
        ColumnSpec city = City;
        ColumnSpec day = new() { Name = "day", Kind = ColumnKind.Date, Minimum = 0, Maximum = 9, Decimals = 0, Format = "yyyy-MM-dd" };
        TableSchema schema = new([city, day], "y", ["x"]);
        string json = JsonSerializer.Serialize(schema.Columns[0], ManifestJson.Default.ColumnSpec);
        Assert.AreSequenceEqual(city.Categories, JsonSerializer.Deserialize(json, ManifestJson.Default.ColumnSpec)!.Categories!);
        (ColumnSpec Column, string[] Message)[] wrong =
        [
            (city with { Categories = ["Ulm", "Ulm"] }, ["'city'", "'Ulm' is given twice"]),
            (city with { Categories = null }, ["'city'", "no categories", "Category"]),
            (city with { Maximum = 2 }, ["'city'", "from 0 to 2", "expected 0 to 1"]),
            (city with { Kind = ColumnKind.Numeric }, ["'city'", "categories for Category only"]),
            (day with { Format = null }, ["'day'", "no format"]),
            (day with { Kind = (ColumnKind)7 }, ["'day'", "kind 7"]),
            (day with { Format = "yyyy-MM-dd HH:mm" }, ["'day'", "the format 'yyyy-MM-dd HH:mm'", "for a date", "yyyy-MM-dd"]),
            (day with { Format = "D" }, ["'day'", "the format 'D'"]),
            (day with { Format = "" }, ["'day'", "the format ''"]),
            (day with { Maximum = 1e7 }, ["'day'", "10000000", "9999-12-31"]),
            (day with { Kind = ColumnKind.DateTime, Minimum = -1e12 }, ["'day'", "-1000000000000", "0001-01-01"]),
        ];
        foreach ((ColumnSpec column, string[] message) in wrong)
            Expect.Throws<ArgumentException>(() => new TableSchema([column], "y", ["x"]), message);
    }

    [TestMethod]
    public void A_category_cell_is_the_index_of_a_name_and_a_part_of_a_table_keeps_the_names()
    {
        ColumnSpec city = City with { HasMissing = true };
        TableSchema schema = new([city, .. Columns("a")], "y", ["x"]);
        Table part = new Table(schema, [0, .5, double.NaN, 1, 1, 1], [0, 0, 0]).Select([2]);
        Assert.AreEqual(city with { HasMissing = false }, part.Schema.Columns[0]);
        foreach (double cell in (double[])[-1, 2, .5])
            Expect.Throws<ArgumentException>(() => new Table(schema, [0, 0, cell, 0], [0, 0]), "row 1", "'city'", "one of 2 categories");
    }

    static ColumnSpec City { get; } = new()
    {
        Name = "city",
        Kind = ColumnKind.Category,
        Minimum = 0,
        Maximum = 1,
        Decimals = 0,
        Categories = ["Köln", "Ulm"],
    };

    static TableSchema Schema(params string[] columns) => new(Columns(columns), "y", ["x"]);

    static IEnumerable<ColumnSpec> Columns(params string[] names) =>
        names.Select(name => new ColumnSpec { Name = name, Minimum = 0, Maximum = 1 });
}
