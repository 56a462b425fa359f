using static System.Globalization.CultureInfo;

namespace LeoCvae.Evaluation;

/// <summary>Synthetic values that columns can't hold, or that are missing more or less often than in real rows, in sentences.</summary>
static class ValueFaults
{
    // Of some tens of rows a share is off by so much.
    const double Differs = 0.1;

    /// <summary>Up to two sentences a method.</summary>
    public static IEnumerable<string> InNumbers(ReportData data)
    {
        foreach (MethodRows rows in data.Synthetic)
        {
            string method = Words.Cut(rows.Method);
            if (rows.Scores.InvalidValues > 0)
                yield return $"{Share(rows.Scores.InvalidValues)} of the values of {method} can\u2019t be held by their columns (beyond " +
                    $"the training rows\u2019 range, fractions of whole numbers, unknown categories){Worst(rows)}.";
            ColumnScores[] off = [.. rows.Columns.Where(column => Difference(column) >= Differs).OrderByDescending(Difference)];
            if (off.Length == 0)
                continue;
            MissingRates rates = off[0].Missing.MaxBy(Difference)!;
            yield return $"Missing values of {method} come at other rates than in the training rows in {Columns(off.Length)}: " +
                $"{Words.Quoted(off[0].Column)} misses {Words.Percent(rates.Synthetic)} in class {Words.Quoted(rates.Class)}, not " +
                $"{Words.Percent(rates.Real)}.";
        }
    }

    static string Worst(MethodRows rows) => rows.Columns.MaxBy(column => column.Invalid) is { Invalid: > 0 } worst
        ? $", of {Words.Quoted(worst.Column)} {Share(worst.Invalid)}" : "";

    static double Difference(ColumnScores column) => column.Missing.Select(Difference).DefaultIfEmpty().Max();

    static double Difference(MissingRates rates) => Math.Abs(rates.Real - rates.Synthetic);

    static string Columns(int count) => string.Create(InvariantCulture, $"{count} {(count == 1 ? "column" : "columns")}");

    static string Share(double share) => share < 0.01 ? "less than 1%" : Words.Percent(share);
}
