using System.Numerics.Tensors;

namespace LeoCvae;

/// <summary>
/// Checks generated rows, as ONNX nodes and in managed code: a network tells a row's class, and a row whose own class gets a smaller share
/// than the least that is stored is to be drawn again. Thread-safe.
/// </summary>
sealed unsafe class ClassCheck : IDisposable
{
    /// <summary>float[C, 1]: the least share of each class.</summary>
    public const string LeastTensor = "check_least";

    /// <summary>Output of the graph: float[N], the share of a row's class less the least; below 0 the row is to be drawn again.</summary>
    public const string Margin = "margin";

    /// <summary>Weights of the levels: a row of zeros, then one for each.</summary>
    public const string LevelWeightTensor = Prefix + LevelEncoding.WeightTensor;

    // The names of an encoder's nodes would meet those of the decoder.
    const string Prefix = "check_";

    readonly NumberCodec _codec;
    readonly LevelEncoding _levels;
    readonly float[] _levelWeights, _bias, _least;
    readonly int _width;
    // Null where there are no numbers.
    readonly DenseLayer? _first;
    readonly DenseLayer _second, _third;

    /// <param name="file">generator.onnx.</param>
    /// <param name="columns">The columns.</param>
    /// <param name="codec">Of the numbers.</param>
    /// <param name="classes">C.</param>
    public ClassCheck(OnnxFile file, IReadOnlyList<ColumnSpec> columns, NumberCodec codec, int classes)
    {
        (_codec, _width) = (codec, columns.Count);
        long[] rows = file.Initializer<long>(Prefix + LevelEncoding.RowsTensor);
        _levels = new(columns, rows);
        _bias = file.Initializer<float>("check1_bias");
        (_levelWeights, _least) = (file.Initializer<float>(LevelWeightTensor), file.Initializer<float>(LeastTensor));
        _first = codec.Width == 0 ? null : ManagedNetwork.Layer(file, "check1_weight", [], _bias.Length);
        (_second, _third) = (ManagedNetwork.Layer(file, "check2"), ManagedNetwork.Layer(file, "check3"));
        int levels = _bias.Length == 0 ? 0 : _levelWeights.Length / _bias.Length;
        ManagedNetwork.RequireFit(file, (_first?.Inputs ?? 0, codec.Width), (_second.Inputs, _bias.Length),
            (_third.Inputs, _second.Outputs), (_third.Outputs, classes), (_least.Length, classes), (rows.Length, _levels.RowCount),
            (_levelWeights.Length, levels * _bias.Length), (rows.Count(row => row < 0 || row >= levels), 0));
        ManagedNetwork.RequireConstants(file, Constants(codec, _levels));
    }

    /// <summary>The graph's constants but for the weights.</summary>
    public static IEnumerable<GraphConstant> Constants(NumberCodec codec, LevelEncoding levels) =>
        [.. (codec.Width == 0 ? [] : codec.InConstants).Concat(levels.Constants).Select(constant => constant with
        {
            Name = Prefix + constant.Name,
        }), new("check_class_axis", (long[])[1], [1])];

