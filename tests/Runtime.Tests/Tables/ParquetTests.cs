using Parquet.Schema;

namespace LeoCvae.Runtime.Tests;

/// <summary>Parquet in and out: the same table as in a CSV file; types and values of real rows kept.</summary>
[TestClass]
public class ParquetTests
{
    static string Oracle(string name) => Path.Combine(AppContext.BaseDirectory, "Oracles", name);

    // Both files were written by DuckDB 1.5 from one table: all types, missing values, codes beyond 2^53, quotes and line ends in texts.
    [TestMethod]
    [DataRow("duckdb-v1.parquet", DisplayName = "data pages V1, Snappy, dictionaries")]
    [DataRow("duckdb-v2.parquet", DisplayName = "data pages V2, Zstandard, delta encodings")]
    public void A_file_of_another_program_is_the_same_table_as_its_CSV(string name)
    {
        Table table = TableFile.Read(Oracle(name)), csv = TableFile.Read(Oracle("duckdb.csv"));
        Assert.AreEqual(csv.Sha256(), table.Sha256());
        Assert.AreSequenceEqual(csv.MissingCounts(), table.MissingCounts());
        foreach ((ColumnSpec expected, ColumnSpec actual) in csv.Schema.Columns.Zip(table.Schema.Columns))
            Assert.AreEqual((expected.Name, expected.Kind, expected.Minimum, expected.Maximum, expected.Decimals),
                (actual.Name, actual.Kind, actual.Minimum, actual.Maximum, actual.Decimals));
        Assert.AreSequenceEqual(csv.Schema.Classes, table.Schema.Classes);
    }

    [TestMethod]
    [DataRow("duckdb-v1.parquet")]
    [DataRow("duckdb-v2.parquet")]
    public void Real_rows_are_written_with_their_types_and_values_and_new_rows_alike(string name)
    {
        using TempFolder folder = new();
        ColumnOptions options = new() { Columns = new Dictionary<string, ColumnChoice> { ["tiny"] = new() } };
        TableDocument document = TableFile.ReadDocument(Oracle(name), "y", columns: options);
        TableSchema schema = document.Table.Schema;
        int Feature(string column) => schema.Columns.Select(spec => spec.Name).ToList().IndexOf(column);
        double[] made = document.Table.Row(3).ToArray();
        made[Feature("dec9")] = -7.25;
        made[Feature("utc_time")] = 0.5;
        made[Feature("flag")] = double.NaN;
        Table resampled = document.Table.Append(new(schema, made, [1], 0, [3]));
        TableFile.Write(folder["out.parquet"], overwrite: false, stream => document.Write(stream, resampled,
            ExtraColumn.OfWhole("source_row", resampled.SourceRow), ExtraColumn.OfNumbers("bits", row => row / 3.0),
            new ExtraColumn("note", row => $"row {row}")));

        // Parquet.Net doesn't read all that is in the other file.
        (string[] before, List<object?[]> real) = ParquetFiles.Read(Oracle("duckdb-v1.parquet"));
        (string[] after, List<object?[]> all) = ParquetFiles.Read(folder["out.parquet"]);
        Assert.AreSequenceEqual([.. before, "source_row: Int64?", "bits: Double?", "note: ReadOnlyMemory`1?"], after);
        Assert.HasCount(real.Count + 1, all);
        foreach ((int row, object?[] cells) in real.Index())
            Assert.AreSequenceEqual([.. cells, (long)row, row / 3.0, $"row {row}"], all[row]);
        Dictionary<string, object?> added = after.Select(column => column.Split(':')[0]).Zip(all[^1]).ToDictionary();
        Assert.AreEqual("synthetic-1", added["id"]);
        Assert.AreEqual("common", added["y"]);
        Assert.AreEqual(-7.25m, added["dec9"]);
        Assert.AreEqual(DateTime.UnixEpoch.AddMilliseconds(500), added["utc_time"]);
        foreach (string missing in (string[])["tiny", "flag", "number", "city"])
            Assert.IsNull(added[missing]);
        foreach (string same in (string[])["whole", "small", "large", "single", "day", "local_time", "dec18", "dec38", "code", "zip"])
            Assert.AreEqual(all[3][Array.FindIndex(after, column => column.StartsWith(same + ":", StringComparison.Ordinal))], added[same]);
    }

