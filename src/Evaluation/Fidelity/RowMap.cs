using System.Numerics.Tensors;

namespace LeoCvae.Evaluation;

/// <summary>
/// Rows on the plane of the first two principal components of the real rows, standardized by these; of categories the levels. Immutable.
/// </summary>
/// <param name="Points">Real rows, then synthetic ones: all, or of large tables some of each class.</param>
/// <param name="Rows">How many rows there are.</param>
/// <param name="VarianceShares">The two components' shares of the real rows' variance.</param>
sealed record RowMap(IReadOnlyList<MapPoint> Points, int Rows, IReadOnlyList<double> VarianceShares)
{
    // About so many points of a kind; of a class at least some, so that a rare one stays visible.
    const int MostPoints = 1000, FewestOfClass = 40, Iterations = 300;

    /// <summary>Projects a resampled table.</summary>
    /// <param name="table">Real rows, then synthetic ones, with labels.</param>
    /// <param name="entropies">Entropy of each row of the table, in bits.</param>
    /// <exception cref="ArgumentException">There is not one entropy for each row, or no real row.</exception>
    public static RowMap Of(Table table, IReadOnlyList<double> entropies)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(entropies);
        if (entropies.Count != table.RowCount || table.RealRows == 0)
            throw Fault.Argument(nameof(entropies),
                $"got {entropies.Count} entropies for {table.RowCount} rows, {table.RealRows} of them real; expected one for each row, " +
                $"and a real row");
        TableEncoder encoder = TableEncoder.Fit(table.Select([.. Enumerable.Range(0, table.RealRows)]));
        // Numbers are centered, levels are not yet.
        double[] mean = new double[encoder.Width];
        for (int i = 0; i < table.RealRows; i++)
            foreach (LevelBlock block in encoder.Layout.Blocks)
                if (block.Level(table.Row(i)) is int level and >= 0)
                    mean[block.First + level] += LevelBlock.On / (double)table.RealRows;
        double[][] real = [.. Enumerable.Range(0, table.RealRows).Select(Encoded)];
        double total = real.Sum(row => DoubleVectors.Dot(row, row));
        double[] first = Component(real, null), second = Component(real, first);
        int[] shown = [.. Some(table, 0, table.RealRows), .. Some(table, table.RealRows, table.RowCount)];
        return new([.. shown.Select(Point)], table.RowCount, [Share(first), Share(second)]);

        double[] Encoded(int i)
        {
            double[] row = EncodedRows.Of(table.Row(i), encoder);
            TensorPrimitives.Subtract<double>(row, mean, row);
            return row;
        }

        MapPoint Point(int i)
        {
            double[] row = Encoded(i);
            (double x, double y) = (DoubleVectors.Dot(row, first), DoubleVectors.Dot(row, second));
            return new(x, y, table.Label(i), entropies[i], table.IsSynthetic(i));
        }

        double Share(double[] component) => total == 0 ? 0 : real
            .Sum(row => Math.Pow(DoubleVectors.Dot(row, component), 2)) / total;
    }

    // Rows of a range, evenly spread over those of each class.
    static IEnumerable<int> Some(Table table, int from, int to) =>
        Enumerable.Range(from, to - from).GroupBy(i => table.Labels[i]).SelectMany(group =>
        {
            int[] rows = [.. group];
            long kept = Math.Min(rows.Length, Math.Max(FewestOfClass, (long)MostPoints * rows.Length / (to - from)));
            return Enumerable.Range(0, (int)kept).Select(i => rows[i * rows.Length / kept]);
        }).Order();

    // Power iteration, kept orthogonal to the component before; the largest loading is positive.
    static double[] Component(double[][] rows, double[]? before)
    {
        int d = rows[0].Length;
        double[] component = [.. Enumerable.Range(0, d).Select(j => 1 + 0.5 * Math.Sin(j + 1))];
        for (int i = 0; i < Iterations; i++)
        {
            double[] next = new double[d];
            foreach (double[] row in rows)
                TensorPrimitives.MultiplyAdd<double>(row, DoubleVectors.Dot(row, component), next, next);
            if (before is not null)
                TensorPrimitives.MultiplyAdd<double>(before, -DoubleVectors.Dot(before, next), next, next);
            double length = DoubleVectors.Norm(next);
            if (!(length > 1e-9))
                return new double[d];
            TensorPrimitives.Divide(next, length, component);
        }
        if (component[TensorPrimitives.IndexOfMaxMagnitude<double>(component)] < 0)
            TensorPrimitives.Negate<double>(component, component);
        return component;
    }
}

/// <summary>A row on the map.</summary>
/// <param name="X">First principal component.</param>
/// <param name="Y">Second principal component.</param>
/// <param name="Class">Name of its class.</param>
/// <param name="Entropy">Local entropy, in bits.</param>
/// <param name="IsSynthetic">Whether it was made.</param>
sealed record MapPoint(double X, double Y, string Class, double Entropy, bool IsSynthetic);
