using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace LeoCvae;

/// <summary>
/// Reads what this library needs of an ONNX file (protobuf ModelProto): its metadata, the bytes of its graph to check
/// their hash, and the tensors in it. Lengths are checked before they are used; nothing is executed.
/// </summary>
sealed class OnnxFile
{
    // Field numbers of onnx.proto.
    const int ModelGraph = 7, ModelMetadata = 14, GraphNode = 1, GraphInitializer = 5, NodeOperator = 4, TensorDims = 1, TensorName = 8,
        TensorRaw = 9, TensorType = 2, TensorFloats = 4, TensorDoubles = 10,
        NodeAttribute = 5, AttributeName = 1, AttributeFloat = 2, AttributeTensor = 5, AttributeFloats = 7, EntryKey = 1, EntryValue = 2;

    readonly string _name;

    public OnnxFile(string name, ReadOnlyMemory<byte> bytes)
    {
        _name = name;
        // The first field is the version of ONNX, field 1.
        if (!bytes.IsEmpty && bytes.Span[0] != 1 << 3)
            throw Damaged("not an ONNX file, or damaged");
        Dictionary<string, string> metadata = new(StringComparer.Ordinal);
        foreach ((int field, ReadOnlyMemory<byte> value) in Fields(bytes))
        {
            if (field == ModelGraph)
                Graph = value;
            else if (field == ModelMetadata)
                metadata[Text(value, EntryKey)] = Text(value, EntryValue);
        }
        Metadata = metadata;
    }

    public IReadOnlyDictionary<string, string> Metadata { get; }

    public ReadOnlyMemory<byte> Graph { get; }

    /// <summary>Shape of a tensor that is stored in the graph, or null where there is none of that name.</summary>
    public long[]? InitializerShape(string tensor)
    {
        foreach ((int field, ReadOnlyMemory<byte> value) in Fields(Graph))
            if (field == GraphInitializer && Text(value, TensorName) == tensor)
                return [.. Varints(value, TensorDims)];
        return null;
    }

    /// <summary>Whether a tensor of that name is stored in the graph.</summary>
    public bool HasInitializer(string tensor) => InitializerShape(tensor) is not null;

    /// <summary>The values of a tensor that is stored in the graph, as this library writes them: raw and little-endian.</summary>
    /// <exception cref="InvalidDataException">There is none of that name, or its length doesn't fit its shape.</exception>
    public T[] Initializer<T>(string tensor) where T : unmanaged
    {
        foreach ((int field, ReadOnlyMemory<byte> value) in Fields(Graph))
            if (field == GraphInitializer && Text(value, TensorName) == tensor)
            {
                ReadOnlyMemory<byte> raw = Fields(value).FirstOrDefault(part => part.Field == TensorRaw).Value;
                T[] values = MemoryMarshal.Cast<byte, T>(raw.Span).ToArray();
                return values.Length == Varints(value, TensorDims).Aggregate(1L, (product, size) => product * size) ? values
                    : throw Damaged($"tensor '{tensor}' has {values.Length} values, which don't fit its shape");
            }
        throw Damaged($"it has no tensor '{tensor}'");
    }

    /// <summary>Fails where a tensor of the graph, or an attribute of one of its nodes, holds a NaN or an infinite number.</summary>
    /// <exception cref="InvalidDataException">One does; the message names it.</exception>
    public void RequireFinite()
    {
        foreach ((int field, ReadOnlyMemory<byte> value) in Fields(Graph))
            // Cells, where NaN is what a missing value is, are compared with the manifest.
            if (field == GraphInitializer && Text(value, TensorName) is string name
                && (name == LevelTensors.ValuesName || name.StartsWith(RowCoherence.TensorPrefix, StringComparison.Ordinal)))
                continue;
            else if (field == GraphInitializer)
                RequireFinite(value, $"tensor '{Text(value, TensorName)}'");
            else if (field == GraphNode)
                foreach ((int part, ReadOnlyMemory<byte> attribute) in Fields(value))
                    if (part == NodeAttribute)
                        foreach ((int kind, ReadOnlyMemory<byte> content) in Fields(attribute))
                        {
                            string where = $"attribute '{Text(attribute, AttributeName)}' of a node {Text(value, NodeOperator)}";
                            if (kind is AttributeFloat or AttributeFloats && HasNotFinite<float>(content.Span))
                                throw NotFinite(where);
                            if (kind == AttributeTensor)
                                RequireFinite(content, where);
                        }
    }

    void RequireFinite(ReadOnlyMemory<byte> tensor, string where)
    {
        long type = Varints(tensor, TensorType).FirstOrDefault();
        foreach ((int field, ReadOnlyMemory<byte> values) in Fields(tensor))
        {
            bool isBad = (field, type) switch
            {
                (TensorFloats, _) or (TensorRaw, 1) => HasNotFinite<float>(values.Span),
                (TensorDoubles, _) or (TensorRaw, 11) => HasNotFinite<double>(values.Span),
                (TensorRaw, 10) => HasNotFinite<Half>(values.Span),
                _ => false,
            };
            if (isBad)
                throw NotFinite(where);
        }
    }

    static bool HasNotFinite<T>(ReadOnlySpan<byte> bytes) where T : unmanaged, INumberBase<T>
    {
        foreach (T value in MemoryMarshal.Cast<byte, T>(bytes))
            if (!T.IsFinite(value))
                return true;
        return false;
    }

    InvalidDataException NotFinite(string where) => Damaged($"its {where} holds a NaN or an infinite number");

    /// <summary>The operators of the graph's nodes, in order.</summary>
    public IEnumerable<string> Operators() => Fields(Graph).Where(field => field.Field == GraphNode)
        .Select(node => Text(node.Value, NodeOperator));

    public InvalidDataException Damaged(string what) => new($"{_name}: {what}");

    string Text(ReadOnlyMemory<byte> message, int wanted)
    {
        foreach ((int field, ReadOnlyMemory<byte> value) in Fields(message))
            if (field == wanted)
                return Encoding.UTF8.GetString(value.Span);
        return "";
    }

    // dims are written one varint each by this library, packed by others.
    IEnumerable<long> Varints(ReadOnlyMemory<byte> message, int wanted)
    {
        foreach ((int field, ReadOnlyMemory<byte> value) in Fields(message))
        {
            if (field != wanted)
                continue;
            for (int at = 0; at < value.Length;)
                yield return (long)ReadVarint(value.Span, ref at);
        }
    }

    // Field number and payload of each field; a varint's payload is its own bytes.
    IEnumerable<(int Field, ReadOnlyMemory<byte> Value)> Fields(ReadOnlyMemory<byte> message)
    {
        for (int at = 0; at < message.Length;)
        {
            ulong tag = ReadVarint(message.Span, ref at);
            int start = at;
            ulong length = 0;
            switch (tag & 7)
            {
                case 0: ReadVarint(message.Span, ref at); length = (ulong)(at - start); at = start; break;
                case 1: length = 8; break;
                case 2: length = ReadVarint(message.Span, ref at); break;
                case 5: length = 4; break;
                default: throw Damaged("not an ONNX file, or damaged");
            }
            if (length > (ulong)(message.Length - at))
                throw Damaged($"truncated: a part of {length} bytes is announced, {message.Length - at} are left");
            yield return ((int)(tag >> 3), message.Slice(at, (int)length));
            at += (int)length;
        }
    }

    ulong ReadVarint(ReadOnlySpan<byte> bytes, ref int at)
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            if (at >= bytes.Length)
                throw Damaged("truncated in the middle of a number");
            byte next = bytes[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }
        throw Damaged("not an ONNX file, or damaged");
    }
}
