using System.Globalization;

namespace LeoCvae.Evaluation;

/// <summary>
/// Whether synthetic rows give away test rows. A resampler can't be handed test rows, but may have got hold of the table elsewhere. Proof
/// is in distinct test rows: one row made a hundred times over (all zeros in a sparse table) is no more than one coincidence. What chance
/// does is read off the training rows, which nobody made from test rows: how often one of them coincides with a test row and with no other
/// training row.
/// <para>
/// Two kinds of traces are counted. Whole rows that come back; a class whose rows decode to one has one for free. And rows most of whose
/// values occur in test rows but in no training row, whichever rows they come from: in each of up to three sets of columns, which chance
/// would have to hit one by one.
/// In tables with categories a test row that a training row equals in all numbers, or in all columns but one, is no proof.
/// On tables of few distinct values much is chance, and only resamplers that repeat a good part of the test rows can be told.
/// </para>
/// </summary>
sealed class LeakCheck
{
    // Chance of an accusation where there is no leak, and how many times as often as a real row an honest resampler's may coincide with a
    // test row.
    const double FalseAlarm = 1e-5, Slack = 1.5;
    const int MostParts = 3;

    readonly List<string> _findings = [];

    LeakCheck()
    {
    }

    /// <summary>Synthetic rows that equal a test row and no training row.</summary>
    public int Copied { get; private set; }

    /// <param name="training">The training rows.</param>
    /// <param name="test">Values of the test rows, prepared as the training rows.</param>
    /// <param name="resampled">The training rows, then synthetic ones.</param>
    public static LeakCheck Of(Table training, double[] test, Table resampled)
    {
        LeakCheck check = new();
        if (resampled.RowCount > training.RowCount)
        {
            int width = training.Schema.Columns.Count;
            double[] values = resampled.Values[training.Values.Length..].ToArray();
            // What chance does is read off all training rows, not off a bootstrap sample of them.
            Rows trained = new(training.Values.ToArray(), width), synthetic = new(values, width),
                tested = new(test, width);
            int grown = Enumerable.Range(training.RowCount, synthetic.Count).Select(row => resampled.Labels[row]).Distinct().Count();
            check.CountRows(trained, tested, synthetic, grown,
                [.. training.Schema.Columns.Select(column => column.Categories is not null)]);
            check.CountValues(trained, tested, synthetic);
        }
        return check;
    }

    /// <exception cref="InvalidOperationException">More comes back than chance makes.</exception>
    public void Require(string method)
    {
        if (_findings.Count > 0)
            throw new InvalidOperationException($"method '{method}': {_findings[0]}: the resampler has seen test rows");
    }

    void CountRows(Rows trained, Rows tested, Rows synthetic, int grown, bool[] isCategory)
    {
        Dictionary<ReadOnlyMemory<double>, int> timesTrained = TimesTrained(trained, tested);
        HashSet<ReadOnlyMemory<double>> found = new(RowComparer.Instance);
        foreach (ReadOnlyMemory<double> row in synthetic.All)
            if (timesTrained.TryGetValue(row, out int times) && times == 0)
            {
                Copied++;
                found.Add(row);
            }
        if (found.Count <= grown)
            return;
        if (isCategory.Contains(true))
            DropNear(trained, isCategory, timesTrained, found);
        if (found.Count <= grown)
            return;
        int alike = timesTrained.Values.Count(times => times == 1), unseen = timesTrained.Values.Count(times => times == 0);
        // A row that equals a test row does so in each set of columns.
        double apart = Product(trained, part => TimesTrained(trained.Part(part), tested.Part(part)).Values.Sum());
        double chance = Slack * synthetic.Count * Math.Max((double)alike / trained.Count,
            Math.Min((alike + 1.0) / (trained.Count + 1), apart));
        // A class's rows may all decode to one; of many rows that seldom coincide even that one is no chance.
        int proof = apart < FalseAlarm ? found.Count : found.Count - grown;
        if (UpperTail(proof, unseen, chance) < FalseAlarm)
            Find(chance, $"{found.Count} of {unseen} distinct test rows that no training row equals come back in its " +
                $"{synthetic.Count} synthetic rows");
    }

    // Test rows whose like is made of a training row by another category, or another value in a single column: where each combination is
    // in a table but once, these come back although no training row equals another one.
    static void DropNear(Rows trained, bool[] isCategory, Dictionary<ReadOnlyMemory<double>, int> timesTrained,
        HashSet<ReadOnlyMemory<double>> found)
    {
        int[] all = [.. Enumerable.Range(0, trained.Width)], numbers = [.. all.Where(j => !isCategory[j])];
        foreach (int[] columns in (IEnumerable<int[]>)[numbers, .. all.Select(left => all.Where(j => j != left).ToArray())])
        {
            if (columns.Length == 0)
                continue;
            HashSet<ReadOnlyMemory<double>> parts = new(trained.All.Select(Part), RowComparer.Instance);
            foreach (ReadOnlyMemory<double> row in timesTrained.Where(row => row.Value == 0).Select(row => row.Key).Where(IsNear).ToArray())
            {
                timesTrained.Remove(row);
                found.Remove(row);
            }

            bool IsNear(ReadOnlyMemory<double> row) => parts.Contains(Part(row));

            ReadOnlyMemory<double> Part(ReadOnlyMemory<double> row)
            {
                double[] part = new double[columns.Length];
                for (int i = 0; i < part.Length; i++)
                    part[i] = row.Span[columns[i]];
                return part;
            }
        }
    }

