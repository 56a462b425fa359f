using System.Globalization;
using System.Numerics;
using Parquet.Data;
using Parquet.Meta;
using Parquet.Schema;
using Encoding = System.Text.Encoding;

namespace LeoCvae;

/// <summary>The types of Parquet columns that are served.</summary>
static class ParquetTypes
{
    const string DayFormat = "yyyy-MM-dd";
    const int MostPrecision = 38, IntPrecision = 9, LongPrecision = 18, MostDecimals = 6;
    const long MicrosASecond = 1_000_000, NanosAMicro = 1000, MicrosAMilli = 1000, TicksAMicro = 10;

    static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    public static readonly ParquetType Bool = new ParquetType<bool, bool>
    {
        Name = "bool",
        Declare = (name, isNullable) => new DataField(name, typeof(bool), isNullable),
        ToNumber = value => value ? 1 : 0,
        ToText = (value, _) => value ? "true" : "false",
        FromNumber = cell => cell is 0 or 1 ? cell == 1 : throw new OverflowException(),
        FromText = text => text is "true" or "1",
        ToWritten = value => value,
    };

    public static readonly ParquetType Int32 = Whole<int, int>("int32"), Int64 = Whole<long, long>("int64");

    public static readonly ParquetType Double = new ParquetType<double, double>
    {
        Name = "double",
        Kind = ColumnKind.Numeric,
        Declare = (name, isNullable) => new DataField(name, typeof(double), isNullable),
        ToNumber = Finite,
        ToText = (value, _) => NumberText(value, value.ToString("R", Invariant)),
        WriteNumber = (double value, ref int decimals, Span<byte> to) =>
            double.IsFinite(value) ? NumberBytes.WriteShortest(value, ref decimals, to) : 0,
        FromNumber = cell => cell,
        FromText = text => double.Parse(text, Invariant),
        ToWritten = value => value,
        IsMissing = double.IsNaN,
    };

    public static readonly ParquetType Text = Texts("string", typeof(string), value => Encoding.UTF8.GetString(value.Span).AsMemory());

    public static readonly ParquetType Date = new ParquetType<int, int>
    {
        Name = "date",
        Kind = ColumnKind.Date,
        Declare = (name, isNullable) => new DataField(name, typeof(DateOnly), isNullable),
        ToNumber = value => DateText.Range(ColumnKind.Date) is var (least, most) && value >= least && value <= most ? value
            : throw new FormatException("expected a date from 0001-01-01 to 9999-12-31"),
        ToText = (value, format) => DateText.Write(ColumnKind.Date, format ?? DayFormat, value),
        FromNumber = cell => checked((int)Math.Round(cell)),
        FromText = text => DateText.TryRead(ColumnKind.Date, DayFormat, text, out double day) ? (int)day : throw new FormatException(),
        ToWritten = value => value,
    };

    public static readonly ParquetType Single = new ParquetType<float, float>
    {
        Name = "float",
        Kind = ColumnKind.Numeric,
        Declare = (name, isNullable) => new DataField(name, typeof(float), isNullable),
        ToNumber = value => Finite(Shortest(value)),
        ToText = (value, _) => NumberText(value, value.ToString("R", Invariant)),
        FromNumber = cell => (float)cell,
        FromText = text => float.Parse(text, Invariant),
        ToWritten = value => value,
        IsMissing = float.IsNaN,
    };

    // Of old writers: text, most likely, and refused where it is none.
    static readonly ParquetType Bytes = Texts("bytes", typeof(byte[]), value => value);

    // The old form of times, of Spark and Impala: to 100 nanoseconds.
    static readonly ParquetType Int96 = new ParquetType<DateTime, DateTime>
    {
        Name = "timestamp[int96]",
        Kind = ColumnKind.DateTime,
        Declare = (name, isNullable) => new DateTimeDataField(name, DateTimeFormat.Impala, false, null, isNullable, null, null),
        ToNumber = value => Seconds(Micros(value)),
        ToText = (value, format) => TimeText(Micros(value), format, ""),
        Decimals = value => DecimalsOf(Micros(value)),
        FromNumber = DateText.Time,
        FromText = text => Unix(TimeOf(text)),
        ToWritten = value => DateTime.SpecifyKind(value, DateTimeKind.Utc),
    };

    /// <summary>Times to the microsecond, of UTC or of no zone.</summary>
    public static ParquetType Timestamp(bool isUtc) => Timestamp(DateTimeTimeUnit.Micros, isUtc, isAnnotated: true);