    [TestMethod]
    public void Columns_of_every_type_come_back_the_same()
    {
        using TempFolder folder = new();
        TableDocument document = TableFile.ReadDocument(Oracle("parquet-types.parquet"), "y");
        Table table = document.Table;
        Assert.HasCount(54, table.Schema.Columns.ToArray());
        foreach ((ColumnSpec column, int missing) in table.Schema.Columns.Zip(table.MissingCounts()))
            Assert.AreEqual(column.Kind != ColumnKind.Identifier && column.Name.EndsWith("_or_null", StringComparison.Ordinal), missing > 0,
                column.Name);
        Table resampled = table.Append(new(table.Schema, table.Row(7).ToArray(), [table.Labels[7]], 0, [7]));
        TableFile.Write(folder["out.parquet"], overwrite: false, stream => document.Write(stream, resampled));
        Table written = TableFile.Read(folder["out.parquet"], "y");
        Assert.AreSequenceEqual(resampled.Values.ToArray(), written.Values.ToArray());
    }

    [TestMethod]
    public void Generated_tables_of_every_kind_come_back_the_same_in_row_groups()
    {
        using TempFolder folder = new();
        Table table = TableFile.Read(Oracle("duckdb.csv"));
        TableFile.Write([table, table, table], folder["t.parquet"]);
        TableFile.Write(folder["t.csv"], false, stream => TableFile.Write([table, table, table], stream));
        Table read = TableFile.Read(folder["t.parquet"]), csv = TableFile.Read(folder["t.csv"]);
        Assert.AreEqual(90, read.RowCount);
        Assert.AreEqual(csv.Sha256(), read.Sha256());
    }

    [TestMethod]
    public void Columns_that_must_have_values_are_read_and_written_as_such()
    {
        using TempFolder folder = new();
        ParquetFiles.Write(folder["t.parquet"], 2, (new DataField<int>("a"), new[] { 1, 2, 3 }),
            (new DataField<double>("b"), new[] { 1.5, double.NaN, 2 }),
            (new DataField("c", typeof(string), false), (string[])["p", "", "q"]), (new DataField<bool>("y"), new[] { true, false, true }));
        TableDocument document = TableFile.ReadDocument(folder["t.parquet"]);
        Assert.AreSequenceEqual([0, 1, 1], document.Table.MissingCounts());
        Assert.AreSequenceEqual(["true", "false"], document.Table.Schema.Classes);
        TableFile.Write(folder["out.parquet"], false, stream => document.Write(stream, document.Table.Append(
            new(document.Table.Schema, [7, double.NaN, double.NaN], [1], 0, [0]))));
        (string[] columns, List<object?[]> rows) = ParquetFiles.Read(folder["out.parquet"]);
        // Texts may be missing in new rows, numbers are NaN.
        Assert.AreSequenceEqual(["a: Int32", "b: Double", "c: ReadOnlyMemory`1?", "y: Boolean"], columns);
        Assert.AreSequenceEqual([2, double.NaN, "", false], rows[1]);
        Assert.AreSequenceEqual([7, double.NaN, null, false], rows[3]);
    }

    [TestMethod]
    public void Text_is_read_by_the_rules_of_a_CSV_and_types_by_their_own()
    {
        using TempFolder folder = new();
        string?[] Cells(Func<int, string?> cell) => [.. Enumerable.Range(0, 24).Select(cell)];
        ParquetFiles.Write(folder["t.parquet"], 5,
            (new DataField("numbers", typeof(string), true), Cells(row => row == 3 ? "NA" : row == 4 ? null : $"{row}.50")),
            (new DataField("days", typeof(string), true), Cells(row => $"{row + 1:00}.03.2024")),
            (new DataField("codes", typeof(string), true), Cells(row => $"{row % 3:000}")),
            (new DataField("names", typeof(string), true), Cells(row => $"S{row}")),
            (new DataField<long>("large"), Enumerable.Range(0, 24).Select(row => (1L << 53) + row % 4).ToArray()),
            (new DataField("nothing", typeof(string), true), Cells(_ => null)),
            (new DataField<float>("single"), Enumerable.Range(0, 24).Select(row => row / 10f).ToArray()),
            (new DataField<int>("y"), Enumerable.Range(0, 24).Select(row => row % 2).ToArray()));
        TableSchema schema = TableFile.Read(folder["t.parquet"]).Schema;
        Assert.AreSequenceEqual([ColumnKind.Numeric, ColumnKind.Date, ColumnKind.Category, ColumnKind.Identifier, ColumnKind.Category,
            ColumnKind.Numeric, ColumnKind.Numeric], schema.Columns.Select(column => column.Kind));
        Assert.AreEqual("dd.MM.yyyy", schema.Columns[1].Format);
        Assert.AreSequenceEqual(["9007199254740992", "9007199254740993", "9007199254740994", "9007199254740995"],
            schema.Columns[4].Categories!);
        Assert.AreEqual((2.3, 1), (schema.Columns[6].Maximum, schema.Columns[6].Decimals!.Value));
        Assert.AreSequenceEqual(["0", "1"], schema.Classes);

        Dictionary<string, ColumnChoice> choices = new()
        {
            ["single"] = new() { Kind = ColumnKind.Category },
            ["codes"] = new() { Kind = ColumnKind.Numeric },
            ["numbers"] = new(),
        };
        schema = TableFile.Read(folder["t.parquet"], columns: new() { Columns = choices }).Schema;
        Assert.AreEqual("0.1", schema.Columns.Single(column => column.Name == "single").Categories![1]);
        Assert.AreEqual(2, schema.Columns.Single(column => column.Name == "codes").Maximum);
    }

