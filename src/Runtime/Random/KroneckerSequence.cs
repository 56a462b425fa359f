namespace LeoCvae;

/// <summary>
/// Evenly spread uniform numbers: value i = frac(start + i / phi), phi the golden ratio, start random (Kronecker sequence with a random
/// shift). Each value is uniform, and any n that follow each other cover [0, 1) to O(log n / n), where n independent ones do to O(1 /
/// sqrt(n)). Value i depends on nothing but the start and i, as a shard needs it. Immutable and thread-safe.
/// </summary>
readonly struct KroneckerSequence
{
    // 2^64 / phi, rounded to odd: every value is exact and none comes again within 2^64.
    const ulong Step = 0x9E3779B97F4A7C15;

    readonly ulong _start;

    /// <param name="random">Gives the start.</param>
    /// <param name="row">The start is draws 0 and 1 of this row.</param>
    public KroneckerSequence(CounterRandom random, ulong row) => _start = ((ulong)random.Word(row, 0) << 32) | random.Word(row, 1);

    /// <summary>Value i, uniform in [0, 1).</summary>
    public double this[long i] => ((_start + (ulong)i * Step) >> 11) * (1.0 / (1L << 53));
}
