namespace LeoCvae.Training;

/// <summary>What generated rows are checked by: the layers of <see cref="ClassNetwork"/>, and the least share of each class.</summary>
sealed record FittedCheck(ClassLayer[] Layers, float[] Least);

/// <summary>
/// Fits what generated rows are checked by: a network that tells a row's class, and for each class the share of it that a row must get. It
/// is what nine in ten of the class's training rows get of networks that weren't fitted on them.
/// </summary>
static class ClassCheckFit
{
    const int Folds = 5;

    // Of a class's own rows so many would be drawn again.
    const double Doubted = 0.1;

    /// <param name="x">Encoded training rows grouped by class.</param>
    /// <param name="starts">First row of each class, and their number at the end.</param>
    /// <param name="groups">A number for each row; rows of one number are told by the same network. Null where rows stand for
    /// themselves.</param>
    /// <param name="options">Size, seed and threads.</param>
    /// <param name="cancellation">Stops it.</param>
    public static FittedCheck Fit(Matrix x, int[] starts, int[]? groups, TrainingOptions options, CancellationToken cancellation)
    {
        int classes = starts.Length - 1;
        CounterRandom random = new(options.Seed, RandomStream.CheckFit);
        // The last network is fitted on all rows.
        ClassNetwork[] networks = new ClassNetwork[Folds + 1];
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = options.MaxDegreeOfParallelism, CancellationToken = cancellation };
        Parallel.For(0, networks.Length, parallel,
            fold => networks[fold] = new ClassNetwork(x, [.. Enumerable.Range(0, classes).Select(c => Rows(c, own => own != fold))],
                options.HiddenSize, random, fold).Fit(cancellation));
        float[] least = new float[classes];
        for (int c = 0; c < classes; c++)
        {
            float[] shares = [.. Enumerable.Range(0, Folds).SelectMany(fold => networks[fold].Shares(Rows(c, own => own == fold), c))
                .Order()];
            least[c] = shares[(int)(Doubted * shares.Length)];
        }
        return new(networks[^1].Layers, least);

        // Rows of a class whose fold is wanted.
        int[] Rows(int c, Func<int, bool> isWanted) => [.. Enumerable.Range(starts[c], starts[c + 1] - starts[c])
            .Where(row => isWanted((groups?[row] ?? row - starts[c]) % Folds))];
    }
}
