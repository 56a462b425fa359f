namespace LeoCvae.Training;

/// <summary>
/// Fits the prior <see cref="LatentPrior.Mixture"/> to the posteriors of a class's rows: k-means on their weighted means, clusters of few
/// rows joined to the nearest, and for each cluster the mean and variance of all its posteriors together. So the mean and the variance of a
/// class's latent vectors stay what they are with seeds.
/// </summary>
static class MixtureFit
{
    /// <summary>The fewest rows of a component, where its class has as many.</summary>
    public const int LeastRows = 5;

    const int RowsOfComponent = 5, MostComponents = 64, Rounds = 25;

    /// <param name="seeds">The posteriors, grouped by class.</param>
    /// <param name="starts">First posterior of each class, and their number at the end.</param>
    /// <param name="latent">L.</param>
    /// <param name="seed">Seed of the first centers.</param>
    /// <param name="parallel">Threads, and what stops it.</param>
    /// <returns>The components in place of seeds, and the first one of each class.</returns>
    public static (SeedTensors Components, int[] Starts) Fit(SeedTensors seeds, int[] starts, int latent, ulong seed,
        ParallelOptions parallel)
    {
        List<float> mu = [], sigma = [];
        List<long> classes = [];
        List<double> weights = [];
        List<int> rows = [];
        List<int> first = [0];
        CounterRandom random = new(seed, RandomStream.MixtureCenters);
        for (int c = 0; c + 1 < starts.Length; c++)
        {
            int begin = starts[c], n = starts[c + 1] - begin;
            double[][] points = [.. Enumerable.Range(begin, n).Select(s => Enumerable.Range(0, latent)
                .Select(l => (double)seeds.Mu[s * latent + l])
                .ToArray())];
            double[] weight = [.. Enumerable.Range(begin, n).Select(s => seeds.Weights[s])];
            int[] cluster = Joined(points, Clusters(points, weight, Math.Clamp(n / RowsOfComponent, 1, MostComponents), random, c,
                parallel));
            foreach (IGrouping<int, int> members in Enumerable.Range(0, n).GroupBy(i => cluster[i]).OrderBy(group => group.Key))
            {
                double all = members.Sum(i => weight[i]);
                for (int l = 0; l < latent; l++)
                {
                    double mean = members.Sum(i => weight[i] * points[i][l]) / all;
                    double variance = members.Sum(i => weight[i] * (Square(seeds.Sigma[(begin + i) * latent + l]) +
                        Square(points[i][l] - mean))) / all;
                    mu.Add((float)mean);
                    sigma.Add((float)Math.Sqrt(variance));
                }
                classes.Add(c);
                weights.Add(all);
                rows.Add(members.Count());
            }
            first.Add(weights.Count);
        }
        return (new([.. mu], [.. sigma], [.. classes], [], [.. weights]) { ComponentRows = [.. rows] }, [.. first]);
    }

    // Lloyd's rounds from centers that are drawn as in k-means++, by weight times squared distance.
    static int[] Clusters(double[][] points, double[] weights, int count, CounterRandom random, int c,
        ParallelOptions parallel)
    {
        double[] nearest = [.. points.Select(_ => 1.0)];
        List<double[]> centers = [];
        for (int k = 0; k < count; k++)
        {
            double wanted = random.Uniform(CounterRandom.Row(c, 0), k) * nearest.Select((distance, i) => distance * weights[i]).Sum();
            int chosen = 0;
            for (double sum = nearest[0] * weights[0]; sum <= wanted && chosen + 1 < points.Length;)
                sum += nearest[++chosen] * weights[chosen];
            centers.Add([.. points[chosen]]);
            nearest = [.. points.Select((point, i) => k == 0 ? Distance(point, centers[k])
                : Math.Min(nearest[i], Distance(point, centers[k])))];
        }
        int[] cluster = new int[points.Length];
        for (int round = 0; round < Rounds; round++)
        {
            int[] before = [.. cluster];
            Parallel.For(0, points.Length, parallel, i => cluster[i] = Nearest(centers, points[i]));
            if (round > 0 && cluster.AsSpan().SequenceEqual(before))
                break;
            double[][] sums = [.. centers.Select(center => new double[center.Length])];
            double[] all = new double[count];
            for (int i = 0; i < points.Length; i++)
            {
                all[cluster[i]] += weights[i];
                for (int l = 0; l < points[i].Length; l++)
                    sums[cluster[i]][l] += weights[i] * points[i][l];
            }
            for (int k = 0; k < count; k++)
                if (all[k] > 0)
                    centers[k] = [.. sums[k].Select(sum => sum / all[k])];
        }
        return cluster;
    }

    // The smallest cluster goes to the one with the nearest center until each has rows enough.
    static int[] Joined(double[][] points, int[] cluster)
    {
        while (true)
        {
            (int Id, int Count, double[] Center)[] groups = [.. Enumerable.Range(0, points.Length).GroupBy(i => cluster[i]).Select(group =>
                (group.Key, group.Count(), points[0].Select((_, l) => group.Average(i => points[i][l])).ToArray()))
                    .OrderBy(group => group.Key)];
            (int Id, int Count, double[] Center) smallest = groups.MinBy(group => group.Count);
            if (groups.Length == 1 || smallest.Count >= LeastRows)
                return cluster;
            int into = groups.Where(group => group.Id != smallest.Id).MinBy(group => Distance(group.Center, smallest.Center)).Id;
            cluster = [.. cluster.Select(id => id == smallest.Id ? into : id)];
        }
    }

    static int Nearest(List<double[]> centers, double[] point)
    {
        int best = 0;
        double least = double.PositiveInfinity;
        for (int k = 0; k < centers.Count; k++)
            if (Distance(centers[k], point) is double distance && distance < least)
                (best, least) = (k, distance);
        return best;
    }

    static double Distance(double[] a, double[] b)
    {
        double sum = 0;
        for (int l = 0; l < a.Length; l++)
            sum += Square(a[l] - b[l]);
        return sum;
    }

    static double Square(double value) => value * value;
}
