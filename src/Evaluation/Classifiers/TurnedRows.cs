using System.Numerics;

namespace LeoCvae.Evaluation;

/// <summary>
/// Rows of a wide table in few coordinates, none of which stands out: those of <see cref="RowSpace"/>, turned by random signs and
/// Hadamard's matrix. Products of rows stay what they are but for rounding. Immutable.
/// </summary>
sealed class TurnedRows
{
    // The first leaves few coordinates of a row that has few; the second mixes these.
    const int Turns = 2;

    readonly RowSpace _space;
    readonly float[] _factors;

    public TurnedRows(Matrix x, ulong seed)
    {
        _space = new(x);
        Columns = (int)BitOperations.RoundUpToPowerOf2((uint)_space.Fitted.Columns);
        CounterRandom signs = new(seed, RandomStream.TurnSigns);
        // Hadamard's matrix of this size makes rows sqrt(size) times as long.
        float factor = 1 / MathF.Sqrt(Columns);
        _factors = new float[Turns * Columns];
        for (int i = 0; i < _factors.Length; i++)
            _factors[i] = (signs.Word(0, i) & 1) == 0 ? factor : -factor;
        Fitted = Turned(_space.Fitted);
    }

    /// <summary>Coordinates of a row, a power of two.</summary>
    public int Columns { get; }

    /// <summary>The rows that it was made for.</summary>
    public Matrix Fitted { get; }

    /// <summary>The part of other rows that lies in the space of these.</summary>
    public Matrix Of(Matrix x) => Turned(_space.Of(x));

    Matrix Turned(Matrix rows)
    {
        Matrix turned = new(rows.Rows, Columns);
        for (int i = 0; i < rows.Rows; i++)
        {
            Span<float> row = turned.Row(i);
            rows[i].CopyTo(row);
            for (int turn = 0; turn < Turns; turn++)
                Turn(row, _factors.AsSpan(turn * Columns, Columns));
        }
        return turned;
    }

    static void Turn(Span<float> row, ReadOnlySpan<float> factors)
    {
        for (int j = 0; j < row.Length; j++)
            row[j] *= factors[j];
        for (int half = 1; half < row.Length; half *= 2)
            for (int block = 0; block < row.Length; block += 2 * half)
                for (int j = block; j < block + half; j++)
                    (row[j], row[j + half]) = (row[j] + row[j + half], row[j] - row[j + half]);
    }
}
