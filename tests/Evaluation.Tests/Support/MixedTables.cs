namespace LeoCvae.Evaluation.Tests;

/// <summary>Tables of more than plain numbers.</summary>
static class MixedTables
{
    /// <summary>
    /// Two classes, the second one of every fourth row: a number, whole numbers of which some are missing, more in the second class, three
    /// cities, a day, a category of which some are missing, and names of rows.
    /// </summary>
    public static Table Mixed(int rows, int seed = 1)
    {
        Random random = new(seed);
        int[] labels = [.. Enumerable.Range(0, rows).Select(i => i % 4 == 3 ? 1 : 0)];
        return Of(rows, labels, [
            Numbers("weight", i => Math.Round(70 + 9 * Normal() - 6 * labels[i], 2)),
            Numbers("visits", i => random.NextDouble() < (labels[i] == 1 ? 0.5 : 0.2) ? double.NaN : random.Next(9) + labels[i]),
            Category("city", i => random.NextDouble() < 0.7 ? labels[i] : random.Next(3), "Ulm", "Bonn", "Aachen"),
            Column("day", ColumnKind.Date, i => 20_000 + random.Next(300) - 100 * labels[i]),
            Category("smoker", i => random.Next(5) == 0 ? double.NaN : random.Next(3) <= labels[i] ? 1 : 0, "no", "yes"),
            Column("id", ColumnKind.Identifier, _ => 0)]);

        double Normal() => random.NextDouble() + random.NextDouble() - random.NextDouble() - random.NextDouble();
    }

    /// <summary>All combinations of five columns of four categories but every third, in two classes.</summary>
    public static Table Factorial()
    {
        int[] cells = [.. Enumerable.Range(0, 1024)];
        int[] labels = [.. cells.Select(cell => cell % 4 + cell / 256 >= 5 ? 1 : 0)];
        return Of(1024, labels, [.. Enumerable.Range(0, 5).Select(j =>
            Category($"c{j}", i => (cells[i] >> (2 * j)) % 4, "low", "middle", "high", "top"))]);
    }

    public static (ColumnSpec, Func<int, double>) Numbers(string name, Func<int, double> cell) => Column(name, ColumnKind.Numeric, cell);

    public static (ColumnSpec, Func<int, double>) Category(string name, Func<int, double> cell, params string[] names) =>
        Column(name, ColumnKind.Category, cell, names);

    public static (ColumnSpec, Func<int, double>) Column(string name, ColumnKind kind, Func<int, double> cell, string[]? names = null) =>
        (new()
        {
            Name = name,
            Kind = kind,
            Minimum = names is null && kind != ColumnKind.Identifier ? -7e5 : 0,
            Maximum = names is null && kind != ColumnKind.Identifier ? 7e5 : Math.Max(0, (names?.Length ?? 0) - 1),
            Categories = names,
            Format = kind == ColumnKind.Date ? "yyyy-MM-dd" : null,
            HasMissing = true,
        }, cell);

    /// <summary>A table of so many rows; ranges and what may be missing are those of the values.</summary>
    public static Table Of(int rows, int[] labels, params (ColumnSpec Spec, Func<int, double> Cell)[] columns)
    {
        double[] values = new double[rows * columns.Length];
        // Column by column: a column's random numbers don't depend on where it stands.
        for (int j = 0; j < columns.Length; j++)
            for (int i = 0; i < rows; i++)
                values[i * columns.Length + j] = columns[j].Cell(i);
        string[] classes = [.. Enumerable.Range(0, labels.Max() + 1).Select(c => $"c{c}")];
        return new Table(new(columns.Select(column => column.Spec), "label", classes), values, labels)
            .Select([.. Enumerable.Range(0, rows)]);
    }

    /// <summary>The same rows with their columns in another order, and the categories of each in the opposite one.</summary>
    public static Table Turned(Table table, int[] columns)
    {
        ColumnSpec[] specs = [.. columns.Select(j => table.Schema.Columns[j])];
        double[] values = new double[table.RowCount * columns.Length];
        for (int i = 0; i < table.RowCount; i++)
            for (int j = 0; j < columns.Length; j++)
            {
                double cell = table.Row(i)[columns[j]];
                values[i * columns.Length + j] = specs[j].Categories is { } names ? names.Count - 1 - cell : cell;
            }
        TableSchema schema = new(
            specs.Select(spec => spec.Categories is null ? spec : spec with { Categories = [.. spec.Categories.Reverse()] }),
            table.Schema.Target, table.Schema.Classes);
        return table.RealRows == table.RowCount ? new(schema, values, table.Labels.ToArray())
            : new(schema, values, table.Labels.ToArray(), table.RealRows, new int[table.RowCount - table.RealRows]);
    }

    /// <summary>Real rows, then synthetic ones.</summary>
    public static Table Append(Table real, Table synthetic) => new(real.Schema, [.. real.Values, .. synthetic.Values],
        [.. real.Labels, .. synthetic.Labels.ToArray().Select(label => real.Schema.ClassIndex(synthetic.Schema.Classes[label]))],
        real.RowCount, new int[synthetic.RowCount]);
}
