using System.Globalization;

namespace LeoCvae;

/// <summary>
/// How many synthetic rows each class gets. Immutable and thread-safe. The words are those of imbalanced-learn's
/// <c>sampling_strategy</c>, with final sizes and rows to add told apart by name. A class that a schema declares but that has no rows
/// is neither the smallest nor filled up: only <see cref="FinalCounts"/> and <see cref="AddCounts"/> give it rows.
/// </summary>
public sealed class SamplingStrategy
{
    delegate long[] Rule(TableSchema schema, int[] counts);

    const string Counts = "counts", Add = "add";

    readonly Rule _rule;
    readonly string _text;
    readonly bool _capped;

    SamplingStrategy(string text, Rule rule, bool capped = false) => (_text, _rule, _capped) = (text, rule, capped);

    /// <summary>Every class grows to the size of the largest one.</summary>
    public static SamplingStrategy Auto { get; } = new("auto", (_, counts) => UpTo(counts, Largest(counts)), capped: true);

    /// <summary>Only the smallest class (each of them where several tie) grows to the size of the largest one.</summary>
    public static SamplingStrategy Minority { get; } = new("minority", (_, counts) =>
    {
        int smallest = counts.Where(count => count > 0).DefaultIfEmpty().Min();
        return [.. counts.Select(count => count == smallest ? (long)Largest(counts) - count : 0)];
    });

    /// <summary>Every class grows to at least ceil(ratio x largest class).</summary>
    /// <param name="ratio">Above 0, at most 1.</param>
    /// <exception cref="ArgumentException">The ratio is out of range.</exception>
    public static SamplingStrategy RatioToMajority(double ratio)
    {
        if (!(ratio > 0 && ratio <= 1))
            throw Fault.Argument(nameof(ratio), $"got {ratio}, expected a number above 0 and at most 1");
        // A hair less, far below one row: 0.1 x 30 is 3, not the 3.0000000000000004 that would be rounded up to 4; so is 5/6 x 6.
        return new(string.Create(CultureInfo.InvariantCulture, $"ratio:{ratio}"),
            (_, counts) => UpTo(counts, (long)Math.Ceiling(ratio * Largest(counts) * (1 - 1e-12))));
    }

    /// <summary>The named classes grow to these final sizes; below a class's present size is an error.</summary>
    public static SamplingStrategy FinalCounts(IReadOnlyDictionary<string, int> counts) => PerClass(Counts, counts, Growth);

    /// <summary>The named classes get this many more rows.</summary>
    public static SamplingStrategy AddCounts(IReadOnlyDictionary<string, int> counts) => PerClass(Add, counts, Addition);

