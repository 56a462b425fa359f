#:package Parquet.Net
#:property PublishAot=false

// A Parquet file with a column of every type that docs/tables.md lists, with missing values and without, and a label y:
// dotnet run tools/parity/parquet-types.cs tests/Runtime.Tests/Oracles/parquet-types.parquet
using System.Text;
using Parquet;
using Parquet.Schema;

const int Rows = 40, Missing = 9;
List<(DataField Field, Func<ParquetRowGroupWriter, DataField, Task> Write)> columns = [];

Of("int8", row => (sbyte)(Drawn(row, 200, 1) - 100));
Of("int16", row => (short)(Drawn(row, 2000, 2) - 1000));
Of("int32", row => Drawn(row, 20_000, 3) - 1000);
Of("int64", row => Drawn(row, 20_000, 4) * 1_000_003L);
Of("uint8", row => (byte)Drawn(row, 256, 5));
Of("uint16", row => (ushort)Drawn(row, 65_536, 6));
Of("uint32", row => 4_000_000_000u + (uint)Drawn(row, 1000, 7));
Of("uint64", row => 4_000_000_000_000ul + (ulong)Drawn(row, 1000, 8));
Of("float", row => Drawn(row, 1000, 9) / 7f);
Of("double", row => Drawn(row, 1000, 10) / 7.0);
Of("bool", row => Drawn(row, 3, 11) == 0);
Of("date", row => new DateOnly(2020, 1, 1).AddDays(Drawn(row, 900, 12)));
foreach ((string unit, DateTimeTimeUnit timeUnit) in new[] { ("ms", DateTimeTimeUnit.Millis), ("us", DateTimeTimeUnit.Micros),
    ("ns", DateTimeTimeUnit.Nanos) })
    foreach (bool isUtc in new[] { false, true })
        OfTime($"timestamp_{unit}{(isUtc ? "_utc" : "")}", DateTimeFormat.Timestamp, isUtc, timeUnit);
OfTime("old_ms", DateTimeFormat.DateAndTime, isUtc: true, DateTimeTimeUnit.Millis);
OfTime("old_us", DateTimeFormat.DateAndTimeMicros, isUtc: true, DateTimeTimeUnit.Micros);
OfTime("int96", DateTimeFormat.Impala, isUtc: true, null);
foreach ((int precision, int scale) in new[] { (9, 2), (18, 4), (38, 3) })
    Of($"decimal_{precision}", row => Drawn(row, 9999, 15) / 100m - 10,
        (name, isNullable) => new DecimalDataField(name, precision, scale, false, isNullable, null, null));
OfText("text", row => $"name {Drawn(row, 4, 16)}");
OfText("names", row => $"P-{row}");
foreach (bool isNullable in new[] { false, true })
    columns.Add((new(Name("bytes", isNullable), typeof(byte[]), isNullable), (group, field) => group.WriteAsync(field,
        Cells(row => isNullable && IsMissing(row) ? null : Encoding.UTF8.GetBytes($"ä{Drawn(row, 3, 17)}")))));
columns.Add((new("y", typeof(string), false), (group, field) => group.WriteAsync(field, Cells(row => row % 4 == 0 ? "rare" : "common"))));

ParquetSchema schema = new(columns.Select(column => column.Field));
using FileStream file = File.Create(args[0]);
await using ParquetWriter writer = await ParquetWriter.CreateAsync(schema, file);
using ParquetRowGroupWriter rows = writer.CreateRowGroup();
foreach ((DataField field, Func<ParquetRowGroupWriter, DataField, Task> write) in columns)
    await write(rows, field);

static int Drawn(int row, int below, int column) => (row * 7919 + column * 104_729) % below;

static bool IsMissing(int row) => row % Missing == 4;

static string Name(string name, bool isNullable) => isNullable ? $"{name}_or_null" : name;

static T[] Cells<T>(Func<int, T> cell) => [.. Enumerable.Range(0, Rows).Select(cell)];

void Of<T>(string name, Func<int, T> value, Func<string, bool, DataField>? declare = null) where T : struct
{
    declare ??= (column, isNullable) => new DataField(column, typeof(T), isNullable);
    columns.Add((declare(name, false), (group, field) => group.WriteAsync<T>(field, Cells(value).AsMemory())));
    columns.Add((declare(Name(name, true), true), (group, field) =>
        group.WriteAsync<T>(field, Cells(row => IsMissing(row) ? (T?)null : value(row)).AsMemory())));
}

void OfTime(string name, DateTimeFormat format, bool isUtc, DateTimeTimeUnit? unit)
{
    long step = unit == DateTimeTimeUnit.Millis ? TimeSpan.TicksPerMillisecond : TimeSpan.TicksPerMicrosecond;
    Of(name, row => new DateTime(new DateTime(2021, 5, 1).Ticks + Drawn(row, 100_000, 13) * TimeSpan.TicksPerSecond
        + Drawn(row, 900, 14) * step, isUtc ? DateTimeKind.Utc : DateTimeKind.Unspecified),
        (column, isNullable) => new DateTimeDataField(column, format, isUtc && unit is not null, unit, isNullable, null, null));
}

void OfText(string name, Func<int, string> value)
{
    foreach (bool isNullable in new[] { false, true })
        columns.Add((new(Name(name, isNullable), typeof(string), isNullable),
            (group, field) => group.WriteAsync(field, Cells(row => isNullable && IsMissing(row) ? null : value(row)))));
}
