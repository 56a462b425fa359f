using System.Numerics.Tensors;

namespace LeoCvae.Evaluation;

/// <summary>Rows on the plane of the first two principal components of the real rows, standardised by these. Immutable.</summary>
/// <param name="Points">The real rows, then the synthetic ones.</param>
/// <param name="VarianceShares">The two components' shares of the real rows' variance.</param>
sealed record RowMap(IReadOnlyList<MapPoint> Points, IReadOnlyList<double> VarianceShares)
{
    const int Iterations = 300;

    /// <summary>Projects a resampled table.</summary>
    /// <param name="table">Real rows, then synthetic ones, with labels.</param>
    /// <param name="entropies">Entropy of each row of the table, in bits.</param>
    /// <exception cref="ArgumentException">There is not one entropy for each row, or no real row.</exception>
    public static RowMap Of(Table table, IReadOnlyList<double> entropies)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(entropies);
        if (entropies.Count != table.RowCount || table.RealRows == 0)
            throw new ArgumentException($"got {entropies.Count} entropies for {table.RowCount} rows, {table.RealRows} of them real; expected one for each row, and a real row");
        TableEncoder encoder = TableEncoder.Fit(table.Select([.. Enumerable.Range(0, table.RealRows)]));
        double[][] rows = [.. Enumerable.Range(0, table.RowCount).Select(i => table.Row(i).ToArray().Select((value, j) => (value - encoder.Mean[j]) / encoder.Scale[j]).ToArray())];
        double[][] real = rows[..table.RealRows];
        double total = real.Sum(row => TensorPrimitives.Dot<double>(row, row));
        double[] first = Component(real, null), second = Component(real, first);
        return new(
            [.. rows.Select((row, i) => new MapPoint(TensorPrimitives.Dot<double>(row, first), TensorPrimitives.Dot<double>(row, second), table.Label(i), entropies[i], table.IsSynthetic(i)))],
            [Share(first), Share(second)]);

        double Share(double[] component) => total == 0 ? 0 : real.Sum(row => Math.Pow(TensorPrimitives.Dot<double>(row, component), 2)) / total;
    }

    // Power iteration, kept orthogonal to the component before; the largest loading is positive.
    static double[] Component(double[][] rows, double[]? before)
    {
        int d = rows[0].Length;
        double[] component = [.. Enumerable.Range(0, d).Select(j => 1 + 0.5 * Math.Sin(j + 1))];
        for (int i = 0; i < Iterations; i++)
        {
            double[] next = new double[d];
            foreach (double[] row in rows)
                TensorPrimitives.MultiplyAdd<double>(row, TensorPrimitives.Dot<double>(row, component), next, next);
            if (before is not null)
                TensorPrimitives.MultiplyAdd<double>(before, -TensorPrimitives.Dot<double>(before, next), next, next);
            double length = TensorPrimitives.Norm<double>(next);
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
