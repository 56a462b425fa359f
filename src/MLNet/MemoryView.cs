using Microsoft.ML;
using Microsoft.ML.Data;

namespace LeoCvae.MLNet;

/// <summary>A data view whose columns are in memory.</summary>
sealed class MemoryView : IDataView
{
    readonly ViewColumn[] _columns;
    readonly int _rows;

    public MemoryView(IEnumerable<ViewColumn> columns, int rows)
    {
        (_columns, _rows) = ([.. columns], rows);
        DataViewSchema.Builder builder = new();
        foreach (ViewColumn column in _columns)
            builder.AddColumn(column.Name, column.Type, column.Annotations);
        Schema = builder.ToSchema();
    }

    /// <summary>Reads all visible columns.</summary>
    public static MemoryView Read(IDataView data)
    {
        DataViewSchema.Column[] source = [.. data.Schema.Where(column => !column.IsHidden)];
        ViewColumn[] columns = [.. source.Select(ViewColumn.Of)];
        using DataViewRowCursor cursor = data.GetRowCursor(source);
        Action[] read = [.. columns.Select(column => column.Reader(cursor))];
        int rows = 0;
        for (; cursor.MoveNext(); rows++)
            foreach (Action one in read)
                one();
        return new(columns, rows);
    }

    public IReadOnlyList<ViewColumn> Columns => _columns;

    public int Rows => _rows;

    public DataViewSchema Schema { get; }

    public bool CanShuffle => false;

    /// <summary>The label column.</summary>
    /// <exception cref="ArgumentException">There is none of the name.</exception>
    public ViewColumn Label(string name) => _columns.FirstOrDefault(column => column.Name == name)
        ?? throw Fault.Argument("labelColumnName",
            $"no column '{name}'; the columns are {TableSchema.Quote([.. _columns.Select(column => column.Name)])}");

    /// <summary>The table of all columns but the label's.</summary>
    public Table ToTable(string label) => Table.FromColumns(_columns.Where(column => column.Name != label)
        .SelectMany(column => column.Features()), Label(label).Classes(), label);

    /// <summary>Some of the rows.</summary>
    public MemoryView Select(int[] rows) => new(_columns.Select(column => column.Select(rows)), rows.Length);

    public long? GetRowCount() => _rows;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(this, [.. columnsNeeded.Select(column => column.Index)]);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    sealed class Cursor(MemoryView view, HashSet<int> needed) : DataViewRowCursor
    {
        long _place = -1;

        public override long Position => _place;

        public override long Batch => 0;

        public override DataViewSchema Schema => view.Schema;

        public override bool MoveNext()
        {
            if (_place == view._rows)
                return false;
            _place++;
            return _place < view._rows;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => needed.Contains(column.Index);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
            view._columns[column.Index].Getter(() => _place) as ValueGetter<TValue> ?? throw Fault.Argument(nameof(column),
                $"column '{column.Name}': got the type {typeof(TValue).Name}, expected {column.Type.RawType.Name}");

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new((ulong)_place, 0);
    }
}