    /// <summary>
    /// Reads <c>auto</c> (also <c>all</c>, <c>not-majority</c>), <c>minority</c>, <c>ratio:R</c>, <c>counts:a=500,b=200</c> or
    /// <c>add:a=100</c>.
    /// Class names may hold '=' and ',': they are told apart by the table's classes, in <see cref="Plan"/>, which refuses what can be read
    /// in two ways.
    /// </summary>
    /// <exception cref="ArgumentException">The text is none of these.</exception>
    public static SamplingStrategy Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        (string word, string rest) = text.IndexOf(':') is int colon and >= 0 ? (text[..colon], text[(colon + 1)..]) : (text, "");
        return word switch
        {
            "auto" or "all" or "not-majority" when word == text => Auto,
            "minority" when word == text => Minority,
            "ratio" when double.TryParse(rest, NumberStyles.Float, CultureInfo.InvariantCulture, out double ratio) =>
                RatioToMajority(ratio),
            Counts when rest.Length > 0 => PerClass(text, rest, Growth),
            Add when rest.Length > 0 => PerClass(text, rest, Addition),
            _ => throw Fault.Argument(nameof(text),
                $"got '{text}', expected auto, minority, ratio:R, counts:NAME=ROWS,... or add:NAME=ROWS,..."),
        };
    }

    /// <summary>Reads NAME=COUNT pairs; a name may hold '=', the last one counts.</summary>
    /// <exception cref="ArgumentException">A pair has no count, a negative one, or a name comes twice.</exception>
    public static IReadOnlyDictionary<string, int> ParseCounts(IEnumerable<string> pairs)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        Dictionary<string, int> counts = new(StringComparer.Ordinal);
        foreach ((string name, int count) in pairs.Select(ParsePair))
            if (!counts.TryAdd(name, count))
                throw Fault.Argument(nameof(pairs), $"class '{name}' is given twice");
        return counts;
    }

    /// <summary>Works out how many rows each class of a table gets.</summary>
    /// <param name="table">The real rows.</param>
    /// <param name="maxRows">The most rows that <see cref="Auto"/> may add; null means ten times the real rows; other strategies take
    /// none.</param>
    /// <exception cref="ArgumentException">A class is unknown or given twice, its name can be read in two ways, or a final size is below
    /// the present one.</exception>
    public SamplingPlan Plan(Table table, long? maxRows = null)
    {
        ArgumentNullException.ThrowIfNull(table);
        if (maxRows < 0)
            throw Fault.Argument(nameof(maxRows), $"got {maxRows}, expected 0 or more");
        if (maxRows is not null && !_capped)
            throw Fault.Argument(nameof(maxRows), $"it caps what auto adds; {_text} says itself how many rows it adds");
        int[] counts = table.ClassCounts();
        long[] add = _rule(table.Schema, counts);
        long wanted = add.Sum(), cap = maxRows ?? 10L * table.RowCount;
        if (_capped && wanted > cap)
            add = Fill(counts, cap);
        long rows = table.RowCount + add.Sum(), most = Array.MaxLength / table.Schema.Columns.Count;
        if (rows > most)
            throw Fault.Argument(nameof(table),
                $"{_text}: got {rows} rows x {table.Schema.Columns.Count} columns in the end, expected at most {most} rows");
        return new() { RowsToAdd = [.. add.Select(count => (int)count)], RowsWanted = wanted };
    }

    /// <inheritdoc/>
    public override string ToString() => _text;

    internal static int CheckCount(string name, int count) => count >= 0 ? count
        : throw Fault.Argument("counts", $"class '{name}': got {count} rows, expected 0 or more");

    static long Growth(string name, int wanted, int present) => wanted >= present
        ? wanted - present
        : throw Fault.Argument("counts",
            $"class '{name}': got a final size of {wanted}, expected at least its present {present} rows; oversampling never removes rows");

    static long Addition(string name, int wanted, int present) => wanted;

    static SamplingStrategy PerClass(string word, IReadOnlyDictionary<string, int> wanted, Func<string, int, int, long> rowsToAdd)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        wanted = wanted.ToDictionary(StringComparer.Ordinal);
        return new($"{word}:{Pairs(wanted)}", (schema, counts) => PerClass(schema, counts, wanted, rowsToAdd));
    }

    // Which class is meant is known where the classes are; that a number ends the text is known before.
    static SamplingStrategy PerClass(string text, string pairs, Func<string, int, int, long> rowsToAdd)
    {
        _ = ParsePair(pairs);
        return new(text, (schema, counts) => PerClass(schema, counts, ReadPairs(pairs, schema), rowsToAdd));
    }

    static long[] PerClass(TableSchema schema, int[] counts,
        IReadOnlyDictionary<string, int> wanted, Func<string, int, int, long> rowsToAdd)
    {
        long[] add = new long[counts.Length];
        foreach ((string name, int count) in wanted)
            add[schema.ClassIndex(name)] = rowsToAdd(name, CheckCount(name, count), counts[schema.ClassIndex(name)]);
        return add;
    }

    static string Pairs(IEnumerable<KeyValuePair<string, int>> counts) =>
        string.Join(',', counts.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key}={pair.Value}")));

    static (string Name, int Count) ParsePair(string pair)
    {
        int equals = pair.LastIndexOf('=');
        if (equals < 1 || !int.TryParse(pair.AsSpan(equals + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture,
            out int count))
            throw Fault.Argument("pairs", $"got '{pair}', expected NAME=COUNT with a whole number");
        return (pair[..equals], CheckCount(pair[..equals], count));
    }

    // NAME=COUNT,NAME=COUNT,... by the names that there are: a name may hold '=' and ','.
    static Dictionary<string, int> ReadPairs(string text, TableSchema schema)
    {
        List<Pair> readings = Readings(text, schema.Classes);
        if (readings.Count == 0)
            // Say what doesn't fit in the plain reading, in which a comma after a number ends a pair.
            foreach (string pair in SplitPairs(text))
                _ = schema.ClassIndex(ParsePair(pair).Name);
        if (readings.Count > 1)
        {
            (string one, string other) = (Names(readings[0]), Names(readings[1]));
            throw Fault.Argument(nameof(text),
                $"'{text}' can be read with the classes {one} and with the classes {other}; expected names that can be read in one way");
        }
        Dictionary<string, int> counts = new(StringComparer.Ordinal);
        for (Pair? pair = readings[0]; pair is not null; pair = pair.Rest)
            if (!counts.TryAdd(pair.Name, CheckCount(pair.Name, pair.Count)))
                throw Fault.Argument(nameof(text), $"class '{pair.Name}' is given twice");
        return counts;
    }

    // The ways to read a text, two at most: more need not be told apart. From the last pair to the first, so that no text is too long.
    static List<Pair> Readings(string text, IReadOnlyList<string> classes)
    {
        Dictionary<int, List<Pair>> readings = [];
        for (int start = text.Length; start >= 0; start--)
        {
            if (start > 0 && text[start - 1] != ',')
                continue;
            List<Pair> here = readings[start] = [];
            foreach (string name in classes)
            {
                int number = start + name.Length + 1;
                if (number > text.Length || text[number - 1] != '=' || string.CompareOrdinal(text, start, name, 0, name.Length) != 0)
                    continue;
                int end = text.IndexOf(',', number) is int comma and >= 0 ? comma : text.Length;
                if (!int.TryParse(text.AsSpan(number..end), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int count))
                    continue;
                IEnumerable<Pair?> rests = end == text.Length ? new Pair?[1] : readings[end + 1];
                here.AddRange(rests.Take(2 - here.Count).Select(rest => new Pair(name, count, rest)));
            }
        }
        return readings[0];
    }

    static string Names(Pair first)
    {
        List<string> names = [];
        for (Pair? pair = first; pair is not null; pair = pair.Rest)
            names.Add(pair.Name);
        return TableSchema.Quote(names);
    }

    sealed class Pair(string name, int count, Pair? rest)
    {
        public string Name => name;

        public int Count => count;

        public Pair? Rest => rest;
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

    // A class without rows isn't filled: there is nothing to learn it from.
    static long[] UpTo(int[] counts, long size) => [.. counts.Select(count => count == 0 ? 0 : Math.Max(0, size - count))];

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