    [TestMethod]
    public void Row_names_that_are_numbers_go_on_after_the_largest()
    {
        using TempFolder folder = new();
        ParquetFiles.Write(folder["t.parquet"], (new DataField<int>("sample"), new[] { 7, 30, 4 }),
            (new DataField<double>("x"), new[] { 1.0, 2, 3 }), (new DataField("y", typeof(string), false), (string[])["p", "q", "p"]));
        TableDocument document = TableFile.ReadDocument(folder["t.parquet"],
            columns: new() { Columns = new Dictionary<string, ColumnChoice> { ["sample"] = new() { Kind = ColumnKind.Identifier } } });
        TableFile.Write(folder["out.parquet"], false, stream => document.Write(stream, document.Table.Append(
            new(document.Table.Schema, [0, 5, 0, 6], [1, 1], 0, [0, 0]))));
        Assert.AreSequenceEqual([7, 30, 4, 31, 32], ParquetFiles.Read(folder["out.parquet"]).Rows.Select(row => row[0]));
    }

    [TestMethod]
    public void A_value_that_a_type_does_not_hold_is_refused_and_nothing_is_written()
    {
        using TempFolder folder = new();
        ParquetFiles.Write(folder["t.parquet"], (new DataField<byte>("x"), new byte[] { 1, 2, 3 }),
            (new DataField("y", typeof(string), false), (string[])["p", "q", "p"]));
        TableDocument document = TableFile.ReadDocument(folder["t.parquet"]);
        Table resampled = document.Table.Append(new(document.Table.Schema, [300], [1], 0, [0]));
        Expect.Throws<ArgumentException>(() => TableFile.Write(folder["out.parquet"], false, stream => document.Write(stream, resampled)),
            "row 3, column 'x': the file's type uint8 doesn't hold 300");
        Assert.AreSequenceEqual(["t.parquet"], folder.Entries);
    }

    [TestMethod]
    public void Columns_of_a_model_are_put_in_its_order_and_kinds_whatever_the_file_s()
    {
        using TempFolder folder = new();
        Table model = Csv.Read("flag,day,x,y\n0,2024-01-02,1,p\n1,2024-01-03,2,q\n").Table;
        ParquetFiles.Write(folder["t.parquet"], (new DataField<double>("x"), new[] { 5.0, 6 }),
            (new DataField("y", typeof(string), false), (string[])["p", "q"]), (new DataField<bool>("flag"), new[] { true, false }),
            (new DateTimeDataField("day", DateTimeFormat.Timestamp, false, DateTimeTimeUnit.Nanos, true, null, null),
                new DateTime?[] { new DateTime(2024, 5, 6, 0, 0, 0, DateTimeKind.Utc), null }));
        TableDocument document = TableFile.ReadDocument(folder["t.parquet"], "y", columns: new() { Like = model.Schema });
        Assert.AreSequenceEqual(["flag", "day", "x"], document.Table.Schema.Columns.Select(column => column.Name));
        Assert.AreSequenceEqual([1, DateText.CellOf(new DateOnly(2024, 5, 6)), 5, 0, double.NaN, 6], document.Table.Values.ToArray());
        TableFile.Write(folder["out.parquet"], false, stream => document.Write(stream, document.Table));
        Assert.AreSequenceEqual(ParquetFiles.Read(folder["t.parquet"]).Columns, ParquetFiles.Read(folder["out.parquet"]).Columns);
    }
}
