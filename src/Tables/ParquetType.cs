using System.Buffers;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Text;
using Parquet;
using Parquet.Schema;

namespace LeoCvae;

/// <summary>What a column of a Parquet file holds, and how its values are read and written. Immutable and thread-safe.</summary>
abstract class ParquetType
{
    /// <summary>The name that people know it by: int64, timestamp[us, UTC].</summary>
    public required string Name { get; init; }

    /// <summary>The kind of its columns; null where their texts say what they are.</summary>
    public ColumnKind? Kind { get; init; }

    /// <summary>Whether its values are texts.</summary>
    public abstract bool IsText { get; }

    /// <summary>Behind the text of a time: Z or nothing.</summary>
    public string Zone { get; init; } = "";

    /// <summary>The column's declaration in a file that is written.</summary>
    public required Func<string, bool, DataField> Declare { get; init; }

    /// <summary>The type in which values are handed to the file.</summary>
    public abstract DataField Raw(string name, bool isNullable);

    /// <summary>Reads the cells of a row group.</summary>
    public abstract ParquetCells Read(ParquetRowGroupReader group, DataField raw, int rows);

    /// <summary>Cells without values.</summary>
    public ParquetCells Missing(int rows)
    {
        ParquetCells cells = New(rows);
        for (int row = 0; row < rows; row++)
            cells.SetMissing(row);
        return cells;
    }

    /// <summary>New cells, to be filled.</summary>
    public abstract ParquetCells New(int rows);
}

