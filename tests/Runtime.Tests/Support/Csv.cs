using System.Text;

namespace LeoCvae.Runtime.Tests;

/// <summary>CSV from and to strings, by way of UTF-8 bytes.</summary>
static class Csv
{
    public static TableDocument Read(string text, string? target = null, char? delimiter = ',') =>
        Read(Encoding.UTF8.GetBytes(text), target, delimiter);

    public static TableDocument Read(byte[] bytes, string? target = null, char? delimiter = ',') =>
        TableFile.ReadDocument(new MemoryStream(bytes), "t.csv", target, source: new() { Delimiter = delimiter });

    public static string Write(TableDocument document, Table? resampled = null, params ExtraColumn[] extra)
    {
        using MemoryStream stream = new();
        document.Write(stream, resampled, extra);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>The document's rows followed by synthetic ones.</summary>
    public static Table Append(TableDocument document, params (double[] Values, string Label)[] synthetic)
    {
        TableSchema schema = document.Table.Schema;
        Table rows = new(schema, [.. synthetic.SelectMany(row => row.Values)], [.. synthetic.Select(row => schema.ClassIndex(row.Label))],
            0, new int[synthetic.Length]);
        return document.Table.Append(rows);
    }
}