    // How many training rows equal each distinct test row.
    static Dictionary<ReadOnlyMemory<double>, int> TimesTrained(Rows trained, Rows tested)
    {
        Dictionary<ReadOnlyMemory<double>, int> times = new(RowComparer.Instance);
        foreach (ReadOnlyMemory<double> row in tested.All)
            times[row] = 0;
        foreach (ReadOnlyMemory<double> row in trained.All)
            if (times.TryGetValue(row, out int before))
                times[row] = before + 1;
        return times;
    }

    // The share of training rows that something holds of in all sets of columns, were these independent; no share is taken for 0.
    static double Product(Rows trained, Func<int, int> count) =>
        Enumerable.Range(0, trained.Parts).Aggregate(1.0, (product, part) => product * (count(part) + 1) / (trained.Count + 1));

    // Values that test rows have in a column and training rows haven't. A training row counts as a fresh one: its value may be its own.
    void CountValues(Rows trained, Rows tested, Rows synthetic)
    {
        int parts = trained.Parts;
        int[,] ofTrained = new int[trained.Count, parts], ofSynthetic = new int[synthetic.Count, parts];
        Dictionary<double, int>[] columns = new Dictionary<double, int>[trained.Width];
        for (int j = 0; j < columns.Length; j++)
        {
            Dictionary<double, int> timesTrained = columns[j] = [];
            for (int row = 0; row < tested.Count; row++)
                timesTrained[tested[row, j]] = 0;
            for (int row = 0; row < trained.Count; row++)
                if (timesTrained.TryGetValue(trained[row, j], out int times))
                    timesTrained[trained[row, j]] = times + 1;
            for (int row = 0; row < trained.Count; row++)
                ofTrained[row, j % parts] += timesTrained.GetValueOrDefault(trained[row, j]) == 1 ? 1 : 0;
            for (int row = 0; row < synthetic.Count; row++)
                ofSynthetic[row, j % parts] += timesTrained.TryGetValue(synthetic[row, j], out int times) && times == 0 ? 1 : 0;
        }
        bool IsOfTest(int[,] counts, int row, int part) => 2 * counts[row, part] > trained.PartWidth(part);
        bool IsAllOfTest(int[,] counts, int row) => Enumerable.Range(0, parts).All(part => IsOfTest(counts, row, part));
        // As often as real rows do in all parts, or, where too few rows are there to tell, as parts that have nothing to do with each
        // other.
        double together = Enumerable.Range(0, trained.Count).Count(row => IsAllOfTest(ofTrained, row)) / (double)trained.Count;
        double apart = Product(trained, part => Enumerable.Range(0, trained.Count).Count(row => IsOfTest(ofTrained, row, part)));
        double chance = Slack * synthetic.Count * Math.Max(together, apart);

        HashSet<ReadOnlyMemory<double>> made = new(RowComparer.Instance);
        HashSet<(int Column, double Value)> taken = [];
        for (int row = 0; row < synthetic.Count; row++)
            if (IsAllOfTest(ofSynthetic, row) && made.Add(synthetic.Row(row)))
                for (int j = 0; j < columns.Length; j++)
                    if (columns[j].TryGetValue(synthetic[row, j], out int times) && times == 0)
                        taken.Add((j, synthetic[row, j]));
        int sources = taken.Count == 0 ? 0 : Enumerable.Range(0, tested.Count)
            .Count(row => Enumerable.Range(0, columns.Length).Any(j => taken.Contains((j, tested[row, j]))));
        if (UpperTail(Math.Min(made.Count, sources), tested.Count, chance) < FalseAlarm)
            Find(chance, $"{made.Count} distinct synthetic rows are made of values that {sources} of {tested.Count} test rows have and " +
                $"no training row has");
    }

    // Whole numbers: the same in every culture.
    void Find(double chance, string finding) =>
        _findings.Add(string.Create(CultureInfo.InvariantCulture, $"{finding}, expected about {chance:0.#} of them at most"));

    /// <summary>
    /// A bound on the chance to hit k or more of n distinct ones with a mean number of hits (Hoeffding 1963, in relative entropy).
    /// </summary>
    static double UpperTail(int k, int n, double hits)
    {
        double share = (double)Math.Min(k, n) / n, expected = -double.ExpM1(-hits / n);
        if (!(share > expected))
            return 1;
        double entropy = share * Math.Log(share / expected) + (share < 1 ? (1 - share) * Math.Log((1 - share) / (1 - expected)) : 0);
        return Math.Exp(-n * entropy);
    }

    readonly record struct Rows(double[] Values, int Width)
    {
        public int Count => Values.Length / Width;

        public int Parts => Math.Min(MostParts, Width);

        public double this[int row, int column] => Values[row * Width + column];

        public ReadOnlyMemory<double> Row(int row) => Values.AsMemory(row * Width, Width);

        /// <summary>The columns part, part + Parts, ... alone.</summary>
        public Rows Part(int part)
        {
            int width = PartWidth(part);
            double[] values = new double[Count * width];
            for (int row = 0; row < Count; row++)
                for (int j = 0; j < width; j++)
                    values[row * width + j] = this[row, part + j * Parts];
            return new(values, width);
        }

        public int PartWidth(int part) => (Width - part + Parts - 1) / Parts;

        public IEnumerable<ReadOnlyMemory<double>> All
        {
            get
            {
                for (int row = 0; row < Count; row++)
                    yield return Row(row);
            }
        }
    }
}

/// <summary>Rows are equal where all values are; a missing one equals a missing one.</summary>
sealed class RowComparer : IEqualityComparer<ReadOnlyMemory<double>>
{
    public static RowComparer Instance { get; } = new();

    public bool Equals(ReadOnlyMemory<double> a, ReadOnlyMemory<double> b) => a.Span.SequenceEqual(b.Span);

    public int GetHashCode(ReadOnlyMemory<double> row)
    {
        HashCode hash = default;
        foreach (double value in row.Span)
            hash.Add(value);
        return hash.ToHashCode();
    }
}
