namespace LeoCvae.Evaluation.Tests;

/// <summary>Made-up rows: normals around a center for each class.</summary>
static class Blobs
{
    /// <summary>Rows of each class, in order; class c's center is at <paramref name="distance"/> along column c.</summary>
    public static (Matrix X, int[] Labels) Make(int[] counts, int columns, float distance, ulong seed = 1)
    {
        int[] labels = [.. counts.SelectMany((count, c) => Enumerable.Repeat(c, count))];
        Matrix x = new(labels.Length, columns);
        CounterRandom random = new(seed, RandomStream.Latent);
        for (int i = 0; i < labels.Length; i++)
        {
            random.FillNormal((ulong)i, x.Row(i));
            x.Row(i)[labels[i] % columns] += distance;
        }
        return (x, labels);
    }

    public static double Accuracy(double[,] probabilities, int[] labels) =>
        labels.Where((label, i) => Enumerable.Range(0, probabilities.GetLength(1)).All(c => probabilities[i, c] <= probabilities[i, label]))
            .Count() / (double)labels.Length;
}