/// <summary>A type whose values are read as one .NET type and written as another.</summary>
sealed class ParquetType<TRead, TWrite> : ParquetType
    where TRead : struct where TWrite : struct
{
    /// <summary>The cell of a value; throws FormatException where there is none.</summary>
    public required Func<TRead, double> ToNumber { get; init; }

    /// <summary>The text of a value, by a format where one is given.</summary>
    public required Func<TRead, string?, string> ToText { get; init; }

    /// <summary>Writes the text that <see cref="ToText"/> gives, where there is a quicker way.</summary>
    public NumberWriter? WriteNumber { get; init; }

    /// <summary>Writes the text of a number as UTF-8.</summary>
    /// <param name="value">The value.</param>
    /// <param name="decimals">Kept from value to value of a column, 0 at first.</param>
    /// <param name="to">Room for it.</param>
    /// <returns>Its length; 0 for a value that has another text.</returns>
    public delegate int NumberWriter(TRead value, ref int decimals, Span<byte> to);

    /// <summary>The value of a cell; throws OverflowException where there is none.</summary>
    public required Func<double, TRead> FromNumber { get; init; }

    /// <summary>The value of a text that <see cref="ToText"/> gave.</summary>
    public required Func<string, TRead> FromText { get; init; }

    /// <summary>The value as it is written; null for one of the same type.</summary>
    public required Func<TRead, TWrite> ToWritten { get; init; }

    /// <summary>How many decimals of a second a time has.</summary>
    public Func<TRead, int>? Decimals { get; init; }

    /// <summary>Whether a value stands for none.</summary>
    public Func<TRead, bool>? IsMissing { get; init; }

    /// <summary>Whether a value is a whole number that no double holds.</summary>
    public Func<TRead, bool>? IsLost { get; init; }

    /// <summary>The bytes of a text, where values are texts.</summary>
    public Func<TRead, ReadOnlyMemory<byte>>? Bytes { get; init; }

    public override bool IsText => Bytes is not null;

    public override DataField Raw(string name, bool isNullable) => typeof(TWrite) == typeof(Parquet.Data.BigDecimal)
        ? Declare(name, isNullable) is DecimalDataField { Precision: int precision, Scale: int scale }
            ? new BigDecimalDataField(name, precision, scale, isNullable, null, null) : throw new InvalidOperationException()
        : new DataField(name, typeof(TWrite), isNullable);

    public override ParquetCells Read(ParquetRowGroupReader group, DataField raw, int rows)
    {
        TRead[] values = new TRead[rows];
        if (!raw.IsNullable)
        {
            ReadInto(null);
            return new Cells(this, values, null);
        }
        int[] rented = ArrayPool<int>.Shared.Rent(rows);
        try
        {
            Span<int> levels = rented.AsSpan(0, rows);
            levels.Clear();
            ReadInto(rented.AsMemory(0, rows));
            return new Cells(this, values, Spread(values, levels));
        }
        finally
        {
            ArrayPool<int>.Shared.Return(rented);
        }

        void ReadInto(Memory<int>? levels) =>
            group.ReadRawAsync<TRead>(raw, values, levels, null).AsTask().GetAwaiter().GetResult();
    }

    // Values stand side by side at the start; null where none is missing.
    static bool[]? Spread(TRead[] values, ReadOnlySpan<int> levels)
    {
        int missing = levels.Count(0);
        if (missing == 0)
            return null;
        bool[] isNull = new bool[values.Length];
        int value = values.Length - missing;
        for (int row = values.Length - 1; row >= 0; row--)
        {
            isNull[row] = levels[row] == 0;
            values[row] = isNull[row] ? default : values[--value];
        }
        return isNull;
    }

    public override ParquetCells New(int rows) => new Cells(this, new TRead[rows], new bool[rows]);

    sealed class Cells(ParquetType<TRead, TWrite> type, TRead[] values, bool[]? isNull) : ParquetCells
    {
        byte[] _utf8 = [];
        int _decimals;

        public override bool IsMissing(int row) => isNull is not null && isNull[row] || type.IsMissing?.Invoke(values[row]) is true;

        public override ReadOnlyMemory<double> Doubles => (object)values is double[] doubles && isNull is null
            && doubles.Length > 0 && double.IsFinite(TensorPrimitives.MaxMagnitude<double>(doubles)) ? doubles : default;

        public override bool IsLost(int row) => type.IsLost?.Invoke(values[row]) is true;

        public override double Number(int row) => type.ToNumber(values[row]);

        public override string Text(int row, string? format = null) => type.ToText(values[row], format);

        public override int WriteNumber(int row, Span<byte> to) => type.WriteNumber?.Invoke(values[row], ref _decimals, to) ?? 0;

        public override int Decimals(int row) => type.Decimals?.Invoke(values[row]) ?? 0;

        public override ReadOnlySpan<byte> Utf8(int row)
        {
            if (type.Bytes is not null)
                return type.Bytes(values[row]).Span;
            string text = Text(row);
            int most = Encoding.UTF8.GetMaxByteCount(text.Length);
            if (_utf8.Length < most)
                _utf8 = new byte[2 * most];
            return _utf8.AsSpan(0, Encoding.UTF8.GetBytes(text, _utf8));
        }

        public override void SetMissing(int row) => (values[row], isNull![row]) = (default, true);

        public override void SetNumber(int row, double cell) => Set(row, type.FromNumber(cell));

        public override void SetText(int row, string text) => Set(row, type.FromText(text));

        void Set(int row, TRead value) => (values[row], isNull![row]) = (value, false);

        public override void Write(ParquetRowGroupWriter group, DataField field, int rows, CancellationToken cancellation)
        {
            if (typeof(TWrite) != typeof(ReadOnlyMemory<char>) || !HasSurrogates(rows))
            {
                Write(group, field, rows, type.ToWritten, cancellation);
                return;
            }
            // The library notes the least and the largest text by UTF-16, which is another order than that of the bytes where surrogates
            // are: readers would skip rows. Of bytes it notes none.
            DataField bytes = new(field.Name, typeof(byte[]), field.IsNullable);
            _ = new ParquetSchema(bytes);
            Write(group, bytes, rows, type.Bytes!, cancellation);
        }

        bool HasSurrogates(int rows)
        {
            const byte FirstOfFour = 0xF0;
            for (int row = 0; row < rows; row++)
                if (type.Bytes!(values[row]).Span.IndexOfAnyInRange(FirstOfFour, byte.MaxValue) >= 0)
                    return true;
            return false;
        }

        void Write<T>(ParquetRowGroupWriter group, DataField field, int rows, Func<TRead, T> convert, CancellationToken cancellation)
            where T : struct
        {
            T[] written = ArrayPool<T>.Shared.Rent(rows);
            int[] levels = ArrayPool<int>.Shared.Rent(field.IsNullable ? rows : 0);
            try
            {
                int count = 0;
                for (int row = 0; row < rows; row++)
                {
                    bool isMissing = isNull is not null && isNull[row];
                    if (!isMissing)
                        written[count++] = convert(values[row]);
                    if (field.IsNullable)
                        levels[row] = isMissing ? 0 : 1;
                }
                ReadOnlyMemory<int>? from = field.IsNullable ? levels.AsMemory(0, rows) : default(ReadOnlyMemory<int>?);
                group.WriteAllPartsAsync<T>(field, written.AsMemory(0, count), from, null, cancellation).GetAwaiter().GetResult();
            }
            finally
            {
                ArrayPool<T>.Shared.Return(written, clearArray: RuntimeHelpers.IsReferenceOrContainsReferences<T>());
                ArrayPool<int>.Shared.Return(levels);
            }
        }
    }
}