    /// <summary>The graph's nodes, from finished rows and their classes to <see cref="Margin"/>.</summary>
    public static IReadOnlyList<GraphNode> Nodes(NumberCodec codec, LevelEncoding levels)
    {
        string start = codec.Width == 0 ? "check_hidden1" : "check_start";
        return
        [
            .. codec.InNodes.Concat(levels.Nodes).Select(node => node with
            {
                Result = Prefix + node.Result,
                Inputs = [.. node.Inputs.Select(input => input == ModelFormat.Rows ? input : Prefix + input)],
            }),
            Node("Add", start, ["check1_bias", Prefix + LevelEncoding.Term]),
            .. codec.Width == 0 ? [] : (GraphNode[])[
                Node("Gemm", "check_hidden1", [Prefix + NumberCodec.Centered, "check1_weight", start])],
            Node("LeakyRelu", "check_active1", ["check_hidden1"], ("alpha", ManagedNetwork.LeakySlope)),
            Node("Gemm", "check_hidden2", ["check_active1", "check2_weight", "check2_bias"]),
            Node("LeakyRelu", "check_active2", ["check_hidden2"], ("alpha", ManagedNetwork.LeakySlope)),
            Node("Gemm", "check_logits", ["check_active2", "check3_weight", "check3_bias"]),
            Node("Softmax", "check_shares", ["check_logits"], ("axis", 1)),
            Node("Unsqueeze", "check_class", [ModelFormat.Class, "check_class_axis"]),
            Node("GatherElements", "check_own", ["check_shares", "check_class"], ("axis", 1)),
            Node("Gather", "check_needed", [LeastTensor, ModelFormat.Class]),
            Node("Sub", "check_margin", ["check_own", "check_needed"]),
            Node("Squeeze", Margin, ["check_margin", "check_class_axis"]),
        ];
    }

    /// <summary>The graph's operators, in order.</summary>
    public IEnumerable<string> Operators => Nodes(_codec, _levels).Select(node => node.Operator);

    /// <summary>The margin of each row.</summary>
    /// <param name="rows">N x d, in original units.</param>
    /// <param name="classes">Their classes.</param>
    /// <param name="margins">Receives them.</param>
    public void Apply<T>(ReadOnlySpan<double> rows, ReadOnlySpan<int> classes, Span<float> margins) where T : struct, ISimd<T>
    {
        int width = _codec.Width, hidden = _second.Inputs, stride = Gemm.Padded(hidden),
            floats = width + stride + _second.Stride + _third.Stride;
        int most = Math.Min(classes.Length, ManagedNetwork.ChunkRows(floats));
        float* x = ManagedNetwork.Scratch((long)most * floats),
            h1 = x + (long)most * width, h2 = h1 + (long)most * stride, logits = h2 + (long)most * _second.Stride;
        const int OnStack = 256;
        Span<long> picked = _levels.Blocks <= OnStack ? stackalloc long[OnStack] : new long[_levels.Blocks];
        picked = picked[.._levels.Blocks];
        for (int first = 0; first < classes.Length; first += most)
        {
            int count = Math.Min(most, classes.Length - first);
            new Span<float>(h1, count * stride).Clear();
            for (int i = 0; i < count; i++)
            {
                ReadOnlySpan<double> row = rows.Slice((first + i) * _width, _width);
                _codec.Center(row, new(x + (long)i * width, width));
                // In the graph's order: the levels' weights first, then the bias.
                Span<float> own = new(h1 + (long)i * stride, hidden);
                _levels.AddWeights(row, _levelWeights, picked, own);
                TensorPrimitives.Add(own, _bias, own);
            }
            _first?.Apply<T>(x, width, count, h1, ontoY: true);
            VectorMath.LeakyReLU<T>(h1, null, (long)count * stride, ManagedNetwork.LeakySlope);
            _second.Apply<T>(h1, stride, count, h2, ontoY: false);
            VectorMath.LeakyReLU<T>(h2, null, (long)count * _second.Stride, ManagedNetwork.LeakySlope);
            _third.Apply<T>(h2, _second.Stride, count, logits, ontoY: false);
            for (int i = 0; i < count; i++)
            {
                float* shares = logits + (long)i * _third.Stride;
                VectorMath.Softmax<T>(shares, _third.Outputs);
                int own = classes[first + i];
                margins[first + i] = shares[own] - _least[own];
            }
        }
    }

    public void Dispose()
    {
        foreach (DenseLayer? layer in (DenseLayer?[])[_first, _second, _third])
            layer?.Dispose();
    }

    static GraphNode Node(string op, string result, string[] inputs, params (string Name, object Value)[] attributes) =>
        new(op, result, inputs, attributes);
}
