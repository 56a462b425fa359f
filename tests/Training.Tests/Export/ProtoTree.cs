using Google.Protobuf;

namespace LeoCvae.Training.Tests.Export;

/// <summary>
/// A protobuf message read with Google.Protobuf against the fields of onnx.proto that this format uses, and written again.
/// An unknown field, a wrong wire type or fields out of order are errors.
/// </summary>
sealed class ProtoTree
{
    // Message -> field -> what it holds: int, float, text, bytes, or another message.
    static readonly Dictionary<string, Dictionary<int, string>> Fields = new()
    {
        ["Model"] = new()
        {
            [1] = "int",
            [2] = "text",
            [3] = "text",
            [4] = "text",
            [5] = "int",
            [6] = "text",
            [7] = "Graph",
            [8] = "OperatorSet",
            [14] = "Entry"
        },
        ["Graph"] = new() { [1] = "Node", [2] = "text", [5] = "Tensor", [11] = "ValueInfo", [12] = "ValueInfo" },
        ["Node"] = new() { [1] = "text", [2] = "text", [3] = "text", [4] = "text", [5] = "Attribute" },
        ["Attribute"] = new() { [1] = "text", [2] = "float", [3] = "int", [20] = "int" },
        ["Tensor"] = new() { [1] = "int", [2] = "int", [8] = "text", [9] = "bytes" },
        ["ValueInfo"] = new() { [1] = "text", [2] = "Type" },
        ["Type"] = new() { [1] = "TensorType" },
        ["TensorType"] = new() { [1] = "int", [2] = "Shape" },
        ["Shape"] = new() { [1] = "Dimension" },
        ["Dimension"] = new() { [1] = "int", [2] = "text" },
        ["OperatorSet"] = new() { [1] = "text", [2] = "int" },
        ["Entry"] = new() { [1] = "text", [2] = "text" },
    };

    readonly List<(int Field, object Value)> _values = [];

    public ProtoTree(string message, byte[] bytes)
    {
        Raw = bytes;
        CodedInputStream input = new(bytes);
        int last = 0;
        for (uint tag = input.ReadTag(); tag != 0; tag = input.ReadTag())
        {
            int field = WireFormat.GetTagFieldNumber(tag);
            Assert.IsTrue(Fields[message].TryGetValue(field, out string? kind), $"{message} has no field {field}");
            Assert.IsGreaterThanOrEqualTo(last, field, $"{message}: fields are out of order");
            (last, WireFormat.WireType expected) = (field, kind switch
            {
                "int" => WireFormat.WireType.Varint,
                "float" => WireFormat.WireType.Fixed32,
                _ => WireFormat.WireType.LengthDelimited
            });
            Assert.AreEqual(expected, WireFormat.GetTagWireType(tag), $"{message}, field {field}");
            _values.Add((field, kind switch
            {
                "int" => input.ReadInt64(),
                "float" => input.ReadFloat(),
                "text" => input.ReadString(),
                "bytes" => input.ReadBytes(),
                _ => new ProtoTree(kind!, input.ReadBytes().ToByteArray()),
            }));
        }
    }

    /// <summary>The bytes that were read.</summary>
    public byte[] Raw { get; }

    public IEnumerable<T> All<T>(int field) => _values.Where(value => value.Field == field).Select(value => (T)value.Value);

    public IEnumerable<ProtoTree> Messages(int field) => All<ProtoTree>(field);

    public ProtoTree Message(int field) => All<ProtoTree>(field).Single();

    public string Text(int field) => All<string>(field).Single();

    public long Int(int field) => All<long>(field).Single();

    public byte[] Bytes(int field) => All<ByteString>(field).Single().ToByteArray();

    /// <summary>The message as Google.Protobuf writes it.</summary>
    public byte[] Write()
    {
        using MemoryStream bytes = new();
        CodedOutputStream output = new(bytes);
        foreach ((int field, object value) in _values)
        {
            output.WriteTag(field, value switch
            {
                long => WireFormat.WireType.Varint,
                float => WireFormat.WireType.Fixed32,
                _ => WireFormat.WireType.LengthDelimited
            });
            switch (value)
            {
                case long number: output.WriteInt64(number); break;
                case float number: output.WriteFloat(number); break;
                case string text: output.WriteString(text); break;
                case ByteString raw: output.WriteBytes(raw); break;
                default: output.WriteBytes(ByteString.CopyFrom(((ProtoTree)value).Write())); break;
            }
        }
        output.Flush();
        return bytes.ToArray();
    }
}
