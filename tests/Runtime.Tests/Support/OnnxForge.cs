using System.Text;

namespace LeoCvae.Runtime.Tests;

/// <summary>Writes ONNX files whose hashes are right and whose content is not: what a buggy or hostile writer could make.</summary>
static class OnnxForge
{
    /// <summary>The file with other metadata or another graph, hashes made anew.</summary>
    public static byte[] Change(byte[] onnx, Action<Dictionary<string, string>> metadata, Func<byte[], byte[]>? graph = null)
    {
        OnnxFile file = new("forged", onnx);
        Dictionary<string, string> entries = new(file.Metadata);
        byte[] newGraph = graph is null ? file.Graph.ToArray() : graph(file.Graph.ToArray());
        entries[ModelFormat.GraphHash] = ModelPackage.Hash(newGraph);
        metadata(entries);
        entries[ModelFormat.MetadataHash] = ModelPackage.HashMetadata(entries);
        List<byte> model = [8, 8];
        Field(model, 7, newGraph);
        Field(model, 8, [0x10, 17]);
        foreach ((string key, string value) in entries)
        {
            List<byte> entry = [];
            Field(entry, 1, Encoding.UTF8.GetBytes(key));
            Field(entry, 2, Encoding.UTF8.GetBytes(value));
            Field(model, 14, [.. entry]);
        }
        return [.. model];
    }

    static void Field(List<byte> message, int number, byte[] value)
    {
        message.Add((byte)(number << 3 | 2));
        uint length = (uint)value.Length;
        for (; length >= 0x80; length >>= 7)
            message.Add((byte)(length | 0x80));
        message.Add((byte)length);
        message.AddRange(value);
    }
}
