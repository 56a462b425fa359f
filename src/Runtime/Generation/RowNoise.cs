using System.Runtime.CompilerServices;

namespace LeoCvae;

/// <summary>
/// What a decoder smooths away, as a distribution of each class: noise that columns share (r factors) and noise of each column are added to
/// a decoded row, and each column is mapped onto the quantiles of its class. The decoder's last layer gives g W, in units of each column's
/// spread; t = g W + offset + loadings^T factor_noise + diagonal column_noise; v = t / (1 + |t|) lies in cell (1 + v) (K - 1) / 2 of the K
/// of a column, rounded down, and there the column is intercept + slope v. No training row is needed. Here are its ONNX nodes, which take
/// the place of the decoder's last product, and their managed twin. Immutable and thread-safe.
/// </summary>
sealed unsafe class RowNoise : IDisposable
{
    // Columns whose cells stay in the first-level cache while rows go by.
    const int BlockColumns = 64;

    readonly int _width, _stride, _cells;

    // Padded rows, C of each.
    readonly FloatMemory _offset, _diagonal;

    // Of each class.
    readonly DenseLayer[] _loadings;

    // C d K pairs: intercept and slope.
    readonly float[] _lines;

    public RowNoise(NoiseTensors tensors)
    {
        (_width, _stride, _cells, Factors) = (tensors.Width, Gemm.Padded(tensors.Width), tensors.Cells, tensors.Factors);
        (_offset, _diagonal) = (Rows(tensors.Offset), Rows(tensors.Diagonal));
        _loadings = [.. tensors.Loadings.Chunk(Factors * _width).Select(loadings => new DenseLayer(loadings, [], _width))];
        _lines = new float[2 * tensors.Intercepts.Length];
        // A column's cells side by side.
        for (int row = 0; row < tensors.Classes * _cells; row++)
            for (int j = 0; j < _width; j++)
            {
                int at = 2 * ((row / _cells * _width + j) * _cells + row % _cells);
                (_lines[at], _lines[at + 1]) = (tensors.Intercepts[row * _width + j], tensors.Slopes[row * _width + j]);
            }
    }

    /// <summary>r, how many factors columns share.</summary>
    public int Factors { get; }

    /// <summary>Makes decoded rows noisy ones, in place.</summary>
    /// <param name="rows">g W in; in the columns' units from their means out. Each as many floats as its padded width.</param>
    /// <param name="classes">The class of each row.</param>
    /// <param name="factorNoise">r standard normals for each.</param>
    /// <param name="columnNoise">d numbers of mean 0 and variance 1 for each.</param>
    public void Add<T>(float* rows, ReadOnlySpan<int> classes, ReadOnlySpan<float> factorNoise, ReadOnlySpan<float> columnNoise)
        where T : struct, ISimd<T>
    {
        fixed (float* factors = factorNoise, columns = columnNoise)
            for (int first = 0, next; first < classes.Length; first = next)
            {
                int ofClass = classes[first];
                for (next = first + 1; next < classes.Length && classes[next] == ofClass;)
                    next++;
                float* these = rows + (long)first * _stride;
                _loadings[ofClass].Apply<T>(factors + (long)first * Factors, Factors, next - first, these, ontoY: true);
                for (int column = 0; column < _width; column += BlockColumns)
                    for (int row = first; row < next; row++)
                        Add<T>(rows + (long)row * _stride + column, ofClass, column, columns + (long)row * _width + column);
            }
        GC.KeepAlive(this);
    }

    // Some columns of a row.
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void Add<T>(float* row, int ofClass, int column, float* noise) where T : struct, ISimd<T>
    {
        int count = Math.Min(BlockColumns, _width - column);
        float* offset = _offset.Start + (long)ofClass * _stride + column, diagonal = _diagonal.Start + (long)ofClass * _stride + column,
            own = noise, copy = stackalloc float[BlockColumns];
        int* cells = stackalloc int[BlockColumns];
        if (count < BlockColumns)
        {
            // To where what lies behind them may be read.
            new ReadOnlySpan<float>(noise, count).CopyTo(new(copy, BlockColumns));
            own = copy;
        }
        T one = T.Create(1), half = T.Create((_cells - 1) / 2), zero = T.Create(0);
        for (int j = 0; j < count; j += T.Count)
        {
            T t = T.MultiplyAdd(T.Load(diagonal + j), T.Load(own + j), T.Add(T.Load(row + j), T.Load(offset + j)));
            T v = T.Divide(t, T.Add(one, T.Max(t, T.Subtract(zero, t))));
            T.Store(v, row + j);
            T.StoreWhole(T.MultiplyAdd(v, half, half), cells + j);
        }
        fixed (float* lines = _lines)
        {
            nint step = 2 * _cells;
            float* line = lines + ((long)ofClass * _width + column) * step;
            for (nint j = 0; j < count; j++, line += step)
            {
                float* ofCell = line + 2 * (nint)cells[j];
                row[j] = ofCell[0] + ofCell[1] * row[j];
            }
        }
    }

