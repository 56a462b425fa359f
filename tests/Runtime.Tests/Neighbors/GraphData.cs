namespace LeoCvae.Runtime.Tests.Neighbors;

/// <summary>Rows for neighbor searches, and how their results compare.</summary>
static class GraphData
{
    static readonly CounterRandom Random = new(7, RandomStream.Latent);

    /// <summary>Clusters that are flat in all but a few directions, with a little noise.</summary>
    public static Matrix Mixture(int rows, int columns, int clusters = 20, int intrinsic = 10)
    {
        float[] normal = new float[intrinsic + columns], spread = new float[intrinsic * columns], center = new float[columns];
        Matrix x = new(rows, columns);
        for (int row = 0; row < rows; row++)
        {
            ulong cluster = Random.Word(CounterRandom.Row(3, row), 0) % (uint)clusters;
            Random.FillNormal(CounterRandom.Row(1, (long)cluster), center);
            Random.FillNormal(CounterRandom.Row(2, 0), spread);
            Random.FillNormal(CounterRandom.Row(4, row), normal);
            Span<float> target = x.Row(row);
            for (int j = 0; j < columns; j++)
            {
                target[j] = 2 * center[j] + 0.1f * normal[intrinsic + j];
                for (int l = 0; l < intrinsic; l++)
                    target[j] += normal[l] * spread[l * columns + j] / MathF.Sqrt(intrinsic);
            }
        }
        return x;
    }

    public static Matrix Independent(int rows, int columns)
    {
        Matrix x = new(rows, columns);
        for (int row = 0; row < rows; row++)
            Random.FillNormal(CounterRandom.Row(5, row), x.Row(row));
        return x;
    }

    public static Matrix Map(Matrix x, Func<int, float, float> map)
    {
        Matrix result = new(x.Rows, x.Columns);
        for (int i = 0; i < x.Values.Length; i++)
            result.Values[i] = map(i % x.Columns, x.Values[i]);
        return result;
    }

    /// <summary>The share of neighbors that are no farther than the exact k-th.</summary>
    public static double Recall(NeighborLists found, NeighborLists exact, int rows) =>
        Enumerable.Range(0, rows).Average(row => found.SquaredDistances(row).ToArray()
            .Average(distance => distance <= exact.SquaredDistances(row)[^1] ? 1.0 : 0));

    public static void AreSame(NeighborLists expected, NeighborLists actual, int rows)
    {
        Assert.AreEqual(expected.K, actual.K);
        for (int row = 0; row < rows; row++)
        {
            CollectionAssert.AreEqual(expected.Ids(row).ToArray(), actual.Ids(row).ToArray(), $"ids of row {row}");
            CollectionAssert.AreEqual(expected.SquaredDistances(row).ToArray(), actual.SquaredDistances(row).ToArray(),
                $"distances of row {row}");
        }
    }
}
