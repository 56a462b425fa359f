namespace LeoCvae.Runtime.Tests.Neighbors;

/// <summary>Rows to search, and the plainest search there is.</summary>
static class HnswData
{
    /// <summary>Ten curved clusters of intrinsic dimension 6, sorted by cluster: the worst order of insertion.</summary>
    public static Matrix Mixture(int n, int d, ulong seed = 1)
    {
        CounterRandom random = new(seed, RandomStream.Latent);
        float[] mixing = new float[6 * d], latent = new float[6], center = new float[6], noise = new float[d];
        new CounterRandom(99, RandomStream.Init).FillNormal(0, mixing);
        Matrix x = new(n, d);
        for (int i = 0; i < n; i++)
        {
            new CounterRandom(99, RandomStream.Init).FillNormal(1 + 10 * (ulong)i / (ulong)n, center);
            random.FillNormal((ulong)i, latent);
            random.FillNormal((ulong)(n + i), noise);
            Span<float> row = x.Row(i);
            for (int j = 0; j < d; j++)
            {
                row[j] = 0.05f * noise[j];
                for (int l = 0; l < 6; l++)
                    row[j] += mixing[l * d + j] * (2 * center[l] + latent[l] + 0.3f * MathF.Sin(2 * latent[l]));
            }
        }
        return x;
    }

    /// <summary>Rows like those of images: many features are zero, values are whole numbers.</summary>
    public static Matrix Digits(int n)
    {
        Matrix x = Mixture(n, 64, 3);
        foreach (ref float value in x.Values.AsSpan())
            value = Math.Clamp(MathF.Round(2 * value), 0, 16);
        return x;
    }

    /// <summary>Integers below a limit: few values a column, many identical rows.</summary>
    public static Matrix Integers(int n, int d, int limit, ulong seed = 1)
    {
        Matrix x = new(n, d);
        CounterRandom random = new(seed, RandomStream.Split);
        for (int i = 0; i < n; i++)
            for (int j = 0; j < d; j++)
                x.Row(i)[j] = MathF.Floor(random.Uniform((ulong)i, j) * limit);
        return x;
    }

    public static Matrix Rows(params float[][] rows)
    {
        Matrix x = new(rows.Length, rows[0].Length);
        for (int i = 0; i < rows.Length; i++)
            rows[i].CopyTo(x.Row(i));
        return x;
    }

    public static Matrix Part(Matrix x, int first, int end)
    {
        Matrix part = new(end - first, x.Columns);
        x.Values.AsSpan(first * x.Columns, part.Values.Length).CopyTo(part.Values);
        return part;
    }

    /// <summary>Nearest rows with their squared distances, by (distance, row).</summary>
    public static (double Distance, int Row)[] Nearest(Matrix x, ReadOnlySpan<float> query, int k, int excluded = -1)
    {
        List<(double Distance, int Row)> all = [];
        for (int i = 0; i < x.Rows; i++)
            if (i != excluded)
                all.Add((Distance.Squared(query, x[i]), i));
        all.Sort();
        return [.. all.Take(k)];
    }

    public static (double Distance, int Row)[] Search(HnswIndex index, ReadOnlySpan<float> query, int k,
        int effort = HnswIndex.DefaultEffort)
    {
        int[] ids = new int[k];
        double[] distances = new double[k];
        return Zip(index.Search(query, ids, distances, effort), ids, distances);
    }

    public static (double Distance, int Row)[] SearchRow(HnswIndex index, int row, int k, int effort = HnswIndex.DefaultEffort)
    {
        int[] ids = new int[k];
        double[] distances = new double[k];
        return Zip(index.SearchRow(row, ids, distances, effort), ids, distances);
    }

    static (double, int)[] Zip(int count, int[] ids, double[] distances) => [.. distances.Zip(ids).Take(count)];

    /// <summary>Share of the true neighbors that searches find, over some rows of the queries; distances are checked on the way.</summary>
    public static double Recall(HnswIndex index, Matrix x, Matrix queries, int k, int effort = HnswIndex.DefaultEffort, int step = 7)
    {
        int hits = 0, all = 0;
        for (int i = 0; i < queries.Rows; i += step)
        {
            (double Distance, int Row)[] truth = Nearest(x, queries[i], k), got = Search(index, queries[i], k, effort);
            Assert.HasCount(truth.Length, got);
            CheckSorted(x, queries[i], got);
            hits += truth.Intersect(got).Count();
            all += truth.Length;
        }
        return (double)hits / all;
    }

    public static void CheckSorted(Matrix x, ReadOnlySpan<float> query, (double Distance, int Row)[] got)
    {
        for (int i = 0; i < got.Length; i++)
        {
            Assert.AreEqual(Distance.Squared(query, x[got[i].Row]), got[i].Distance);
            if (i > 0)
                Assert.IsLessThan(0, got[i - 1].CompareTo(got[i]));
        }
    }

    public static byte[] Bytes(HnswIndex index)
    {
        MemoryStream stream = new();
        index.Save(stream);
        return stream.ToArray();
    }

    /// <summary>Whether two indexes answer some queries alike.</summary>
    public static bool AreAlike(HnswIndex a, HnswIndex b, Matrix queries)
    {
        for (int i = 0; i < queries.Rows; i += 5)
            if (!Search(a, queries[i], 5, 20).SequenceEqual(Search(b, queries[i], 5, 20)))
                return false;
        return true;
    }
}
