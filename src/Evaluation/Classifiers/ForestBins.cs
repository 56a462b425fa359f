namespace LeoCvae.Evaluation;

/// <summary>
/// A table's columns in at most 64 bins of about as many rows each, bounded halfway between neighboring values. Immutable.
/// </summary>
sealed class ForestBins
{
    public const int Most = 64;

    readonly byte[] _bins;
    readonly float[][] _bounds;

    public ForestBins(Matrix x)
    {
        (Rows, Columns) = (x.Rows, x.Columns);
        _bins = new byte[(long)Rows * Columns];
        _bounds = new float[Columns][];
        float[] values = new float[Rows];
        for (int j = 0; j < Columns; j++)
        {
            for (int i = 0; i < Rows; i++)
                values[i] = x[i][j];
            Array.Sort(values);
            _bounds[j] = Bounds(values);
            Span<byte> column = _bins.AsSpan(j * Rows, Rows);
            for (int i = 0; i < Rows; i++)
            {
                int at = Array.BinarySearch(_bounds[j], x[i][j]);
                // Bin b has the values above bound b - 1 and up to bound b.
                column[i] = (byte)(at < 0 ? ~at : at);
            }
        }
    }

    public int Rows { get; }

    public int Columns { get; }

    /// <summary>The bin of each row in a column.</summary>
    public ReadOnlySpan<byte> Column(int column) => _bins.AsSpan(column * Rows, Rows);

    /// <summary>The greatest value of a bin that isn't the last.</summary>
    public float Bound(int column, int bin) => _bounds[column][bin];

    static float[] Bounds(float[] sorted)
    {
        List<float> bounds = [];
        int distinct = 1;
        for (int i = 1; i < sorted.Length; i++)
            if (sorted[i] > sorted[i - 1])
                distinct++;
        int start = 0;
        for (int i = 1; i < sorted.Length; i++)
        {
            // Few values get a bin each; of many, a bin ends when it has its share of the rows.
            bool isFull = distinct <= Most || (long)(i - start) * (Most - bounds.Count) >= sorted.Length - start;
            if (sorted[i] == sorted[i - 1] || !isFull || bounds.Count == Most - 1)
                continue;
            float middle = sorted[i - 1] + (sorted[i] - sorted[i - 1]) / 2;
            bounds.Add(middle < sorted[i] ? middle : sorted[i - 1]);
            start = i;
        }
        return [.. bounds];
    }
}
