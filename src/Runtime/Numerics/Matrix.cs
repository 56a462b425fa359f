using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LeoCvae;

/// <summary>A dense row-major float matrix; a row is contiguous. Thread-safe for reading.</summary>
public sealed class Matrix
{
    /// <summary>A matrix of zeros.</summary>
    internal Matrix(int rows, int columns)
        : this(rows, columns, new float[(long)rows * columns])
    {
    }

    /// <summary>A matrix with an array's values.</summary>
    /// <param name="values">Rows x columns; copied.</param>
    public static Matrix FromArray(float[,] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        Matrix matrix = new(values.GetLength(0), values.GetLength(1));
        MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<byte, float>(ref MemoryMarshal.GetArrayDataReference(values)), values.Length)
            .CopyTo(matrix.Values);
        return matrix;
    }

    internal Matrix(int rows, int columns, float[] values) => (Rows, Columns, Values) = (rows, columns, values);

    /// <summary>Number of rows.</summary>
    public int Rows { get; }

    /// <summary>Number of columns.</summary>
    public int Columns { get; }

    internal float[] Values { get; }

    /// <summary>The values of a row.</summary>
    public ReadOnlySpan<float> this[int row] => Values.AsSpan(row * Columns, Columns);

    /// <summary>Some rows: a copy, where they are not all.</summary>
    internal Matrix Slice(int first, int count) => count == Rows ? this
        : new(count, Columns, [.. Values.AsSpan(first * Columns, count * Columns)]);

    /// <summary>Some rows, in this order.</summary>
    internal Matrix Chosen(ReadOnlySpan<int> rows)
    {
        Matrix some = new(rows.Length, Columns);
        for (int i = 0; i < rows.Length; i++)
            this[rows[i]].CopyTo(some.Row(i));
        return some;
    }

    internal Span<float> Row(int row) => Values.AsSpan(row * Columns, Columns);
}
