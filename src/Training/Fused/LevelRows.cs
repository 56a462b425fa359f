using System.Runtime.CompilerServices;

namespace LeoCvae.Training;

/// <summary>
/// Which feature of each block of levels a row has. All others are 0, so that the first layer adds up a row of weights a block instead of
/// multiplying by zeros: the same chain of multiply-adds as <see cref="Gemm"/>'s, without those that add nothing. Immutable.
/// </summary>
sealed unsafe class LevelRows
{
    const int None = -1;

    readonly int[] _features;
    readonly int _blocks;

    /// <param name="x">Encoded rows.</param>
    /// <param name="layout">What the features are.</param>
    public LevelRows(Matrix x, FeatureLayout layout)
    {
        _blocks = layout.Blocks.Count;
        _features = new int[checked(x.Rows * _blocks)];
        for (int row = 0; row < x.Rows; row++)
            for (int b = 0; b < _blocks; b++)
            {
                LevelBlock block = layout.Blocks[b];
                int level = x[row].Slice(block.First, block.Count).IndexOf(LevelBlock.On);
                _features[row * _blocks + b] = level < 0 ? None : block.First + level;
            }
    }

    /// <summary>The feature of each block of a row, -1 where it has none.</summary>
    public ReadOnlySpan<int> this[int row] => _features.AsSpan(row * _blocks, _blocks);

    /// <summary>sums += the weights of the row's features.</summary>
    /// <param name="row">Number of the row.</param>
    /// <param name="weights">A row of weights for each feature.</param>
    /// <param name="sums">As wide as a row of weights.</param>
    /// <param name="width">A multiple of <see cref="Gemm.Lanes"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void AddWeights<T>(int row, float* weights, float* sums, int width) where T : struct, ISimd<T>
    {
        T on = T.Create(LevelBlock.On);
        ReadOnlySpan<int> features = this[row];
        for (int j = 0; j < width; j += T.Count)
        {
            T sum = T.Load(sums + j);
            foreach (int feature in features)
                if (feature != None)
                    sum = T.MultiplyAdd(on, T.Load(weights + feature * (nint)width + j), sum);
            T.Store(sum, sums + j);
        }
    }

    /// <summary>Adds a row's gradient to those of its features' weights.</summary>
    /// <param name="row">Number of the row.</param>
    /// <param name="gradient">What the row's sums get.</param>
    /// <param name="weightGradients">A row for each feature.</param>
    /// <param name="stride">Floats from a row of these to the next.</param>
    /// <param name="width">How many of each to add to, a multiple of <see cref="Gemm.Lanes"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void AddGradient<T>(int row, float* gradient, float* weightGradients, nint stride, int width) where T : struct, ISimd<T>
    {
        T on = T.Create(LevelBlock.On);
        foreach (int feature in this[row])
        {
            if (feature == None)
                continue;
            float* to = weightGradients + feature * stride;
            for (int j = 0; j < width; j += T.Count)
                T.Store(T.MultiplyAdd(on, T.Load(gradient + j), T.Load(to + j)), to + j);
        }
    }
}
