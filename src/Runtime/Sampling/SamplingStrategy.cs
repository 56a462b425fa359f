using System.Globalization;

namespace LeoCvae;

/// <summary>
/// How many synthetic rows each class gets. Immutable and thread-safe. The words are those of imbalanced-learn's
/// <c>sampling_strategy</c>, with final sizes and rows to add told apart by name.
/// </summary>
public sealed class SamplingStrategy
{
    delegate long[] Rule(TableSchema schema, int[] counts);

    readonly Rule _rule;
    readonly string _text;
    readonly bool _capped;

    SamplingStrategy(string text, Rule rule, bool capped = false) => (_text, _rule, _capped) = (text, rule, capped);

    /// <summary>Every class grows to the size of the largest one.</summary>
    public static SamplingStrategy Auto { get; } = new("auto", (_, counts) => UpTo(counts, Largest(counts)), capped: true);

    /// <summary>Only the smallest class (each of them where several tie) grows to the size of the largest one.</summary>
    public static SamplingStrategy Minority { get; } = new("minority", (_, counts) =>
        [.. counts.Select(count => count == counts.Min() ? (long)counts.Max() - count : 0)]);

    /// <summary>Every class grows to at least ceil(ratio x largest class).</summary>
    /// <param name="ratio">Above 0, at most 1.</param>
    /// <exception cref="ArgumentException">The ratio is out of range.</exception>
    public static SamplingStrategy RatioToMajority(double ratio)
    {
        if (!(ratio > 0 && ratio <= 1))
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"ratio: got {ratio}, expected a number above 0 and at most 1"));
        // A hair less, far below one row: 0.1 x 30 is 3, not the 3.0000000000000004 that would be rounded up to 4; so is 5/6 x 6.
        return new(string.Create(CultureInfo.InvariantCulture, $"ratio:{ratio}"), (_, counts) => UpTo(counts, (long)Math.Ceiling(ratio * Largest(counts) * (1 - 1e-12))));
    }

    /// <summary>The named classes grow to these final sizes; below a class's present size is an error.</summary>
    public static SamplingStrategy FinalCounts(IReadOnlyDictionary<string, int> counts) => PerClass("counts", counts, (name, wanted, present) =>
        wanted >= present ? wanted - present : throw new ArgumentException($"class '{name}': got a final size of {wanted}, expected at least its present {present} rows; oversampling never removes rows"));

    /// <summary>The named classes get this many more rows.</summary>
    public static SamplingStrategy AddCounts(IReadOnlyDictionary<string, int> counts) => PerClass("add", counts, (_, wanted, _) => wanted);

    /// <summary>Reads <c>auto</c> (also <c>all</c>, <c>not-majority</c>), <c>minority</c>, <c>ratio:R</c>, <c>counts:a=500,b=200</c> or <c>add:a=100</c>.</summary>
    /// <exception cref="ArgumentException">The text is none of these.</exception>
    public static SamplingStrategy Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        (string word, string rest) = text.IndexOf(':') is int colon and >= 0 ? (text[..colon], text[(colon + 1)..]) : (text, "");
        return word switch
        {
            "auto" or "all" or "not-majority" when word == text => Auto,
            "minority" when word == text => Minority,
            "ratio" when double.TryParse(rest, NumberStyles.Float, CultureInfo.InvariantCulture, out double ratio) => RatioToMajority(ratio),
            "counts" when rest.Length > 0 => FinalCounts(ParseCounts(SplitPairs(rest))),
            "add" when rest.Length > 0 => AddCounts(ParseCounts(SplitPairs(rest))),
            _ => throw new ArgumentException($"strategy: got '{text}', expected auto, minority, ratio:R, counts:NAME=ROWS,... or add:NAME=ROWS,..."),
        };
    }

    /// <summary>Reads NAME=COUNT pairs; a name may hold '=', the last one counts.</summary>
    /// <exception cref="ArgumentException">A pair has no count, a negative one, or a name comes twice.</exception>
    public static IReadOnlyDictionary<string, int> ParseCounts(IEnumerable<string> pairs)
    {
        Dictionary<string, int> counts = new(StringComparer.Ordinal);
        foreach (string pair in pairs)
        {
            int equals = pair.LastIndexOf('=');
            if (equals < 1 || !int.TryParse(pair.AsSpan(equals + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int count))
                throw new ArgumentException($"got '{pair}', expected NAME=COUNT with a whole number");
            if (!counts.TryAdd(pair[..equals], CheckCount(pair[..equals], count)))
                throw new ArgumentException($"class '{pair[..equals]}' is given twice");
        }
        return counts;
    }

    /// <summary>Works out how many rows each class of a table gets.</summary>
    /// <param name="table">The real rows.</param>
    /// <param name="maxRows">The most rows that <see cref="Auto"/> may add; null means ten times the real rows; other strategies take none.</param>
    /// <exception cref="ArgumentException">A class is unknown, or a final size is below the present one.</exception>
    public SamplingPlan Plan(Table table, long? maxRows = null)
    {
        ArgumentNullException.ThrowIfNull(table);
        if (maxRows < 0)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"max rows: got {maxRows}, expected 0 or more"));
        if (maxRows is not null && !_capped)
            throw new ArgumentException($"max rows: it caps what auto adds; {_text} says itself how many rows it adds");
        int[] counts = table.ClassCounts();
        long[] add = _rule(table.Schema, counts);
        long wanted = add.Sum(), cap = maxRows ?? 10L * table.RowCount;
        if (_capped && wanted > cap)
            add = Fill(counts, cap);
        long rows = table.RowCount + add.Sum(), most = Array.MaxLength / table.Schema.Columns.Count;
        if (rows > most)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"{_text}: got {rows} rows x {table.Schema.Columns.Count} columns in the end, expected at most {most} rows"));
        return new() { RowsToAdd = [.. add.Select(count => (int)count)], RowsWanted = wanted };
    }

    /// <inheritdoc/>
    public override string ToString() => _text;

    internal static int CheckCount(string name, int count) => count >= 0 ? count : throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"class '{name}': got {count} rows, expected 0 or more"));

    static SamplingStrategy PerClass(string word, IReadOnlyDictionary<string, int> wanted, Func<string, int, int, long> rowsToAdd)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        wanted = wanted.ToDictionary(StringComparer.Ordinal);
        return new($"{word}:{string.Join(',', wanted.Select(pair => $"{pair.Key}={pair.Value.ToString(CultureInfo.InvariantCulture)}"))}", (schema, counts) =>
        {
            long[] add = new long[counts.Length];
            foreach ((string name, int count) in wanted)
                add[schema.ClassIndex(name)] = rowsToAdd(name, CheckCount(name, count), counts[schema.ClassIndex(name)]);
            return add;
        });
    }

    static int Largest(int[] counts) => counts.DefaultIfEmpty().Max();

    // A comma ends a pair only after =COUNT: class names may hold commas.
    static List<string> SplitPairs(string text)
    {
        List<string> pairs = [];
        string pair = "";
        foreach (string piece in text.Split(','))
        {
            if (pair.Length == 0 && piece.Length == 0)
                pairs.Add(piece);
            pair = pair.Length == 0 ? piece : $"{pair},{piece}";
            int equals = pair.LastIndexOf('=');
            if (equals < 0 || !long.TryParse(pair.AsSpan(equals + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
                continue;
            pairs.Add(pair);
            pair = "";
        }
        if (pair.Length > 0)
            pairs.Add(pair);
        return pairs;
    }

    static long[] UpTo(int[] counts, long size) => [.. counts.Select(count => Math.Max(0, size - count))];

    // The highest common size that the cap pays for: the smallest classes grow first.
    static long[] Fill(int[] counts, long cap)
    {
        (long low, long high) = (0, counts.Max());
        while (low < high)
        {
            long middle = (low + high + 1) / 2;
            if (UpTo(counts, middle).Sum() <= cap)
                low = middle;
            else
                high = middle - 1;
        }
        return UpTo(counts, low);
    }
}