    /// <summary>The type of a column, and what it is called; null for one that is not served.</summary>
    public static (ParquetType? Type, string Name) Of(SchemaElement column)
    {
        LogicalType? logical = column.LogicalType;
        if (column.RepetitionType == FieldRepetitionType.REPEATED)
            return (null, "a list");
        if (column.NumChildren > 0 || column.Type is null)
            return (null, logical?.LIST is not null || column.ConvertedType == ConvertedType.LIST ? "a list"
                    : logical?.MAP is not null || column.ConvertedType is ConvertedType.MAP or ConvertedType.MAP_KEY_VALUE ? "a map"
                : "a struct");
        ParquetType? type = column.Type switch
        {
            Parquet.Meta.Type.BOOLEAN => Bool,
            Parquet.Meta.Type.FLOAT => Single,
            Parquet.Meta.Type.DOUBLE => Double,
            Parquet.Meta.Type.INT96 => Int96,
            Parquet.Meta.Type.INT32 => OfInt32(column, logical),
            Parquet.Meta.Type.INT64 => OfInt64(column, logical),
            _ => OfBytes(column, logical),
        };
        return (type, type?.Name ?? Unserved(column, logical));
    }

    static ParquetType? OfInt32(SchemaElement column, LogicalType? logical) => (logical, column.ConvertedType) switch
    {
        ({ DATE: not null }, _) or (_, ConvertedType.DATE) => Date,
        ({ TIME: not null }, _) or (_, ConvertedType.TIME_MILLIS) => null,
        ({ DECIMAL: not null }, _) or (_, ConvertedType.DECIMAL) => Decimal<int>(column, value => value, value => (int)value),
        ({ INTEGER: { BitWidth: 8, IsSigned: true } }, _) or (_, ConvertedType.INT_8) => Whole<int, sbyte>("int8"),
        ({ INTEGER: { BitWidth: 8 } }, _) or (_, ConvertedType.UINT_8) => Whole<int, byte>("uint8"),
        ({ INTEGER: { BitWidth: 16, IsSigned: true } }, _) or (_, ConvertedType.INT_16) => Whole<int, short>("int16"),
        ({ INTEGER: { BitWidth: 16 } }, _) or (_, ConvertedType.UINT_16) => Whole<int, ushort>("uint16"),
        ({ INTEGER: { IsSigned: false } }, _) or (_, ConvertedType.UINT_32) => Whole<int, uint>("uint32"),
        _ => Int32,
    };

    static ParquetType? OfInt64(SchemaElement column, LogicalType? logical) => (logical, column.ConvertedType) switch
    {
        ({ TIMESTAMP: { } time }, _) => Timestamp(
            time.Unit?.MILLIS is not null ? DateTimeTimeUnit.Millis : time.Unit?.NANOS is not null ? DateTimeTimeUnit.Nanos
            : DateTimeTimeUnit.Micros, time.IsAdjustedToUTC, isAnnotated: true),
        (_, ConvertedType.TIMESTAMP_MILLIS) => Timestamp(DateTimeTimeUnit.Millis, true, isAnnotated: false),
        (_, ConvertedType.TIMESTAMP_MICROS) => Timestamp(DateTimeTimeUnit.Micros, true, isAnnotated: false),
        ({ TIME: not null }, _) or (_, ConvertedType.TIME_MICROS) => null,
        ({ DECIMAL: not null }, _) or (_, ConvertedType.DECIMAL) => Decimal<long>(column, value => value, value => (long)value),
        ({ INTEGER: { IsSigned: false } }, _) or (_, ConvertedType.UINT_64) => Whole<long, ulong>("uint64"),
        _ => Int64,
    };

    static ParquetType? OfBytes(SchemaElement column, LogicalType? logical) => (logical, column.ConvertedType) switch
    {
        ({ DECIMAL: not null }, _) or (_, ConvertedType.DECIMAL) => Decimal<ReadOnlyMemory<byte>>(column,
            value => value.Length <= 16 ? (Int128)new BigInteger(value.Span, isBigEndian: true) : throw new OverflowException(),
            value => ((BigInteger)value).ToByteArray(isBigEndian: true)),
        _ when column.Type == Parquet.Meta.Type.FIXED_LEN_BYTE_ARRAY => null,
        ({ STRING: not null } or { ENUM: not null }, _) or (_, ConvertedType.UTF8 or ConvertedType.ENUM) => Text,
        (null, null) => Bytes,
        _ => null,
    };

    static string Unserved(SchemaElement column, LogicalType? logical) => (logical, column.ConvertedType) switch
    {
        ({ TIME: not null }, _) or (_, ConvertedType.TIME_MILLIS or ConvertedType.TIME_MICROS) => "a time of day",
        ({ UUID: not null }, _) => "a UUID",
        ({ JSON: not null }, _) or (_, ConvertedType.JSON) => "JSON",
        ({ BSON: not null }, _) or (_, ConvertedType.BSON) => "BSON",
        ({ FLOAT16: not null }, _) => "float16",
        (_, ConvertedType.INTERVAL) => "an interval",
        _ when column.Type == Parquet.Meta.Type.FIXED_LEN_BYTE_ARRAY && logical is null && column.ConvertedType is null => "bytes",
        ({ DECIMAL: not null }, _) or (_, ConvertedType.DECIMAL) => $"a decimal of more than {MostPrecision} digits",
        _ => "of a type that is not served",
    };

