using System.Globalization;
using System.Numerics;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace LeoCvae.MLNet;

/// <summary>A column of a data view in memory: its cells as they came, and the same as features or classes of a table.</summary>
abstract class ViewColumn(DataViewSchema.Column column)
{
    public string Name => column.Name;

    public DataViewType Type => column.Type;

    public DataViewSchema.Annotations Annotations => column.Annotations;

    /// <summary>Cells are added from a cursor; the result adds the one at hand.</summary>
    public abstract Action Reader(DataViewRow row);

    /// <summary>The cells as columns of a table; several for a vector.</summary>
    public abstract IEnumerable<TableColumn> Features();

    /// <summary>Each cell as the name of a class.</summary>
    public abstract string[] Classes();

    /// <summary>The same column with rows of a table behind its own.</summary>
    /// <param name="rows">The table.</param>
    /// <param name="first">The first of these rows.</param>
    /// <param name="isLabel">Whether cells are classes of the table, rather than features.</param>
    public abstract ViewColumn With(Table rows, int first, bool isLabel);

    /// <summary>Some rows of the column.</summary>
    public abstract ViewColumn Select(int[] rows);

    /// <summary>Reads the cell at a cursor's place.</summary>
    public abstract Delegate Getter(Func<long> place);

    /// <summary>The column of a type.</summary>
    /// <exception cref="ArgumentException">The type is none that a table holds.</exception>
    public static ViewColumn Of(DataViewSchema.Column column) => column.Type switch
    {
        NumberDataViewType type when type == NumberDataViewType.Single => new Cells<float>(column, TableColumn.Of, Column<float>),
        NumberDataViewType type when type == NumberDataViewType.Double => new Cells<double>(column, TableColumn.Of, Column<double>),
        NumberDataViewType type when type == NumberDataViewType.SByte => Whole<sbyte>(column),
        NumberDataViewType type when type == NumberDataViewType.Byte => Whole<byte>(column),
        NumberDataViewType type when type == NumberDataViewType.Int16 => Whole<short>(column),
        NumberDataViewType type when type == NumberDataViewType.UInt16 => Whole<ushort>(column),
        NumberDataViewType type when type == NumberDataViewType.Int32 => Whole<int>(column),
        NumberDataViewType type when type == NumberDataViewType.UInt32 => Whole<uint>(column),
        NumberDataViewType type when type == NumberDataViewType.Int64 => Whole<long>(column),
        NumberDataViewType type when type == NumberDataViewType.UInt64 => Whole<ulong>(column),
        BooleanDataViewType => new Cells<bool>(column, TableColumn.Of, Column<bool>),
        // Text without a character is a missing value, as in a file.
        TextDataViewType => new Cells<ReadOnlyMemory<char>>(column,
            (name, cells) => TableColumn.Of(name, cells.Select(cell => cell.IsEmpty ? null : cell.ToString())),
            (table, name) => [.. table.Column<string?>(name).Select(text => text.AsMemory())]),
        DateTimeDataViewType => new Cells<DateTime>(column, TableColumn.Of, Column<DateTime>),
        // Keys count from 1; 0 is a missing one.
        KeyDataViewType { RawType: Type raw } when raw == typeof(uint) => new Cells<uint>(column,
            (name, cells) => TableColumn.Of(name, cells.Select(cell => cell == 0 ? null : cell.ToString(CultureInfo.InvariantCulture))),
            (table, name) => [.. table.Column<string?>(name)
                .Select(text => text is null ? 0 : uint.Parse(text, CultureInfo.InvariantCulture))]),
        VectorDataViewType { IsKnownSize: true, ItemType: NumberDataViewType item } when item == NumberDataViewType.Single =>
            new Vectors(column),
        _ => throw Fault.Argument("data", $"column '{column.Name}': got {column.Type}, expected numbers, true and false, text, dates, " +
            $"keys (uint), or a vector of floats of known size; leave it out (Transforms.DropColumns)"),
    };

    /// <summary>A column of given numbers.</summary>
    public static ViewColumn Of(DataViewSchema.Column column, float[] values) =>
        new Cells<float>(column, TableColumn.Of, Column<float>).Like(values);

    static T[] Column<T>(Table table, string name) => table.Column<T>(name);

