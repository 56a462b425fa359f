namespace LeoCvae.Runtime.Tests.Neighbors;

/// <summary>The slowest, plainest search: every distance in double, summed from the first column to the last.</summary>
static class BruteForce
{
    // Sums that run in another order differ by their rounding.
    const double Rounding = 1e-12;

    /// <summary>The nearest rows, by (distance, row).</summary>
    public static (double Distance, int Row)[] Nearest(ReadOnlySpan<float> query, Matrix reference, int k, int excluded = -1)
    {
        List<(double Distance, int Row)> all = [];
        for (int row = 0; row < reference.Rows; row++)
            if (row != excluded)
                all.Add((Squared(query, reference[row]), row));
        all.Sort();
        return [.. all.Take(k)];
    }

    /// <summary>
    /// The answer is the twin's; where it isn't, the twin's row is farther, or as far and larger, if distances are summed as the library
    /// does.
    /// </summary>
    public static void RequireNearest(
        ReadOnlySpan<float> query, Matrix reference, int k, int excluded, ReadOnlySpan<int> ids, ReadOnlySpan<double> distances)
    {
        (double Distance, int Row)[] expected = Nearest(query, reference, k, excluded);
        Assert.AreEqual(expected.Length, ids.Length);
        RequireSorted(query, reference, excluded, ids, distances);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.AreEqual(expected[i].Distance, distances[i], Rounding * expected[i].Distance, $"neighbor {i}");
            if (!ids[..(i + 1)].Contains(expected[i].Row))
                Assert.IsGreaterThan((distances[i], ids[i]), (Distance.Squared(query, reference[expected[i].Row]), expected[i].Row),
                    $"neighbor {i}");
        }
    }

    /// <summary>
    /// What any search must return, also one that misses neighbors: other rows, each once, with their distances, nearest first, at equal
    /// distance the smaller row first.
    /// </summary>
    public static void RequireSorted(
        ReadOnlySpan<float> query, Matrix reference, int excluded, ReadOnlySpan<int> ids, ReadOnlySpan<double> distances)
    {
        Assert.DoesNotContain(excluded, ids.ToArray());
        Assert.HasCount(ids.Length, ids.ToArray().Distinct());
        for (int i = 0; i < ids.Length; i++)
        {
            double distance = Squared(query, reference[ids[i]]);
            Assert.AreEqual(distance, distances[i], Rounding * distance, $"distance of row {ids[i]}");
            Assert.IsTrue(i == 0 || (distances[i - 1], ids[i - 1]).CompareTo((distances[i], ids[i])) < 0, $"order of row {ids[i]}");
        }
    }

    static double Squared(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += ((double)a[i] - b[i]) * ((double)a[i] - b[i]);
        return sum;
    }
}
