using Parquet;
using Parquet.Schema;

namespace LeoCvae.Runtime.Tests;

/// <summary>What is no Parquet, damaged, or not served: one line that says so by name.</summary>
[TestClass]
public class ParquetBadInputTests
{
    [TestMethod]
    public void Columns_that_are_not_served_are_named_with_what_they_are_and_may_be_left_out_of_a_table()
    {
        using TempFolder folder = new();
        ParquetSchema schema = new(new DataField<double>("x"), new ListField("tags", new DataField<string>("element")),
            new StructField("place", new DataField<int>("lat"), new DataField<int>("lon")), new DataField<Guid>("uuid"),
            new TimeDataField("at", TimeUnitPrecision.Micros, false), new DataField<int>("y"));
        using (FileStream file = File.Create(folder["t.parquet"]))
        {
            ParquetWriter writer = ParquetWriter.CreateAsync(schema, file).Result;
            using (ParquetRowGroupWriter group = writer.CreateRowGroup())
            {
                DataField[] fields = schema.GetDataFields();
                void Column<T>(int field, params T[] values) where T : struct => group.WriteAllPartsAsync<T>(fields[field], values,
                    values.Select(_ => fields[field].MaxDefinitionLevel).ToArray(), new int[values.Length], default).Wait();
                Column(0, 1.0, 2);
                Column(1, "p".AsMemory(), "q".AsMemory());
                Column(2, 1, 2);
                Column(3, 1, 2);
                Column(4, new Guid[2]);
                Column(5, new long[2]);
                Column(6, 0, 1);
            }
            writer.DisposeAsync().AsTask().Wait();
        }
        Expect.Throws<InvalidDataException>(() => TableFile.Read(folder["t.parquet"]), "t.parquet: column 'tags' is a list",
            "column 'place' is a struct", "column 'uuid' is a UUID", "and so on in 4 columns", "--drop tags,place,uuid,at leaves it out");
        ColumnOptions without = new()
        {
            Columns = new[] { "tags", "place", "uuid", "at" }.ToDictionary(name => name, _ => new ColumnChoice()),
        };
        Assert.AreSequenceEqual([1, 2], TableFile.Read(folder["t.parquet"], columns: without).Values.ToArray());
        Expect.Throws<InvalidDataException>(() => TableFile.ReadDocument(folder["t.parquet"], columns: without),
            "column 'tags' is a list", "leave tags,place,uuid,at out of the file");
    }

    [TestMethod]
    public void A_file_that_is_something_else_is_told_by_its_first_bytes()
    {
        using TempFolder folder = new();
        void Refused(byte[] bytes, params string[] said)
        {
            File.WriteAllBytes(folder["t.parquet"], bytes);
            Expect.Throws<InvalidDataException>(() => TableFile.Read(folder["t.parquet"]), ["t.parquet: ", .. said]);
        }
        Refused([], "the file is empty");
        Refused("a,y\n1,p\n"u8.ToArray(), "this is no Parquet file", "begins with 'a,y\\n1,p\\n'");
        Refused([0x1F, 0x8B, 8, 0], "this is no Parquet file", "gzip");
        Refused("PAR1"u8.ToArray(), "truncated");
        Refused("PARE0123456789PARE"u8.ToArray(), "encrypted");
        Refused([.. "PAR1"u8, 255, 255, 255, 127, .. "PAR1"u8], "damaged", "2147483647");
        // A number, a text, a list and a structure without an end.
        foreach (byte[] footer in (byte[][])[[0x15, 0xFF], [0x18, 100, 65], [0x19, 0xFC, 0xFF, 0xFF, 3], [0x1C, 0x15, 2], []])
            Refused([.. "PAR1"u8, .. footer, .. BitConverter.GetBytes(footer.Length), .. "PAR1"u8], "the Parquet data are damaged");
        File.WriteAllBytes(folder["t.csv"], File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Oracles", "duckdb-v1.parquet")));
        Expect.Throws<InvalidDataException>(() => TableFile.Read(folder["t.csv"]), "Parquet", "name the file .parquet");
        Expect.Throws<ArgumentException>(() => TableFile.Read(folder["t.parquet.gz"]), "Parquet is compressed in itself");
    }

    [TestMethod]
    [DataRow("duckdb-v1.parquet")]
    [DataRow("duckdb-v2.parquet")]
    public void A_damaged_file_is_a_table_or_one_line_that_names_it_and_never_anything_else(string name)
    {
        using TempFolder folder = new();
        byte[] whole = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Oracles", name));
        Random random = new(1);
        int refused = 0;
        for (int i = 0; i < 600; i++)
        {
            byte[] bytes = i < 200 ? whole[..random.Next(whole.Length)] : [.. whole];
            for (int j = i < 200 ? 0 : 1 + random.Next(4); j > 0; j--)
                // Half of the damage is done to the footer.
                bytes[random.Next(2) == 0 ? random.Next(bytes.Length) : bytes.Length - 1 - random.Next(bytes.Length / 2)] =
                    (byte)random.Next(256);
            File.WriteAllBytes(folder["t.parquet"], bytes);
            try
            {
                Assert.IsLessThanOrEqualTo(100, TableFile.Read(folder["t.parquet"], "y").RowCount);
            }
            catch (InvalidDataException e)
            {
                refused++;
                Assert.StartsWith(folder["t.parquet"], e.Message);
            }
        }
        Assert.IsGreaterThan(300, refused);
    }

    [TestMethod]
    public void Values_that_no_table_holds_are_refused_by_row_and_column()
    {
        using TempFolder folder = new();
        void Refused(DataField field, Array values, params string[] said)
        {
            ParquetFiles.Write(folder["t.parquet"], (field, values), (new DataField("y", typeof(string), false), (string[])["p", "q"]));
            Expect.Throws<InvalidDataException>(() => TableFile.Read(folder["t.parquet"], "y"),
                ["t.parquet: row 2, column 'x': ", .. said]);
        }
        Refused(new DataField<double>("x"), new[] { 1, double.PositiveInfinity }, "got 'inf', expected a finite number", "--drop x");
        Refused(new DataField<long>("x"), new[] { 1, -9007199254740993 }, "got '-9007199254740993', which a double holds as");
        Refused(new DataField("x", typeof(string), false), (string[])["a", "b\0"], "NUL");
        Refused(new DataField("x", typeof(string), false), (string[])["a", new string('z', 5000)], "free text");
        Refused(new DateTimeDataField("x", DateTimeFormat.Timestamp, true, DateTimeTimeUnit.Nanos, false, null, null),
            new DateTime[] { new(2024, 1, 1), new(638400000000000001) }, "whole microseconds");
        ParquetFiles.Write(folder["t.parquet"], (new DataField<int>("x"), new[] { 1, 2 }),
            (new DataField("y", typeof(string), true), (string?[])["p", null]));
        Expect.Throws<InvalidDataException>(() => TableFile.Read(folder["t.parquet"]), "row 2, column 'y': got an empty label");
        Expect.Throws<InvalidDataException>(() => TableFile.Read(folder["t.parquet"], "z"), "no column 'z' for the label");
        Expect.Throws<InvalidDataException>(
            () => TableFile.Read(folder["t.parquet"], "x", LabelUse.Required, new() { Missing = MissingUse.Refuse }),
            "row 2, column 'y': the value is missing, as in 1 of 2 rows");
    }
}
