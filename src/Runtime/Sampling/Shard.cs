using System.Globalization;

namespace LeoCvae;

/// <summary>
/// One of the parts that rows are split into, to be made by processes that know nothing of each other. Immutable and thread-safe.
/// </summary>
/// <example><code>
/// Shard shard = Shard.Parse("3/64");
/// (long first, long count) = shard.Of(rows: 1_000_000);   // 46875, 15625
/// IEnumerable&lt;Table&gt; part = model.GenerateBatches(counts, firstRow: first, rowCount: count);
/// </code></example>
public sealed record Shard
{
    /// <summary>The most parts.</summary>
    public const int Most = 1_000_000;

    /// <summary>A part.</summary>
    /// <param name="index">Its number, from 0.</param>
    /// <param name="count">How many parts there are, 1 to <see cref="Most"/>.</param>
    /// <exception cref="ArgumentException">There is no such part.</exception>
    public Shard(int index, int count)
    {
        Fault.Unless(count is >= 1 and <= Most, nameof(count), count, $"1 to {Most} parts");
        Fault.Unless(index >= 0 && index < count, nameof(index), index, $"0 to {count - 1}, a number of {count} parts, counted from 0");
        (Index, Count) = (index, count);
    }

    /// <summary>Its number, from 0.</summary>
    public int Index { get; }

    /// <summary>How many parts there are.</summary>
    public int Count { get; }

    /// <summary>Reads I/N: 0/64 is the first of 64 parts, 63/64 the last.</summary>
    /// <exception cref="ArgumentException">The text is no part.</exception>
    public static Shard Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] numbers = text.Split('/');
        if (numbers.Length != 2 || !TryRead(numbers[0], out int index) || !TryRead(numbers[1], out int count))
            throw Fault.Argument(nameof(text), $"got '{text}', expected I/N, such as 0/64 for the first of 64 parts");
        return new(index, count);

        static bool TryRead(string number, out int value) =>
            int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>Which rows are the part's: parts follow each other, and differ by at most one unit.</summary>
    /// <param name="rows">Rows in all.</param>
    /// <param name="unit">So many rows stay together; the last ones may be fewer.</param>
    public (long First, long Count) Of(long rows, long unit = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfLessThan(unit, 1);
        long units = (rows / unit) + (rows % unit > 0 ? 1 : 0);
        long first = Begin(Index), end = Begin(Index + 1);
        return (first, end - first);

        long Begin(int part) => (long)Int128.Min((Int128)units * part / Count * unit, rows);
    }

    /// <summary>I/N.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Index}/{Count}");
}