    static ParquetType<ReadOnlyMemory<byte>, TWrite> Texts<TWrite>(
        string name, System.Type type, Func<ReadOnlyMemory<byte>, TWrite> written)
        where TWrite : struct => new()
        {
            Name = name,
            Declare = (column, isNullable) => new DataField(column, type, isNullable),
            ToNumber = _ => throw new NotSupportedException(),
            ToText = (value, _) => Encoding.UTF8.GetString(value.Span),
            FromNumber = _ => throw new NotSupportedException(),
            FromText = text => Encoding.UTF8.GetBytes(text),
            ToWritten = written,
            Bytes = value => value,
        };

    static ParquetType<TRead, TWrite> Whole<TRead, TWrite>(string name)
        where TRead : struct, IBinaryInteger<TRead> where TWrite : struct, IBinaryInteger<TWrite> => new()
        {
            Name = name,
            Kind = ColumnKind.Numeric,
            Declare = (column, isNullable) => new DataField(column, typeof(TWrite), isNullable),
            ToNumber = value => double.CreateTruncating(TWrite.CreateTruncating(value)),
            ToText = (value, _) => TWrite.CreateTruncating(value).ToString(null, Invariant),
            WriteNumber = (TRead value, ref int _, Span<byte> to) =>
                TWrite.CreateTruncating(value).TryFormat(to, out int length, default, Invariant) ? length : 0,
            FromNumber = cell => TRead.CreateTruncating(TWrite.CreateChecked(Math.Round(cell))),
            FromText = text => TRead.CreateTruncating(TWrite.Parse(text, Invariant)),
            ToWritten = TWrite.CreateTruncating,
            IsLost = value => Int128.CreateTruncating(TWrite.CreateTruncating(value)) is Int128 whole && (Int128)(double)whole != whole,
        };

    static ParquetType? Decimal<TRead>(SchemaElement column, Func<TRead, Int128> unscaled, Func<Int128, TRead> scaled) where TRead : struct
    {
        int precision = column.LogicalType?.DECIMAL?.Precision ?? column.Precision ?? 0;
        int scale = column.LogicalType?.DECIMAL?.Scale ?? column.Scale ?? 0;
        return precision is < 1 or > MostPrecision || scale < 0 || scale > precision ? null
            : precision <= IntPrecision ? Decimal<TRead, int>(precision, scale, unscaled, scaled, value => (int)value)
            : precision <= LongPrecision ? Decimal<TRead, long>(precision, scale, unscaled, scaled, value => (long)value)
            : Decimal<TRead, BigDecimal>(precision, scale, unscaled, scaled, value => new BigDecimal(value, precision, scale));
    }

    static ParquetType<TRead, TWrite> Decimal<TRead, TWrite>(int precision, int scale, Func<TRead, Int128> unscaled,
        Func<Int128, TRead> scaled, Func<Int128, TWrite> written)
        where TRead : struct where TWrite : struct
    {
        Int128 limit = (Int128)BigInteger.Pow(10, precision);
        string Write(Int128 value)
        {
            string digits = Int128.Abs(value).ToString(Invariant).PadLeft(scale + 1, '0');
            return (value < 0 ? "-" : "") + (scale == 0 ? digits : $"{digits[..^scale]}.{digits[^scale..]}");
        }
        TRead Parse(string text)
        {
            int point = text.IndexOf('.', StringComparison.Ordinal), decimals = point < 0 ? 0 : text.Length - point - 1;
            Int128 value = Int128.Parse(text.Replace(".", "", StringComparison.Ordinal) + new string('0', scale - decimals), Invariant);
            return Int128.Abs(value) < limit ? scaled(value) : throw new OverflowException();
        }
        return new()
        {
            Name = string.Create(Invariant, $"decimal({precision}, {scale})"),
            Kind = ColumnKind.Numeric,
            Declare = (column, isNullable) =>
                new DecimalDataField(column, precision, scale, false, isNullable, null, null, typeof(decimal)),
            ToNumber = value => double.Parse(Write(unscaled(value)), Invariant),
            ToText = (value, _) => Write(unscaled(value)),
            FromNumber = cell => Parse(cell.ToString($"F{scale}", Invariant)),
            FromText = Parse,
            ToWritten = value => written(unscaled(value)),
            IsLost = value => Write(unscaled(value)) is string text && !text.AsSpan(text.IndexOf('.', StringComparison.Ordinal) + 1)
                .ContainsAnyInRange('1', '9') && scale > 0 && Lost(text[..^(scale + 1)]) || scale == 0 && Lost(Write(unscaled(value))),
        };

        static bool Lost(string whole) => Int128.Parse(whole, Invariant) is Int128 value && (Int128)(double)value != value;
    }

