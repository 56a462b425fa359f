namespace LeoCvae;

/// <summary>A dense row-major float matrix; a row is contiguous. Thread-safe for reading.</summary>
public sealed class Matrix
{
    /// <summary>A matrix of zeros.</summary>
    public Matrix(int rows, int columns)
        : this(rows, columns, new float[(long)rows * columns])
    {
    }

    internal Matrix(int rows, int columns, float[] values) => (Rows, Columns, Values) = (rows, columns, values);

    /// <summary>Number of rows.</summary>
    public int Rows { get; }

    /// <summary>Number of columns.</summary>
    public int Columns { get; }

    internal float[] Values { get; }

    /// <summary>The values of a row.</summary>
    public ReadOnlySpan<float> this[int row] => Values.AsSpan(row * Columns, Columns);

    internal Span<float> Row(int row) => Values.AsSpan(row * Columns, Columns);
}
