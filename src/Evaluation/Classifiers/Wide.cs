namespace LeoCvae.Evaluation;

/// <summary>Where a table counts as wide, and classifiers save time.</summary>
static class Wide
{
    /// <summary>The most columns of a table that isn't wide.</summary>
    public const int Columns = 1000;

    // Beyond, finding what the rows span takes longer than learning from all columns.
    const int MostSpanningRows = 500;

    const double MostTimes = 5;

    /// <summary>Whether rows are learned from in the space that they span.</summary>
    public static bool IsSpanned(Matrix x) => x.Columns > Columns && x.Rows <= MostSpanningRows;

    /// <summary>How many times too wide a table is, 1 to 5; 1 if it isn't wide.</summary>
    public static double Times(int columns) => Math.Clamp((double)columns / Columns, 1, MostTimes);
}