    static ParquetType<long, long> Timestamp(DateTimeTimeUnit unit, bool isUtc, bool isAnnotated)
    {
        long Micros(long value) => unit switch
        {
            DateTimeTimeUnit.Millis => checked(value * MicrosAMilli),
            DateTimeTimeUnit.Micros => value,
            _ => value % NanosAMicro == 0 ? value / NanosAMicro : throw new FormatException("expected a time of whole microseconds"),
        };
        long Value(long micros) => unit switch
        {
            DateTimeTimeUnit.Millis => (long)Math.Round(micros / (decimal)MicrosAMilli),
            DateTimeTimeUnit.Micros => micros,
            _ => checked(micros * NanosAMicro),
        };
        string name = unit switch { DateTimeTimeUnit.Millis => "ms", DateTimeTimeUnit.Micros => "us", _ => "ns" };
        string zone = isUtc ? "'Z'" : "";
        return new()
        {
            Name = $"timestamp[{name}{(isUtc ? ", UTC" : "")}]",
            Kind = ColumnKind.DateTime,
            Zone = zone,
            Declare = (column, isNullable) => new DateTimeDataField(column, isAnnotated ? DateTimeFormat.Timestamp
                : unit == DateTimeTimeUnit.Millis ? DateTimeFormat.DateAndTime : DateTimeFormat.DateAndTimeMicros, isUtc, unit, isNullable,
                null, null),
            ToNumber = value => Seconds(Checked(() => Micros(value))),
            ToText = (value, format) => TimeText(Checked(() => Micros(value)), format, zone),
            // What is no time is refused later.
            Decimals = value => unit == DateTimeTimeUnit.Millis ? Math.Max(0, DecimalsOf(value) - 3)
                : unit == DateTimeTimeUnit.Micros ? DecimalsOf(value) : DecimalsOf(value / NanosAMicro),
            FromNumber = cell => Value(ParquetTypes.Micros(DateText.Time(cell))),
            FromText = text => Value(TimeOf(text)),
            ToWritten = value => value,
        };

        static long Checked(Func<long> micros)
        {
            try
            {
                return micros();
            }
            catch (OverflowException)
            {
                throw Outside();
            }
        }
    }

    static FormatException Outside() => new("expected a time from the year 1 to 9999");

    static long Micros(DateTime time) => (time.Ticks - DateTime.UnixEpoch.Ticks) / TicksAMicro;

    static DateTime Unix(long micros)
    {
        long first = Micros(DateTime.MinValue), last = Micros(DateTime.MaxValue);
        return micros >= first && micros <= last ? DateTime.UnixEpoch.AddTicks(micros * TicksAMicro) : throw Outside();
    }

    // A cell that is the very time.
    static double Seconds(long micros)
    {
        DateTime time = Unix(micros);
        double cell = DateText.CellOf(time);
        return DateText.Time(cell) == time ? cell
            : throw new FormatException("expected a time that a double holds to the microsecond, before the year 2100 or so");
    }

    static string TimeText(long micros, string? format, string zone)
    {
        return new DateTimeOffset(Unix(micros), TimeSpan.Zero).ToString(format ?? TimeFormat(DecimalsOf(micros), zone), Invariant);
    }

    static int DecimalsOf(long micros)
    {
        int decimals = MostDecimals;
        for (long rest = micros; decimals > 0 && rest % 10 == 0; rest /= 10)
            decimals--;
        return decimals;
    }

    /// <summary>The form of times with as many decimals.</summary>
    public static string TimeFormat(int decimals, string zone) =>
        $"yyyy-MM-ddTHH:mm:ss{(decimals > 0 ? "." + new string('f', decimals) : "")}{zone}";

    // Of a text that is written here, with whatever decimals.
    static long TimeOf(string text) => DateTimeOffset.TryParse(text, Invariant, DateTimeStyles.AssumeUniversal, out DateTimeOffset time)
        ? Micros(time.UtcDateTime) : throw new FormatException();

    static double Finite(double value) => double.IsFinite(value) ? value : throw new FormatException("expected a finite number");

    static string NumberText(double value, string text) => double.IsFinite(value) ? text
        : double.IsNaN(value) ? "" : value > 0 ? "inf" : "-inf";

    // The number of its shortest text, rather than the one beside it.
    static double Shortest(float value)
    {
        const float LargestWhole = 1 << 24;
        if (value == MathF.Truncate(value) && MathF.Abs(value) < LargestWhole || !float.IsFinite(value))
            return value;
        Span<char> text = stackalloc char[32];
        value.TryFormat(text, out int length, "R", Invariant);
        return double.Parse(text[..length], NumberStyles.Float, Invariant);
    }
}