    static Cells<T> Whole<T>(DataViewSchema.Column column) where T : struct, IBinaryInteger<T> => new(column,
        (name, cells) => TableColumn.Of(name, cells.Select(long.CreateChecked)),
        (table, name) => [.. table.Column<double>(name).Select(T.CreateChecked)]);

    /// <summary>One value a row.</summary>
    sealed class Cells<T>(DataViewSchema.Column column, Func<string, IEnumerable<T>, TableColumn> features, Func<Table, string, T[]> values)
        : ViewColumn(column)
    {
        readonly DataViewSchema.Column _column = column;
        readonly List<T> _cells = [];

        public Cells<T> Like(IEnumerable<T> cells)
        {
            Cells<T> other = new(_column, features, values);
            other._cells.AddRange(cells);
            return other;
        }

        public override Action Reader(DataViewRow row)
        {
            ValueGetter<T> getter = row.GetGetter<T>(_column);
            return () =>
            {
                T cell = default!;
                getter(ref cell);
                // The characters behind a text may be used again.
                _cells.Add(cell is ReadOnlyMemory<char> text ? (T)(object)text.ToString().AsMemory() : cell);
            };
        }

        public override IEnumerable<TableColumn> Features() => [features(Name, _cells)];

        public override string[] Classes() => [.. _cells.Select(Class)];

        string Class(T cell, int row) => cell switch
        {
            uint and 0 when Type is KeyDataViewType => throw Missing(row),
            ReadOnlyMemory<char> { IsEmpty: true } => throw Missing(row),
            float and float.NaN or double and double.NaN => throw Missing(row),
            IFormattable value => value.ToString(null, CultureInfo.InvariantCulture),
            _ => cell!.ToString()!,
        };

        ArgumentException Missing(int row) =>
            Fault.Argument("data", $"row {row}, label column '{Name}': the value is missing; leave the row out " +
                $"(Data.FilterRowsByMissingValues)");

        public override ViewColumn With(Table rows, int first, bool isLabel)
        {
            if (!isLabel)
                return Like(_cells.Concat(values(rows, Name)[first..]));
            Dictionary<string, T> cellOf = [];
            for (int row = 0; row < _cells.Count; row++)
                cellOf.TryAdd(Class(_cells[row], row), _cells[row]);
            return Like(_cells.Concat(Enumerable.Range(first, rows.RowCount - first).Select(row => cellOf[rows.Label(row)])));
        }

        public override ViewColumn Select(int[] rows) => Like(rows.Select(row => _cells[row]));

        public override Delegate Getter(Func<long> place) => (ValueGetter<T>)((ref T cell) => cell = _cells[(int)place()]);
    }

    /// <summary>A vector a row.</summary>
    sealed class Vectors(DataViewSchema.Column column) : ViewColumn(column)
    {
        readonly DataViewSchema.Column _column = column;
        readonly List<float[]> _cells = [];

        int Size => ((VectorDataViewType)Type).Size;

        Vectors Like(IEnumerable<float[]> cells)
        {
            Vectors other = new(_column);
            other._cells.AddRange(cells);
            return other;
        }

        string NameOf(int slot) => string.Create(CultureInfo.InvariantCulture, $"{Name}.{slot}");

        public override Action Reader(DataViewRow row)
        {
            ValueGetter<VBuffer<float>> getter = row.GetGetter<VBuffer<float>>(_column);
            VBuffer<float> buffer = default;
            return () =>
            {
                getter(ref buffer);
                _cells.Add([.. buffer.DenseValues()]);
            };
        }

        public override IEnumerable<TableColumn> Features() =>
            Enumerable.Range(0, Size).Select(slot => TableColumn.Of(NameOf(slot), _cells.Select(cell => cell[slot])));

        public override string[] Classes() =>
            throw Fault.Argument("data", $"label column '{Name}': got a vector, expected one value a row");

        public override ViewColumn With(Table rows, int first, bool isLabel)
        {
            float[][] slots = [.. Enumerable.Range(0, Size).Select(slot => rows.Column<float>(NameOf(slot)))];
            return Like(_cells.Concat(Enumerable.Range(first, rows.RowCount - first)
                .Select(row => slots.Select(slot => slot[row]).ToArray())));
        }

        public override ViewColumn Select(int[] rows) => Like(rows.Select(row => _cells[row]));

        public override Delegate Getter(Func<long> place) =>
            (ValueGetter<VBuffer<float>>)((ref VBuffer<float> cell) => cell = new(Size, _cells[(int)place()]));
    }
}