    public void Dispose()
    {
        foreach (IDisposable memory in (IDisposable[])[_offset, _diagonal, .. _loadings])
            memory.Dispose();
    }

    /// <summary>The graph's constants.</summary>
    /// <param name="tensors">The noise.</param>
    /// <param name="lastWeight">h x d, the decoder's last layer in units of each column's spread.</param>
    public static IReadOnlyList<GraphConstant> Constants(NoiseTensors tensors, float[] lastWeight)
    {
        (int classes, int width, int factors, int cells) = (tensors.Classes, tensors.Width, tensors.Factors, tensors.Cells);
        float[] ownBlock = new float[classes * classes * factors], ownClass = new float[classes * classes];
        for (int c = 0; c < classes; c++)
        {
            ownBlock.AsSpan((c * classes + c) * factors, factors).Fill(1);
            ownClass[c * classes + c] = 1;
        }
        return
        [
            new("decoder3_weight", lastWeight, [lastWeight.Length / width, width]),
            new(NoiseTensors.OffsetName, tensors.Offset, [classes, width]),
            new(NoiseTensors.LoadingsName, tensors.Loadings, [classes * factors, width]),
            new(NoiseTensors.DiagonalName, tensors.Diagonal, [classes, width]),
            new(NoiseTensors.InterceptsName, tensors.Intercepts, [classes * cells, width]),
            new(NoiseTensors.SlopesName, tensors.Slopes, [classes * cells, width]),
            new("noise_own_block", ownBlock, [classes, classes * factors]),
            new("noise_own_class", ownClass, [classes, classes]),
            new("noise_repeats", (long[])[1, classes], [2]),
            new("noise_half", (double[])[(cells - 1) / 2], []),
            new("noise_middle", (double[])[.. Enumerable.Range(0, classes).Select(c => c * cells + (double)((cells - 1) / 2))],
                [classes, 1]),
        ];
    }

    /// <summary>The graph's nodes, from the decoder's last activations to <see cref="NumberCodec.Raw"/>.</summary>
    /// <param name="activations">Name of the activations, float[N, h].</param>
    public static IReadOnlyList<GraphNode> Nodes(string activations) =>
    [
        // One product for all classes: factor noise stands in the class's own block of N x (C r), its offset is chosen by a one.
        Node("Tile", "factor_noise_of_all", [NoiseTensors.FactorNoise, "noise_repeats"]),
        Node("Gather", "own_block", ["noise_own_block", "class"]),
        Node("Mul", "blocks", ["factor_noise_of_all", "own_block"]),
        Node("Gather", "own_class", ["noise_own_class", "class"]),
        Node("Concat", "shared", [activations, "blocks", "own_class"], ("axis", 1)),
        // Of constants: done when the graph is loaded.
        Node("Concat", "shared_weight", ["decoder3_weight", NoiseTensors.LoadingsName, NoiseTensors.OffsetName], ("axis", 0)),
        Node("Gather", "diagonal", [NoiseTensors.DiagonalName, "class"]),
        Node("Mul", "own_noise", ["diagonal", NoiseTensors.ColumnNoise]),
        Node("Gemm", "noisy", ["shared", "shared_weight", "own_noise"]),
        Node("Softsign", "squashed", ["noisy"]),
        // In double, where the cells of any class are counted without rounding.
        Node("Cast", "squashed_double", ["squashed"], ("to", OnnxType.Double)),
        Node("Mul", "place_from_middle", ["squashed_double", "noise_half"]),
        Node("Gather", "middle", ["noise_middle", "class"]),
        Node("Add", "place", ["place_from_middle", "middle"]),
        // Rounds down: no place is below 0.
        Node("Cast", "cell", ["place"], ("to", OnnxType.Int32)),
        // Of constants, too.
        Node("Cast", "intercepts_from_mean", [NoiseTensors.InterceptsName], ("to", OnnxType.Double)),
        Node("Add", "intercepts", ["intercepts_from_mean", NumberCodec.MeanTensor]),
        Node("Cast", "slopes", [NoiseTensors.SlopesName], ("to", OnnxType.Double)),
        Node("GatherElements", "intercept", ["intercepts", "cell"], ("axis", 0)),
        Node("GatherElements", "slope", ["slopes", "cell"], ("axis", 0)),
        Node("Mul", "risen", ["slope", "squashed_double"]),
        Node("Add", NumberCodec.Raw, ["intercept", "risen"]),
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
