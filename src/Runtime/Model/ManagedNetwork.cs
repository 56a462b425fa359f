namespace LeoCvae;

/// <summary>
/// What the managed evaluators of both networks share: layers read from an ONNX file of this library, and the floats that a thread works
/// in.
/// The graph is not interpreted: its operators must be the ones that this release writes.
/// </summary>
static unsafe class ManagedNetwork
{
    public const float LeakySlope = 0.2f;

    // Activations of a chunk stay in the second-level cache.
    const int MostRows = 256, FewestRows = 16, ChunkFloats = 1 << 17;

    [ThreadStatic]
    static FloatMemory? _scratch;

    /// <summary>Rows to evaluate at a time, where a row needs so many floats.</summary>
    public static int ChunkRows(int floats) => Math.Clamp(ChunkFloats / floats / FewestRows * FewestRows, FewestRows, MostRows);

    /// <summary>So many floats of this thread; what they hold is lost with the next call.</summary>
    public static float* Scratch(long length)
    {
        if (_scratch is null || _scratch.Length < length)
        {
            _scratch?.Dispose();
            _scratch = new(length);
        }
        return _scratch.Start;
    }

    /// <summary>A layer by the name of its weights, NAME_weight and NAME_bias.</summary>
    public static DenseLayer Layer(OnnxFile file, string name)
    {
        float[] bias = file.Initializer<float>($"{name}_bias");
        return Layer(file, $"{name}_weight", bias, bias.Length);
    }

    /// <summary>A layer whose bias, if it has one, lies elsewhere.</summary>
    public static DenseLayer Layer(OnnxFile file, string weightName, ReadOnlySpan<float> bias, int outputs)
    {
        float[] weight = file.Initializer<float>(weightName);
        RequireFit(file, (outputs == 0 ? -1 : weight.Length % outputs, 0));
        return new(weight, bias, outputs);
    }

    /// <summary>Fails where the graph has other operators than these, in this order.</summary>
    /// <exception cref="InvalidDataException">It has.</exception>
    public static void RequireOperators(OnnxFile file, params string[] operators)
    {
        if (!file.Operators().SequenceEqual(operators))
            throw file.Damaged("its graph isn't one that the managed evaluator knows; use ONNX Runtime");
    }

    /// <summary>Fails where a tensor of the graph isn't the one that the manifest stands for.</summary>
    /// <exception cref="InvalidDataException">One is not.</exception>
    public static void RequireConstants(OnnxFile file, IEnumerable<GraphConstant> constants)
    {
        foreach (GraphConstant constant in constants)
        {
            bool same = constant.Values switch
            {
                float[] values => file.Initializer<float>(constant.Name).AsSpan().SequenceEqual(values),
                int[] values => file.Initializer<int>(constant.Name).AsSpan().SequenceEqual(values),
                double[] values => file.Initializer<double>(constant.Name).AsSpan().SequenceEqual(values),
                long[] values => file.Initializer<long>(constant.Name).AsSpan().SequenceEqual(values),
                bool[] values => file.Initializer<bool>(constant.Name).AsSpan().SequenceEqual(values),
                _ => false,
            };
            if (!same)
                throw file.Damaged($"its tensor '{constant.Name}' isn't what its schema says");
        }
    }

    /// <summary>Fails where sizes that must be equal are not: kernels don't check them.</summary>
    /// <exception cref="InvalidDataException">Two are not.</exception>
    public static void RequireFit(OnnxFile file, params ReadOnlySpan<(int Size, int Expected)> sizes)
    {
        foreach ((int size, int expected) in sizes)
            if (size != expected)
                throw file.Damaged($"its layers don't fit each other: got a size of {size}, expected {expected}");
    }
}
