namespace LeoCvae.Training;

/// <summary>
/// The quantiles of a column and each class that synthetic rows are mapped onto: the class's own, its rows weighted as seeds are, averaged
/// with those of all classes, brought to the class's center and spread: (n own + 10 pooled) / (n + 10). So that a class of one or two rows
/// doesn't give them away, one more row counts in both: at what the decoder says, and as spread as classes are. Of a column of few values
/// the quantiles are those of the class's rows and a quarter of a row's worth of all rows, so that a value that a small class lacks may
/// come; so are the shares of values that a column of many repeats far oftener than its others (the zeros of counts and amounts), between
/// which the others are averaged.
/// Standardized units. Immutable.
/// </summary>
sealed class ColumnQuantiles
{
    public const double PooledRows = 10;

    const double StrangeRows = 0.25;

    const int FewValues = 12;

    // A value is a repeated one from this share of the rows and number of them on, if it comes so many times as often as the mean other.
    const double RepeatedShare = 0.05;
    const int RepeatedRows = 5, TimesOthers = 4;

    // Classes of fewer rows say nothing about a shape, or a variance.
    const int RowsOfShape = 5, RowsOfVariance = 3;

    readonly ClassRows[] _classes;

    // Of a column of few values all rows' values in order, otherwise null.
    readonly float[]? _few;

    // Ascending, each with its share of all rows; and the rows of each class, and all values, that are none of them.
    readonly (float Value, double Share)[] _repeated = [];
    readonly ClassRows[] _between;
    readonly float[] _others;

    readonly double _pooledVariance;

    // Sorted deviations of other values from their class's mean over its standard deviation; empty where no class has rows enough.
    readonly float[] _shape;

    /// <param name="x">The column of the standardized training rows, in the order of the seeds.</param>
    /// <param name="weights">Weight of each seed.</param>
    /// <param name="starts">First seed of each class, and their number at the end.</param>
    public ColumnQuantiles(float[] x, double[] weights, int[] starts)
    {
        float[] all = _others = FloatSort.Sorted(x);
        List<(float Value, int Rows)> values = Values(all);
        if (values.Count <= FewValues)
            _few = all;
        else
            _repeated = [.. from value in values where IsRepeated(value.Rows, all.Length, values.Count)
                            select (value.Value, value.Rows / (double)all.Length)];
        _between = _classes = [.. Enumerable.Range(0, starts.Length - 1).Select(Rows)];
        if (_repeated.Length > 0)
        {
            _others = [.. all.Where(IsOther)];
            _between = [.. Enumerable.Range(0, starts.Length - 1).Select(OtherRows)];
        }
        List<float> shape = new(_others.Length);
        int pooling = 0;
        foreach ((float[] sorted, _, double mean, double deviation) in _between)
        {
            int n = sorted.Length;
            if (n >= RowsOfVariance)
            {
                _pooledVariance += deviation * deviation * n / (n - 1);
                pooling++;
            }
            if (n >= RowsOfShape)
                foreach (float value in sorted)
                    shape.Add((float)((value - mean) / Math.Max(deviation, 1e-6)));
        }
        _pooledVariance /= Math.Max(1, pooling);
        _shape = FloatSort.Sorted([.. shape]);

        ClassRows Rows(int c) => ClassRows.Of(x.AsSpan(starts[c], starts[c + 1] - starts[c]), weights.AsSpan(starts[c]));

        ClassRows OtherRows(int c)
        {
            int[] rows = [.. Enumerable.Range(starts[c], starts[c + 1] - starts[c]).Where(row => IsOther(x[row]))];
            return ClassRows.Of(Array.ConvertAll(rows, row => x[row]), Array.ConvertAll(rows, row => weights[row]));
        }
    }

    /// <summary>The quantiles of a class.</summary>
    /// <param name="c">The class.</param>
    /// <param name="meanResidual">The mean of what decoding loses.</param>
    public ClassQuantiles Of(int c, double meanResidual)
    {
        if (_few is not null)
            return new(Steps(_classes[c], _few), []);
        Func<double, double> others = Averaged(_between[c], meanResidual);
        return _repeated.Length == 0 ? new(others, []) : WithRepeated(c, others);
    }

    // Own quantiles and pooled ones.
    Func<double, double> Averaged(ClassRows rows, double meanResidual)
    {
        (float[] values, double[] weights, double mean, double deviation) = rows;
        int n = values.Length;
        if (n == 0)
            return share => Quantile(_others, share);
        double center = mean - meanResidual / (n + 1), spread = Math.Sqrt((n * deviation * deviation + _pooledVariance) / (n + 1));
        double all = weights.Sum(), sum = 0;
        double[] middles = new double[n];
        for (int i = 0; i < n; i++)
        {
            middles[i] = (sum + weights[i] / 2) / all;
            sum += weights[i];
        }
        double own = _shape.Length == 0 ? 1 : n / (n + PooledRows);
        return share => own * Between(middles, values, share)
            + (1 - own) * (_shape.Length == 0 ? 0 : center + spread * Quantile(_shape, share));
    }

