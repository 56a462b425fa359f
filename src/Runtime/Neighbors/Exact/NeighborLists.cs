namespace LeoCvae;

/// <summary>The k nearest other rows of each of n rows, nearest first. Immutable and thread-safe.</summary>
/// <param name="k">Neighbors a row.</param>
/// <param name="ids">n x k row numbers.</param>
/// <param name="squaredDistances">n x k squared Euclidean distances of the encoded rows.</param>
sealed class NeighborLists(int k, int[] ids, double[] squaredDistances)
{
    public int K { get; } = k;

    public ReadOnlySpan<int> Ids(int row) => ids.AsSpan(row * K, K);

    public ReadOnlySpan<double> SquaredDistances(int row) => squaredDistances.AsSpan(row * K, K);
}
