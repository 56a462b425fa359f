namespace LeoCvae;

/// <summary>The Local Entropy Score of each row, with the class frequencies that it is made of. Immutable and thread-safe.</summary>
public sealed class EntropyScores
{
    readonly double[] _bits;
    readonly double[] _frequencies;

    internal EntropyScores(int neighbors, SearchReport search, IReadOnlyList<string> classes, double[] bits, double[] frequencies) =>
        (Neighbors, Search, Classes, _bits, _frequencies) = (neighbors, search, classes, bits, frequencies);

    /// <summary>The k that was used: at most the number of other rows.</summary>
    public int Neighbors { get; }

    /// <summary>How the neighbors were found, and the measured recall.</summary>
    public SearchReport Search { get; }

    /// <summary>The classes, in the order of the frequencies.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>H of each row, in bits: 0 (all neighbors of one class) to log2(number of classes).</summary>
    public ReadOnlySpan<double> Bits => _bits;

    /// <summary>Share of each class among a row's neighbors; sums to 1.</summary>
    public ReadOnlySpan<double> Frequencies(int row) => _frequencies.AsSpan(row * Classes.Count, Classes.Count);
}
