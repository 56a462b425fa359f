using System.Data.Common;
using System.Globalization;
using System.Text;
using DuckDB.NET.Data;

namespace LeoCvae.Runtime.Tests;

/// <summary>DuckDB reads the same cells from files of many forms.</summary>
[TestClass]
public class CsvDuckDbTests
{
    static readonly string[] Names =
        ["plain", "with blank", "comma, inside", "a \"quoted\" word", "two\nlines", "größe", "日本", "semi;colon", "'"];

    [TestMethod]
    [DataRow(',', "\n", 1)]
    [DataRow(',', "\r\n", 2)]
    [DataRow(';', "\n", 3)]
    [DataRow('\t', "\r\n", 4)]
    [DataRow('|', "\n", 5)]
    public void The_cells_of_a_file_are_those_that_DuckDB_reads(char delimiter, string newLine, int seed)
    {
        using TempFolder folder = new();
        Random random = new(seed);
        for (int file = 0; file < 12; file++)
        {
            string path = Path.Combine(folder.Path, $"{file}.csv");
            File.WriteAllText(path, Text(random, delimiter, newLine, rows: random.Next(1, 400)));
            RequireSame(path, delimiter);
        }
    }

    [TestMethod]
    public void A_file_of_many_buffers_has_the_cells_that_DuckDB_reads()
    {
        using TempFolder folder = new();
        string path = Path.Combine(folder.Path, "large.csv");
        File.WriteAllText(path, Text(new Random(6), ',', "\r\n", rows: 8000));
        Assert.IsGreaterThan(6L << 16, new FileInfo(path).Length);
        RequireSame(path, ',');
    }

    static void RequireSame(string path, char delimiter)
    {
        Table table = TableFile.Read(path, source: new() { Delimiter = delimiter });
        TableSchema schema = table.Schema;
        using DuckDBConnection connection = new("DataSource=:memory:");
        connection.Open();
        using DbCommand command = connection.CreateCommand();
        IEnumerable<string> cells = schema.Columns.Select(column => column.Kind switch
        {
            ColumnKind.Numeric => $"cast(trim(\"{column.Name}\") as double)",
            ColumnKind.Date => $"cast(date_diff('day', date '1970-01-01', cast(\"{column.Name}\" as date)) as double)",
            _ => $"\"{column.Name}\"",
        }).Append($"\"{schema.Target}\"");
        command.CommandText = $"select {string.Join(", ", cells)} from read_csv('{path}', header = true, all_varchar = true, " +
            $"delim = '{delimiter}', quote = '\"', escape = '\"', nullstr = ['', 'NA'])";
        using DbDataReader reader = command.ExecuteReader();
        int row = 0;
        for (; reader.Read(); row++)
        {
            Assert.AreEqual(reader.GetString(schema.Columns.Count), table.Label(row));
            for (int j = 0; j < schema.Columns.Count; j++)
            {
                double cell = table.Row(row)[j];
                string where = $"{Path.GetFileName(path)}, row {row + 1}, column '{schema.Columns[j].Name}'";
                Assert.AreEqual(reader.IsDBNull(j), double.IsNaN(cell), where);
                if (double.IsNaN(cell))
                    continue;
                if (schema.Columns[j].Categories is { } categories)
                    Assert.AreEqual(reader.GetString(j), categories[(int)cell], where);
                else
                    Assert.AreEqual(BitConverter.DoubleToInt64Bits(reader.GetDouble(j)), BitConverter.DoubleToInt64Bits(cell), where);
            }
        }
        Assert.AreEqual(row, table.RowCount);
    }

    static string Text(Random random, char delimiter, string newLine, int rows)
    {
        StringBuilder text = new(string.Join(delimiter, "whole", "decimal", "precise", "name", "day", "sparse", "label") + newLine);
        for (int row = 0; row < rows; row++)
            text.AppendJoin(delimiter, ((string[])[Missing(0.1, random.Next(-5000, 5000).ToString(CultureInfo.InvariantCulture)),
                Missing(0.1, ((random.NextDouble() - 0.5) * 1e4).ToString("F" + random.Next(0, 5), CultureInfo.InvariantCulture)),
                Missing(0.1, (random.NextDouble() * Math.Pow(10, random.Next(-20, 12))).ToString("R", CultureInfo.InvariantCulture)),
                // Two names at least, so that the column isn't one of missing values, or of rows' names.
                row < 2 ? Names[row] : Missing(0.2, Names[random.Next(Names.Length)]),
                row == 0 ? "2024-02-29" : Missing(0.2, DateOnly.FromDayNumber(random.Next(700_000, 760_000))
                    .ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
                Missing(0.9, "-0.25"), random.Next(3) == 0 ? "case" : "control, \"healthy\""]).Select(Field)).Append(newLine);
        return text.ToString();

        string Missing(double share, string cell) => random.NextDouble() >= share ? cell : random.Next(2) == 0 ? "" : "NA";

        string Field(string cell) => cell.AsSpan().ContainsAny(delimiter, '"', '\n') || (cell.Length > 0 && random.Next(8) == 0)
            ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell;
    }
}
