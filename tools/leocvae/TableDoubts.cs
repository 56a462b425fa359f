using System.Globalization;

namespace LeoCvae.Cli;

/// <summary>What may be wrong with a table that can be read, in sentences.</summary>
static class TableDoubts
{
    const int Shown = 3, LeastRows = 10;

    public static IEnumerable<string> Of(TableSummary table)
    {
        TableSchema schema = table.Schema;
        if (schema.Columns.All(column => double.TryParse(column.Name, NumberStyles.Float, CultureInfo.InvariantCulture, out _)))
            yield return $"the names of all feature columns are numbers ('{schema.Columns[0].Name}', ...): is there a header line? " +
                $"Without one the first row is lost";
        foreach (ColumnSpec column in schema.Columns.Where((column, j) => column.Kind == ColumnKind.Numeric && table.CountsRows(j)
            && table.Rows >= LeastRows).Take(Shown))
            yield return string.Create(CultureInfo.InvariantCulture,
                $"column '{column.Name}' counts the rows ({column.Minimum}, {column.Minimum + 1}, ...): a row number or an id is no " +
                $"feature; remove it (--drop, or --ids to keep the column)");
    }
}
