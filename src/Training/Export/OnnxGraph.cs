using System.Runtime.InteropServices;

namespace LeoCvae.Training;

/// <summary>Builds an ONNX graph (IR 8, opset 17) node by node and serializes it. Field numbers are those of onnx.proto.</summary>
sealed class OnnxGraph(string name)
{
    const int IrVersion = 8, OpsetVersion = 17;

    /// <summary>The batch axis, whose size is known only at run time.</summary>
    const string BatchAxis = "N";

    readonly List<ProtoWriter> _nodes = [], _initializers = [], _inputs = [], _outputs = [];

    /// <summary>An input of N rows; width 0 makes a vector.</summary>
    public string Input(string tensor, int type, int width = 0)
    {
        _inputs.Add(ValueInfo(tensor, type, width));
        return tensor;
    }

    /// <summary>Declares a node's result an output of N rows; width 0 makes a vector.</summary>
    public void Output(string tensor, int type, int width = 0) => _outputs.Add(ValueInfo(tensor, type, width));

    public string Constant(string tensor, float[] values, params int[] shape) =>
        Initializer(tensor, OnnxType.Float, MemoryMarshal.AsBytes(values.AsSpan()), shape);

    public string Constant(string tensor, double[] values, params int[] shape) =>
        Initializer(tensor, OnnxType.Double, MemoryMarshal.AsBytes(values.AsSpan()), shape);

    public string Constant(string tensor, int[] values, params int[] shape) =>
        Initializer(tensor, OnnxType.Int32, MemoryMarshal.AsBytes(values.AsSpan()), shape);

    public string Constant(string tensor, long[] values, params int[] shape) =>
        Initializer(tensor, OnnxType.Int64, MemoryMarshal.AsBytes(values.AsSpan()), shape);

    public string Constant(string tensor, bool[] values, params int[] shape) =>
        Initializer(tensor, OnnxType.Bool, MemoryMarshal.AsBytes(values.AsSpan()), shape);

    /// <summary>Declares a constant vector an output.</summary>
    public void ConstantOutput(string tensor, int type, int length) =>
        _outputs.Add(TensorInfo(tensor, type, new ProtoWriter().Message(1, new ProtoWriter().Int(1, length))));

    /// <summary>Adds constants and nodes that a codec gives.</summary>
    public void Add(IEnumerable<GraphConstant> constants, IEnumerable<GraphNode> nodes)
    {
        foreach (GraphConstant constant in constants)
            _ = constant.Values switch
            {
                float[] values => Constant(constant.Name, values, constant.Shape),
                int[] values => Constant(constant.Name, values, constant.Shape),
                double[] values => Constant(constant.Name, values, constant.Shape),
                long[] values => Constant(constant.Name, values, constant.Shape),
                bool[] values => Constant(constant.Name, values, constant.Shape),
                _ => throw Fault.Argument(nameof(constants), $"{constant.Name}: got {constant.Values.GetType()}"),
            };
        foreach (GraphNode node in nodes)
            Node(node.Operator, node.Result, node.Inputs, node.Attributes);
    }

    /// <summary>Adds a node; its result is named as given, its attributes are integers or floats.</summary>
    public string Node(string op, string result, string[] inputs, params (string Name, object Value)[] attributes)
    {
        ProtoWriter node = new();
        foreach (string input in inputs)
            node.String(1, input);
        node.String(2, result).String(3, $"{op}_{result}").String(4, op);
        foreach ((string attribute, object value) in attributes)
        {
            ProtoWriter entry = new ProtoWriter().String(1, attribute);
            node.Message(5, value is float number ? entry.Float(2, number).Int(20, 1) : entry.Int(3, (int)value).Int(20, 2));
        }
        _nodes.Add(node);
        return result;
    }

    /// <summary>The serialized GraphProto.</summary>
    public byte[] ToArray()
    {
        ProtoWriter graph = new();
        foreach (ProtoWriter node in _nodes)
            graph.Message(1, node);
        graph.String(2, name);
        foreach (ProtoWriter initializer in _initializers)
            graph.Message(5, initializer);
        foreach (ProtoWriter input in _inputs)
            graph.Message(11, input);
        foreach (ProtoWriter output in _outputs)
            graph.Message(12, output);
        return graph.ToArray();
    }

    /// <summary>A whole ModelProto around a serialized graph.</summary>
    public static byte[] Model(byte[] graph, string version, string description, IEnumerable<KeyValuePair<string, string>> metadata)
    {
        ProtoWriter model = new ProtoWriter().Int(1, IrVersion).String(2, "leocvae").String(3, version).String(4, "ai.leocvae")
            .Int(5, ModelManifest.CurrentFormatVersion).String(6, description).Bytes(7, graph)
            .Message(8, new ProtoWriter().String(1, "").Int(2, OpsetVersion));
        foreach ((string key, string value) in metadata)
            model.Message(14, new ProtoWriter().String(1, key).String(2, value));
        return model.ToArray();
    }

    string Initializer(string tensor, int type, ReadOnlySpan<byte> values, int[] shape)
    {
        ProtoWriter proto = new();
        foreach (int size in shape)
            proto.Int(1, size);
        _initializers.Add(proto.Int(2, type).String(8, tensor).Bytes(9, values));
        return tensor;
    }

    static ProtoWriter TensorInfo(string tensor, int type, ProtoWriter shape) =>
        new ProtoWriter().String(1, tensor).Message(2, new ProtoWriter().Message(1, new ProtoWriter().Int(1, type).Message(2, shape)));

    static ProtoWriter ValueInfo(string tensor, int type, int width)
    {
        ProtoWriter shape = new ProtoWriter().Message(1, new ProtoWriter().String(2, BatchAxis));
        if (width > 0)
            shape.Message(1, new ProtoWriter().Int(1, width));
        return TensorInfo(tensor, type, shape);
    }
}