    // Each repeated value takes the share of rows that the class has of it, where the quantiles of the others pass it.
    ClassQuantiles WithRepeated(int c, Func<double, double> others)
    {
        (float[] values, double[] weights, _, _) = _classes[c];
        double rows = values.Length + StrangeRows, all = weights.Sum(), below = 0;
        double[] masses = [.. _repeated.Select(repeated =>
            (Weight(repeated.Value) / all * values.Length + repeated.Share * StrangeRows) / rows)];
        double between = 1 - masses.Sum();
        ClassQuantiles.Step[] steps = new ClassQuantiles.Step[masses.Length];
        for (int i = 0; i < steps.Length; i++)
        {
            double from = between * ShareBelow(others, _repeated[i].Value) + below;
            steps[i] = new(from, from + masses[i], _repeated[i].Value);
            below += masses[i];
        }
        return new(share =>
        {
            double passed = 0;
            foreach (ClassQuantiles.Step step in steps)
                if (share > step.To)
                    passed += step.To - step.From;
                else if (share >= step.From)
                    return step.Value;
            return others(between > 0 ? Math.Clamp((share - passed) / between, 0, 1) : 1);
        }, steps);

        double Weight(float value)
        {
            double weight = 0;
            for (int i = 0; i < values.Length; i++)
                weight += values[i] == value ? weights[i] : 0;
            return weight;
        }
    }

    // The share at which rising quantiles reach a value, by halving.
    static double ShareBelow(Func<double, double> quantile, double value)
    {
        if (quantile(0) >= value)
            return 0;
        const int Halvings = 40;
        (double low, double high) = (0, 1);
        for (int i = 0; i < Halvings; i++)
        {
            double middle = (low + high) / 2;
            if (quantile(middle) < value)
                low = middle;
            else
                high = middle;
        }
        return high;
    }

    // The value up to which a share of the rows lies: n rows of the class by weight, and a quarter of a row of all.
    static Func<double, double> Steps(ClassRows rowsOfClass, float[] few)
    {
        (float[] own, double[] weights, _, _) = rowsOfClass;
        double all = weights.Sum();
        List<(double Value, double Share)> steps = [];
        (double rows, double sum) = (own.Length + StrangeRows, 0);
        for (int i = 0, s = 0; i < few.Length;)
        {
            float value = few[i];
            while (i < few.Length && few[i] == value)
                i++;
            for (; s < own.Length && own[s] <= value; s++)
                sum += weights[s];
            steps.Add((value, sum / all * own.Length / rows + i / (double)few.Length * StrangeRows / rows));
        }
        return share => steps.Find(step => step.Share >= share) is { Share: > 0 } found ? found.Value : steps[^1].Value;
    }

    // Of sorted values each different one, and how many rows have it.
    static List<(float Value, int Rows)> Values(float[] sorted)
    {
        List<(float, int)> values = [];
        for (int first = 0, i = 1; i <= sorted.Length; i++)
            if (i == sorted.Length || sorted[i] != sorted[first])
            {
                values.Add((sorted[first], i - first));
                first = i;
            }
        return values;
    }

    static bool IsRepeated(int rows, int all, int values) =>
        rows >= RepeatedRows && rows >= RepeatedShare * all && rows >= TimesOthers * (all - rows) / (values - 1.0);

    bool IsOther(float value)
    {
        foreach ((float repeated, _) in _repeated)
            if (repeated == value)
                return false;
        return true;
    }

    // Linear between the points, the first and the last value beyond them.
    static double Between(double[] at, float[] values, double place)
    {
        int above = Array.BinarySearch(at, place);
        above = above < 0 ? ~above : above;
        if (above == 0)
            return values[0];
        if (above == at.Length)
            return values[^1];
        double rise = at[above] - at[above - 1];
        return values[above - 1] + (rise > 0 ? (place - at[above - 1]) / rise : 1) * ((double)values[above] - values[above - 1]);
    }

    /// <summary>A quantile of sorted values, linear between them.</summary>
    public static double Quantile(float[] sorted, double share)
    {
        double place = share * (sorted.Length - 1);
        int below = Math.Min((int)place, Math.Max(0, sorted.Length - 2));
        return sorted[below] + (place - below) * (sorted[Math.Min(below + 1, sorted.Length - 1)] - sorted[below]);
    }

    // Values in ascending order, and the weight of each.
    readonly record struct ClassRows(float[] Values, double[] Weights, double Mean, double Deviation)
    {
        public static ClassRows Of(ReadOnlySpan<float> own, ReadOnlySpan<double> weights)
        {
            int[] order = FloatSort.Order(own);
            float[] sorted = new float[own.Length];
            double[] sortedWeights = new double[own.Length];
            for (int i = 0; i < order.Length; i++)
                (sorted[i], sortedWeights[i]) = (own[order[i]], weights[order[i]]);
            (double mean, double squares) = (0, 0);
            foreach (float value in own)
                mean += value / (double)own.Length;
            foreach (float value in own)
                squares += (value - mean) * (value - mean);
            return new(sorted, sortedWeights, mean, Math.Sqrt(squares / own.Length));
        }
    }
}

/// <summary>The quantiles of a column within a class, in standardized units.</summary>
/// <param name="At">Share of the rows below, 0 to 1, to a value.</param>
/// <param name="Steps">Repeated values, ascending.</param>
sealed record ClassQuantiles(Func<double, double> At, ClassQuantiles.Step[] Steps)
{
    /// <summary>A value that many rows have, and the shares between which they lie.</summary>
    public readonly record struct Step(double From, double To, double Value);

    /// <summary>
    /// The values between which a cell of the map runs. A cell more than half of which is of a repeated value is that value all over;
    /// another holds none of it, so that no values come that lie between a repeated one and those beside it.
    /// </summary>
    public (double Start, double End) Cell(double from, double to)
    {
        (double start, double end) = (from, to);
        foreach (Step step in Steps)
        {
            double shared = Math.Min(to, step.To) - Math.Max(from, step.From);
            if (shared > 0.5 * (to - from))
                return (step.Value, step.Value);
            if (from < step.To && step.From <= from)
                start = Math.Min(to, Math.BitIncrement(step.To));
            if (step.From <= to && to <= step.To)
                end = Math.Max(start, Math.BitDecrement(step.From));
        }
        return (At(start), At(end));
    }
}
