namespace LeoCvae.Tests;

/// <summary>Tables of columns of every kind, a function of their number: the kinds, their values, what is missing.</summary>
static class RandomTables
{
    /// <summary>Names that files, schemas and pages must not stumble over.</summary>
    public static readonly string[] Names = ["Ulm", "ulm", " ulm ", "Köln, Ost", "he said \"no\"", "two\nlines", "a\r\nb", "=1+1", "1,5",
        "1e999", "<b>&amp;", "ßüéß", "北京", "🙂", "'", ";", "\t.", "a\\b", "true", "x"];

    static readonly TimeSpan[] Offsets = [TimeSpan.Zero, new(5, 30, 0), new(-8, 0, 0)];

    /// <summary>A labeled table of one to nine columns, after a number without ties that is never missing.</summary>
    /// <param name="seed">Its number.</param>
    /// <param name="rows">How many rows; null for some.</param>
    public static Table Of(int seed, int? rows = null)
    {
        Random random = new(seed);
        int n = rows ?? 1 + random.Next(60);
        TableColumn[] columns = [TableColumn.Of("x", Cells(n, _ => random.NextDouble())),
            .. Enumerable.Range(0, 1 + random.Next(9)).Select(j => Column($"c{j}", random.Next(15), n, random))];
        string[] classes = random.GetItems(Names, 4);
        return Table.FromColumns(columns, Cells(n, i => i < 2 ? classes[i] : classes[random.Next(4)]), "y");
    }

    static TableColumn Column(string name, int kind, int n, Random random)
    {
        double missing = random.Next(3) == 0 ? 0.3 : 0;
        T?[] Some<T>(Func<int, T> cell) where T : struct => Cells<T?>(n, i => random.NextDouble() < missing ? null : cell(i));
        string?[] Texts(Func<int, string> cell) => Cells(n, i => random.NextDouble() < missing ? null : cell(i));
        int decimals = random.Next(5);
        DateTime day = new(1900 + random.Next(200), 1 + random.Next(12), 1 + random.Next(28), 0, 0, 0, DateTimeKind.Utc);
        DateTime Time(int i, double seconds) => day.AddSeconds(Math.Floor(random.NextDouble() * 1e7 / seconds) * seconds);
        return kind switch
        {
            0 => TableColumn.Of(name, Some(_ => Math.Round(random.NextDouble() * 1000 - 500, decimals))),
            1 => TableColumn.Of(name, Some(_ => (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-20, 20)))),
            2 => TableColumn.Of(name, Some(_ => random.Next(100_000))),
            3 => TableColumn.Of(name, Some(_ => random.Next(3) * 7)),
            4 => TableColumn.Of(name, Some(_ => random.Next(2) == 0)),
            5 => TableColumn.Of(name, Texts(_ => Names[random.Next(3)])),
            6 => TableColumn.Of(name, Texts(_ => Names[random.Next(Names.Length)])),
            7 => TableColumn.Of(name, Texts(i => i % 3 == 0 ? "often" : $"rare {random.Next(1000)}")),
            8 => TableColumn.Of(name, Some(_ => DateOnly.FromDateTime(day).AddDays(random.Next(900)))),
            9 => TableColumn.Of(name, Some(i => DateTime.SpecifyKind(Time(i, 1), DateTimeKind.Unspecified))),
            10 => TableColumn.Of(name, Some(i => Time(i, 1).AddMicroseconds(random.Next(1_000_000)))),
            11 => TableColumn.Of(name, Some(i => new DateTimeOffset(Time(i, 60)).ToOffset(Offsets[1]))),
            12 => TableColumn.Of(name, Some(i => new DateTimeOffset(Time(i, 1)).ToOffset(Offsets[random.Next(3)]))),
            13 => TableColumn.Of(name, Some(_ => 4.25)),
            _ => random.Next(2) == 0 ? TableColumn.Of(name, new double?[n]) : TableColumn.Identifiers(name, Cells(n, i => $"n{i}")),
        };
    }

    static T[] Cells<T>(int rows, Func<int, T> cell) => [.. Enumerable.Range(0, rows).Select(cell)];

    /// <summary>The same rows in another order, columns in another order, and the categories of each in another order.</summary>
    public static Table Turned(Table table, int[] rows, int[] columns, Random random)
    {
        int[][] places = [.. columns.Select(j => Enumerable.Range(0, table.Schema.Columns[j].Categories?.Count ?? 0).ToArray())];
        foreach (int[] order in places)
            random.Shuffle(order);
        ColumnSpec[] specs = [.. columns.Select((j, place) => table.Schema.Columns[j] is { Categories: { } names } spec
            ? spec with { Categories = [.. places[place].Select(category => names[category])] } : table.Schema.Columns[j])];
        double Cell(double cell, int[] order) => order.Length == 0 || double.IsNaN(cell) ? cell : Array.IndexOf(order, (int)cell);
        double[] values = [.. rows.SelectMany(row => columns.Select((j, place) => Cell(table.Row(row)[j], places[place])))];
        return new(new TableSchema(specs, table.Schema.Target, table.Schema.Classes), values,
            [.. rows.Select(row => table.Labels[row])]);
    }

    /// <summary>The first cell that a column can't hold, in words; null where all can be.</summary>
    public static string? Fault(Table made, TableSchema schema)
    {
        for (int i = 0; i < made.RowCount; i++)
            for (int j = 0; j < schema.Columns.Count; j++)
                if (made.Row(i)[j] is double cell && schema.Columns[j] is var column && !(double.IsNaN(cell) ? column.HasMissing
                    : cell >= column.Minimum && cell <= column.Maximum && (column.Categories is null || cell == Math.Floor(cell))
                        && (column.Decimals is not int decimals || decimals > 9 || Math.Round(cell, decimals) == cell)
                        && (column.Values is null || column.Values.Contains(cell))))
                    return FormattableString.Invariant($"row {i}, {column.Kind} {column.Name}: {cell:R}");
        return null;
    }
}
