namespace LeoCvae.Evaluation.Tests;

static class Tables
{
    /// <summary>
    /// One blob of normal-ish rows a class, each a step further along every feature; classes c0, c1, ... of the given sizes, in random
    /// order.
    /// </summary>
    public static Table Blobs(int[] sizes, int width, double step = 1, int seed = 1)
    {
        Random random = new(seed);
        int[] labels = [.. sizes.SelectMany((size, c) => Enumerable.Repeat(c, size))];
        random.Shuffle(labels);
        double[,] values = new double[labels.Length, width];
        for (int i = 0; i < labels.Length; i++)
            for (int j = 0; j < width; j++)
                values[i, j] = step * labels[i] + random.NextDouble() + random.NextDouble() - random.NextDouble() - random.NextDouble();
        return Table.FromArrays(values, [.. labels.Select(label => $"c{label}")]);
    }

    public static Table Of(double[,] values, params int[] labels) => Table.FromArrays(values, [.. labels.Select(label => $"c{label}")]);

    public static ClassRows ClassRows(Table table, int c, int k) =>
        new(table, new(() => Evaluation.ClassRows.SpaceOf(table)), NominalSpace.Of(table), c, k, CancellationToken.None);

    public static int[] AddedRows(Table before, Table after) => [.. after.ClassCounts().Zip(before.ClassCounts(), (now, was) => now - was)];
}
