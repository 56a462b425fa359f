using System.Globalization;
using System.Text;

namespace LeoCvae;

/// <summary>
/// Dates and times as text: days or seconds since 1970-01-01 UTC, by .NET custom formats in the invariant culture. A format may end in an
/// offset in quotes ('+05:30', 'Z'): texts are then of that time zone.
/// </summary>
static class DateText
{
    /// <summary>Bytes that any text fits in: no part of a format is as much longer.</summary>
    public const int Longest = 16 * LongestFormat;

    const string IsoDay = "yyyy-MM-dd";
    const int LongestFormat = 64, Epoch = 719162;
    const double LeastSecond = -62135596800, MostSecond = 253402300799;
    const long TicksPerMicrosecond = TimeSpan.TicksPerMillisecond / 1000;

    /// <summary>Whether a text can be written so.</summary>
    public static bool IsFormat(ColumnKind kind, string format)
    {
        // One letter is a standard format of .NET.
        if (format.Length is < 2 or > LongestFormat)
            return false;
        try
        {
            return Write(kind, format, 0).Length > 0;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    /// <summary>The smallest and the largest cell there can be.</summary>
    public static (double Minimum, double Maximum) Range(ColumnKind kind) => kind == ColumnKind.Date
        ? (-Epoch, DateOnly.MaxValue.DayNumber - Epoch) : (LeastSecond, MostSecond + 1 - 1e-4);

    /// <summary>The text of a day or a second.</summary>
    /// <exception cref="ArgumentException">There is no such date.</exception>
    public static string Write(ColumnKind kind, string format, double cell)
    {
        Span<byte> text = stackalloc byte[Longest];
        return Encoding.UTF8.GetString(text[..Write(kind, format, cell, text)]);
    }

    /// <summary>The same as UTF-8, into room for <see cref="Longest"/> bytes; its length.</summary>
    /// <exception cref="ArgumentException">There is no such date.</exception>
    public static int Write(ColumnKind kind, string format, double cell, Span<byte> to)
    {
        (double minimum, double maximum) = Range(kind);
        long offset = OffsetOf(format).Ticks, ticks = cell >= minimum && cell <= maximum ? Ticks(kind, cell) + offset : -1;
        if (ticks < 0 || ticks > DateTime.MaxValue.Ticks)
            throw Fault.Argument("values", $"got {cell} {(kind == ColumnKind.Date ? "days" : "seconds")} since 1970-01-01, expected a " +
                $"date from 0001-01-01 to 9999-12-31");
        // O is the same as IsoDay, and quicker.
        return (kind == ColumnKind.Date
            ? DateOnly.FromDateTime(new(ticks)).TryFormat(to, out int length, format == IsoDay ? "O" : format, CultureInfo.InvariantCulture)
            : new DateTimeOffset(ticks, TimeSpan.Zero).TryFormat(to, out length, format, CultureInfo.InvariantCulture)) ? length
            : throw new FormatException($"got the format '{format}', whose text is too long");
    }

    /// <summary>Reads a text of this very format.</summary>
    public static bool TryRead(ColumnKind kind, string format, string text, out double cell)
    {
        cell = 0;
        if (kind == ColumnKind.Date)
        {
            if (!DateOnly.TryParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day))
                return false;
            cell = CellOf(day);
            return true;
        }
        if (!TryReadTime(format, text, out DateTimeOffset time))
            return false;
        long ticks = time.UtcTicks - OffsetOf(format).Ticks;
        if (ticks < 0 || ticks > DateTime.MaxValue.Ticks)
            return false;
        cell = CellOf(new DateTime(ticks));
        return true;
    }

    /// <summary>The same, where the cell is written again as the same text, but for the offset of a format that reads any.</summary>
    public static bool TryReadExactly(ColumnKind kind, string format, string text, out double cell) =>
        TryRead(kind, format, text, out cell) && (kind == ColumnKind.Date || !format.EndsWith('z')
            ? Write(kind, format, cell) == text
            : TryReadTime(format, text, out DateTimeOffset time) && Ticks(kind, cell) == time.UtcTicks
                && time.ToString(format, CultureInfo.InvariantCulture) == text);

    public static double CellOf(DateOnly day) => day.DayNumber - Epoch;

    /// <summary>Seconds, rounded to microseconds.</summary>
    public static double CellOf(DateTime time)
    {
        long microseconds = (long)Math.Round((time.Ticks - DateTime.UnixEpoch.Ticks) / (decimal)TicksPerMicrosecond);
        return microseconds / 1e6;
    }

    public static DateOnly Day(double cell) => DateOnly.FromDateTime(new(Ticks(ColumnKind.Date, cell)));

    /// <summary>The point in time, UTC.</summary>
    public static DateTime Time(double cell) => new(Ticks(ColumnKind.DateTime, cell), DateTimeKind.Utc);

    /// <summary>The offset that a format ends in.</summary>
    public static TimeSpan OffsetOf(string format) =>
        format is [.., '\'', ('+' or '-') and char sign, char h, char hh, ':', char m, char mm, '\'']
            && int.TryParse($"{h}{hh}", NumberStyles.None, CultureInfo.InvariantCulture, out int hours) && hours <= 14
            && int.TryParse($"{m}{mm}", NumberStyles.None, CultureInfo.InvariantCulture, out int minutes) && minutes < 60
        ? new TimeSpan(hours, minutes, 0) * (sign == '-' ? -1 : 1) : TimeSpan.Zero;

    /// <summary>The least difference that a format shows: a day; of times a second or less, a minute, an hour or a day.</summary>
    public static double StepOf(ColumnKind kind, string format)
    {
        const double Minute = 60, Hour = 60 * Minute, Day = 24 * Hour, Time = 11355 * Day + 4 * Hour + 5 * Minute + 6;
        bool Shows(double difference) => Write(kind, format, Time) != Write(kind, format, Time + difference);
        return kind == ColumnKind.Date || Shows(1) ? 1 : Shows(Minute) ? Minute : Shows(Hour) ? Hour : Day;
    }

    static bool TryReadTime(string format, string text, out DateTimeOffset time) => DateTimeOffset.TryParseExact(text, format,
        CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);

    // Microseconds are the least that a double tells apart for many centuries.
    static long Ticks(ColumnKind kind, double cell)
    {
        if (kind == ColumnKind.Date)
            return ((long)Math.Round(cell) + Epoch) * TimeSpan.TicksPerDay;
        double whole = Math.Floor(cell);
        long microseconds = (long)Math.Round((cell - whole) * 1e6);
        return DateTime.UnixEpoch.Ticks + (long)whole * TimeSpan.TicksPerSecond + microseconds * TicksPerMicrosecond;
    }
}
