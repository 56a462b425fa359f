using Parquet;
using Parquet.Schema;

namespace LeoCvae;

/// <summary>Cells of one column of a Parquet file: those of a row group, or new ones.</summary>
abstract class ParquetCells
{
    /// <summary>Whether there is no value.</summary>
    public abstract bool IsMissing(int row);

    /// <summary>Whether the value is a whole number that no double holds.</summary>
    public abstract bool IsLost(int row);

    /// <summary>The cell of a value in a column of the type's own kind.</summary>
    /// <exception cref="FormatException">There is none; the message says what was expected.</exception>
    public abstract double Number(int row);

    /// <summary>The cells, where they are doubles as they are stored, finite and none missing; else nothing.</summary>
    public abstract ReadOnlyMemory<double> Doubles { get; }

    /// <summary>The text of a value, by the format of dates and times where one is given.</summary>
    public abstract string Text(int row, string? format = null);

    /// <summary>Writes the text of a number as UTF-8 to where there is room for it; 0 where only <see cref="Text"/> gives it.</summary>
    public abstract int WriteNumber(int row, Span<byte> to);

    /// <summary>How many decimals of a second a time has.</summary>
    public abstract int Decimals(int row);

    /// <summary>The text's UTF-8; valid until the next call.</summary>
    public abstract ReadOnlySpan<byte> Utf8(int row);

    /// <summary>Leaves a new cell without value.</summary>
    public abstract void SetMissing(int row);

    /// <summary>Gives a new cell a value by its cell in a table.</summary>
    /// <exception cref="OverflowException">The type doesn't hold it.</exception>
    public abstract void SetNumber(int row, double cell);

    /// <summary>Gives a new cell a value by its text.</summary>
    public abstract void SetText(int row, string text);

    /// <summary>Writes the first cells, one for each row, as the next column of a row group; they may then be given other values.</summary>
    public abstract void Write(ParquetRowGroupWriter group, DataField field, int rows, CancellationToken cancellation);
}
