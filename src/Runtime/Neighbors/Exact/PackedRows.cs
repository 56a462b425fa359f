using System.Runtime.InteropServices;

namespace LeoCvae;

/// <summary>
/// Rows prepared for the distance kernel: scaled by a power of two where magnitudes are extreme, centered (distances stay the same, norms
/// get small), once row by row and, where a search streams all of them, once packed into panels, column by column of
/// <see cref="PanelRows"/> rows.
/// </summary>
sealed unsafe class PackedRows
{
    // Rows are read six at a time: a few rows of padding at the end may be read, never used.
    const int RowPadding = 8;

    // Pinned, so that pointers stay good as long as this object lives.
    readonly float[] _rows, _panels, _norms;

    public PackedRows(Matrix x, ReadOnlySpan<int> chosen, int panelRows, int threads, bool withPanels = true)
    {
        (Count, Width, PanelRows) = (chosen.Length, x.Columns, panelRows);
        int panels = (Count + panelRows - 1) / panelRows;
        _rows = Pinned((long)(Count + RowPadding) * Width);
        _panels = withPanels ? Pinned((long)panels * panelRows * Width) : [];
        _norms = Pinned(panels * panelRows + RowPadding);
        float[] mean = Mean(x, chosen);
        double scale = PowerOfTwo(x.Values);
        int[] ids = chosen.ToArray();
        Parallel.For(0, panels, new ParallelOptions { MaxDegreeOfParallelism = threads }, panel =>
        {
            int first = panel * panelRows, end = Math.Min(Count, first + panelRows);
            Span<float> packed = withPanels ? _panels.AsSpan(first * Width, panelRows * Width) : [];
            for (int i = first; i < end; i++)
            {
                ReadOnlySpan<float> source = x[ids[i]];
                Span<float> row = _rows.AsSpan(i * Width, Width);
                double norm = 0;
                for (int j = 0; j < row.Length; j++)
                {
                    float value = (float)(((double)source[j] - mean[j]) * scale);
                    row[j] = value;
                    if (withPanels)
                        packed[j * panelRows + i - first] = value;
                    norm += (double)value * value;
                }
                _norms[i] = (float)norm;
            }
        });
        Scale = scale;
        // Padded rows are infinitely far from everything.
        _norms.AsSpan(Count).Fill(float.PositiveInfinity);
    }

    public int Count { get; }

    public int Width { get; }

    public int PanelRows { get; }

    /// <summary>Distances here are the rows' own, times this factor.</summary>
    public double Scale { get; }

    public float* Rows => Pointer(_rows);

    /// <summary>The rows again, in panels; only if asked for.</summary>
    public float* Panels => Pointer(_panels);

    /// <summary>Squared norms, in whole panels; infinite past the last row.</summary>
    public float* Norms => Pointer(_norms);

    public static float* Pointer(float[] pinned) => (float*)Marshal.UnsafeAddrOfPinnedArrayElement(pinned, 0);

    public static float[] Pinned(long length) => GC.AllocateArray<float>(checked((int)length), pinned: true);

    /// <summary>The largest power of two in a float is 2^127.</summary>
    public static readonly double LargestScale = Math.ScaleB(1, 126);

    // Squares of magnitudes in between neither overflow nor vanish.
    public static double PowerOfTwo(ReadOnlySpan<float> values)
    {
        const float Small = 1e-6f, Large = 1e6f;
        float largest = values.IsEmpty ? 0
            : Math.Max(Math.Abs(System.Numerics.Tensors.TensorPrimitives.Max(values)),
            Math.Abs(System.Numerics.Tensors.TensorPrimitives.Min(values)));
        return largest is 0 or (>= Small and <= Large) ? 1 : Math.ScaleB(1, -Math.ILogB(largest));
    }

    public static float[] Mean(Matrix x, ReadOnlySpan<int> chosen)
    {
        // Any center is right; a sample of rows finds a good one.
        const int Sampled = 4096;
        int step = Math.Max(1, chosen.Length / Sampled);
        double[] sum = new double[x.Columns];
        int count = 0;
        for (int i = 0; i < chosen.Length; i += step, count++)
        {
            ReadOnlySpan<float> row = x[chosen[i]];
            for (int j = 0; j < sum.Length; j++)
                sum[j] += row[j];
        }
        return [.. sum.Select(value => (float)(value / count))];
    }
}
