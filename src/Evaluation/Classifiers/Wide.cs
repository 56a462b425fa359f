namespace LeoCvae.Evaluation;

/// <summary>Where a table counts as wide, and classifiers save time.</summary>
static class Wide
{
    /// <summary>The most columns of a table that isn't wide.</summary>
    public const int Columns = 1000;

    // Beyond, finding what the rows span takes longer than learning from all columns.
    const int MostSpanningRows = 500;

    /// <summary>Whether rows are learned from in the space that they span.</summary>
    public static bool IsSpanned(Matrix x) => x.Columns > Columns && x.Rows <= MostSpanningRows;

    /// <summary>
    /// The share of the columns that a boosted tree draws: all up to 1,000, 500 from 2,000 on, between them ever less; a fifth at least.
    /// </summary>
    public static double Share(int columns)
    {
        double drawn = Math.Max(500, 1500 - columns / 2.0);
        return columns <= Columns ? 1 : Math.Max(drawn / columns, 0.2);
    }
}
