using System.Runtime.CompilerServices;

namespace LeoCvae;

/// <summary>
/// What a decoder smooths away, as a distribution of each class: noise that columns share (r factors) and noise of each column are added to
/// a decoded row, and each column is mapped onto the quantiles of its class. The decoder's last layer gives g W, in units of each column's
/// spread; t = g W + offset + loadings^T factor_noise + diagonal column_noise, and with p = (1 + t / (1 + |t|)) (K - 1) / 2 a column
/// becomes the value at place p among its K knots, linear between them. No training row is needed. Here are its ONNX nodes, which take the
/// place of the decoder's last product, and their managed twin. Immutable and thread-safe.
/// </summary>
sealed unsafe class RowNoise : IDisposable
{
    readonly int _width, _stride, _knotCount;

    // Padded rows: C, C r and C of them.
    readonly FloatMemory _offset, _loadings, _diagonal;

    // C d K
    readonly float[] _knots;

    public RowNoise(NoiseTensors tensors)
    {
        (_width, _stride, _knotCount, _knots) = (tensors.Width, Gemm.Padded(tensors.Width), tensors.KnotCount, tensors.Knots);
        Factors = tensors.Factors;
        (_offset, _loadings, _diagonal) = (Rows(tensors.Offset), Rows(tensors.Loadings), Rows(tensors.Diagonal));
    }

    /// <summary>r, how many factors columns share.</summary>
    public int Factors { get; }

    /// <summary>Makes a decoded row of a class a noisy one, in place.</summary>
    /// <param name="row">g W in; in the columns' units from their means out. As many floats as its padded width.</param>
    /// <param name="classIndex">The class.</param>
    /// <param name="factorNoise">r standard normals.</param>
    /// <param name="columnNoise">d numbers of mean 0 and variance 1, and readable up to the padded width.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add<T>(float* row, int classIndex, ReadOnlySpan<float> factorNoise, float* columnNoise) where T : struct, ISimd<T>
    {
        long place = (long)classIndex * _stride;
        float* offset = _offset.Start + place, loadings = _loadings.Start + place * Factors, diagonal = _diagonal.Start + place;
        T one = T.Create(1), half = T.Create((_knotCount - 1) / 2), zero = T.Create(0), last = T.Create(_knotCount - 1);
        for (int j = 0; j < _stride; j += T.Count)
        {
            T t = T.Add(T.Load(row + j), T.Load(offset + j));
            for (int factor = 0; factor < factorNoise.Length; factor++)
                t = T.MultiplyAdd(T.Create(factorNoise[factor]), T.Load(loadings + (long)factor * _stride + j), t);
            t = T.MultiplyAdd(T.Load(diagonal + j), T.Load(columnNoise + j), t);
            T squashed = T.Divide(t, T.Add(one, T.Max(t, T.Subtract(zero, t))));
            // The place comes second: what is no number stays none.
            T.Store(T.Min(last, T.Max(zero, T.MultiplyAdd(squashed, half, half))), row + j);
        }
        fixed (float* ofClass = &_knots[(long)classIndex * _width * _knotCount])
        {
            float* knots = ofClass;
            for (int j = 0; j < _width; j++, knots += _knotCount)
            {
                int below = Math.Min((int)row[j], _knotCount - 2);
                row[j] = knots[below] + (row[j] - below) * (knots[below + 1] - knots[below]);
            }
        }
        GC.KeepAlive(this);
    }

    public void Dispose()
    {
        foreach (FloatMemory memory in (FloatMemory[])[_offset, _loadings, _diagonal])
            memory.Dispose();
    }

