namespace LeoCvae.Runtime.Tests;

/// <summary>Tables of typed columns, and what is read back of them.</summary>
[TestClass]
public class TableColumnTests
{
    static readonly DateTimeOffset Time = new(2024, 3, 31, 1, 59, 59, TimeSpan.FromHours(1));

    [TestMethod]
    public void Columns_of_every_type_are_read_back_as_they_were_given()
    {
        Back(new double?[] { 1.5, null, -2 }, ColumnKind.Numeric);
        Back(new[] { 1.5, double.NaN, 3 }, ColumnKind.Numeric);
        Back(new[] { 0.1f, 1e10f, -3f }, ColumnKind.Numeric);
        Back(new[] { 0.1m, 12.50m, 3 }, ColumnKind.Numeric);
        Back(new[] { 1, int.MinValue, int.MaxValue }, ColumnKind.Numeric);
        Back(new long?[] { 1L << 53, null, -(1L << 53) }, ColumnKind.Numeric);
        Back(new[] { "Ulm", null, " ulm" }, ColumnKind.Category);
        Back(new[] { true, true, false }, ColumnKind.Category);
        Back(new bool?[] { true, null, false }, ColumnKind.Category);
        Back(new[] { DateOnly.MinValue, DateOnly.MaxValue, new(2024, 2, 29) }, ColumnKind.Date);
        Back(new DateOnly?[] { null, null, null }, ColumnKind.Date);
        Back(new[] { Time.UtcDateTime, Time.UtcDateTime.AddMicroseconds(1), DateTime.UnixEpoch }, ColumnKind.DateTime);
        Back(new DateTimeOffset?[] { Time, null, Time.AddDays(1) }, ColumnKind.DateTime);
    }

    static void Back<T>(T[] values, ColumnKind kind)
    {
        Table table = Table.FromColumns([TableColumn.Of("a", values), TableColumn.Of("row", new[] { 0, 1, 2 })], ["p", "q", "p"]);
        Assert.AreEqual(kind, table.Schema.Columns[0].Kind);
        Assert.AreSequenceEqual(values, table.Column<T>("a"));
        Assert.AreSequenceEqual(values[1..], table.Select([1, 2]).Column<T>("a"));
        Assert.AreEqual(values.Any(value => value is null or double.NaN), table.Schema.Columns[0].HasMissing);
    }

    [TestMethod]
    public void Numbers_have_the_decimals_of_their_shortest_text_and_times_a_format_with_their_zone()
    {
        Assert.AreEqual(new ColumnSpec { Name = "a", Minimum = 0.1, Maximum = 2, Decimals = 1 }, Spec(new[] { 0.1f, 2f }));
        Assert.AreEqual("yyyy-MM-ddTHH:mm:ss", Spec(new[] { new DateTime(2024, 1, 1) }).Format);
        Assert.AreEqual("yyyy-MM-ddTHH:mm:ss.f'Z'", Spec(new[] { Time.UtcDateTime.AddMilliseconds(500) }).Format);
        Assert.AreEqual("yyyy-MM-ddTHH:mm:ss'+01:00'", Spec(new[] { Time }).Format);
        Assert.AreEqual("yyyy-MM-ddTHH:mm:sszzz", Spec(new[] { Time, Time.ToOffset(TimeSpan.FromHours(-2)) }).Format);

        static ColumnSpec Spec<T>(T[] values) => Table.FromColumns([TableColumn.Of("a", values)]).Schema.Columns[0];
    }

    [TestMethod]
    public void A_table_of_columns_may_have_no_labels()
    {
        Table table = Table.FromColumns([TableColumn.Of("a", new[] { 1, 2 }), TableColumn.Identifiers("id", ["x", "y"])]);
        Assert.IsFalse(table.IsLabeled);
        Assert.AreEqual(ColumnKind.Identifier, table.Schema.Columns[1].Kind);
    }

    [TestMethod]
    public void What_is_no_column_is_refused()
    {
        Expect.Throws<ArgumentException>(() => TableColumn.Of("a", new[] { new object() }), "column 'a'", "the type Object", "DateOnly");
        Expect.Throws<ArgumentException>(() => TableColumn.Of("a", new[] { 1, double.PositiveInfinity }),
            "row 1, column 'a': got Infinity");
        Expect.Throws<ArgumentException>(() => TableColumn.Of("a", new[] { (1L << 53) + 1 }), "row 0, column 'a': got 9007199254740993",
            "a number that a double holds");
        Expect.Throws<ArgumentException>(() => Table.FromColumns([TableColumn.Of("a", new[] { "x\0" })]), "NUL");
        Expect.Throws<ArgumentException>(() => Table.FromColumns([TableColumn.Of("a", new[] { 1 })], ["p", "q"]),
            "column 'a': got 1 values, expected 2");
        Expect.Throws<ArgumentException>(() => Table.FromColumns([]), "at least one feature column");
        Table table = Table.FromColumns([TableColumn.Of("a", new[] { "x", null })]);
        Expect.Throws<ArgumentException>(() => table.Column<string>("b"), "no column 'b'", "'a'");
        Expect.Throws<ArgumentException>(() => table.Column<bool?>("a"), "column 'a' (categories): got the type Boolean for x");
        Expect.Throws<ArgumentException>(() => Table.FromColumns([TableColumn.Of("a", new[] { 1.5 })]).Column<int>("a"), "for 1.5",
            "whole numbers");
        Expect.Throws<ArgumentException>(() => Table.FromColumns([TableColumn.Of("a", new int?[] { null })]).Column<int>("a"),
            "row 0, column 'a': the value is missing", "ask for Int32?");
    }
}