    /// <summary>The graph's constants.</summary>
    /// <param name="tensors">The noise.</param>
    /// <param name="lastWeight">h x d, the decoder's last layer in units of each column's spread.</param>
    public static IReadOnlyList<GraphConstant> Constants(NoiseTensors tensors, float[] lastWeight)
    {
        (int classes, int width, int factors, int knots) = (tensors.Classes, tensors.Width, tensors.Factors, tensors.KnotCount);
        float[] ownBlock = new float[classes * classes], rises = new float[tensors.Knots.Length];
        for (int c = 0; c < classes; c++)
            ownBlock[c * classes + c] = 1;
        // Beyond the last knot its value goes on.
        for (int i = 0; i + 1 < rises.Length; i++)
            rises[i] = (i + 1) % knots == 0 ? 0 : tensors.Knots[i + 1] - tensors.Knots[i];
        return
        [
            new("decoder3_weight", lastWeight, [lastWeight.Length / width, width]),
            new(NoiseTensors.OffsetName, tensors.Offset, [classes, width]),
            new(NoiseTensors.LoadingsName, tensors.Loadings, [classes * factors, width]),
            new(NoiseTensors.DiagonalName, tensors.Diagonal, [classes, width]),
            new(NoiseTensors.KnotsName, tensors.Knots, [tensors.Knots.Length]),
            new("noise_rises", rises, [rises.Length]),
            new("noise_own_block", ownBlock, [classes, classes, 1]),
            new("noise_blocks_shape", (long[])[-1, classes * factors], [2]),
            new("noise_axis", (long[])[1], [1]),
            new("noise_half", (float[])[(knots - 1) / 2], []),
            new("noise_middle", (int[])[.. Enumerable.Range(0, classes * width).Select(column => column * knots + (knots - 1) / 2)],
                [classes, width]),
        ];
    }

    /// <summary>The graph's nodes, from the decoder's last activations to <see cref="NumberCodec.Deviation"/>.</summary>
    /// <param name="activations">Name of the activations, float[N, h].</param>
    public static IReadOnlyList<GraphNode> Nodes(string activations) =>
    [
        // The factors of all classes in one product: the noise stands in the class's own block of N x (C r), the others are zero.
        Node("Gather", "own_block", ["noise_own_block", "class"]),
        Node("Unsqueeze", "factor_noise_apart", [NoiseTensors.FactorNoise, "noise_axis"]),
        Node("Mul", "blocks_apart", ["own_block", "factor_noise_apart"]),
        Node("Reshape", "blocks", ["blocks_apart", "noise_blocks_shape"]),
        Node("Gather", "offset", [NoiseTensors.OffsetName, "class"]),
        Node("Gemm", "shared_noise", ["blocks", NoiseTensors.LoadingsName, "offset"]),
        Node("Gemm", "with_shared_noise", [activations, "decoder3_weight", "shared_noise"]),
        Node("Gather", "diagonal", [NoiseTensors.DiagonalName, "class"]),
        Node("Mul", "own_noise", ["diagonal", NoiseTensors.ColumnNoise]),
        Node("Add", "noisy", ["with_shared_noise", "own_noise"]),
        Node("Softsign", "squashed", ["noisy"]),
        // Places from the middle knot on, whose number is an integer.
        Node("Mul", "place", ["squashed", "noise_half"]),
        Node("Floor", "place_below", ["place"]),
        Node("Sub", "share_above", ["place", "place_below"]),
        Node("Cast", "steps_from_middle", ["place_below"], ("to", 6)),
        Node("Gather", "middle", ["noise_middle", "class"]),
        Node("Add", "knot", ["steps_from_middle", "middle"]),
        Node("Gather", "value_below", [NoiseTensors.KnotsName, "knot"]),
        Node("Gather", "rise", ["noise_rises", "knot"]),
        Node("Mul", "risen", ["share_above", "rise"]),
        Node("Add", NumberCodec.Deviation, ["value_below", "risen"]),
    ];

    FloatMemory Rows(float[] values)
    {
        FloatMemory rows = new((long)values.Length / _width * _stride);
        for (int row = 0; row < values.Length / _width; row++)
            values.AsSpan(row * _width, _width).CopyTo(new(rows.Start + (long)row * _stride, _width));
        return rows;
    }

    static GraphNode Node(string op, string result, string[] inputs, params (string Name, object Value)[] attributes) =>
        new(op, result, inputs, attributes);
}
