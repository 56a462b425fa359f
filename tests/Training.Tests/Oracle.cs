using System.Runtime.InteropServices;
using System.Text.Json;

namespace LeoCvae.Training.Tests;

/// <summary>Reads the committed oracles: arrays are base64 of little-endian float32, row-major.</summary>
static class Oracle
{
    public static JsonElement Read(string file)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Oracles", file)));
        return document.RootElement.Clone();
    }

    public static int Int(this JsonElement json, string name) => json.GetProperty(name).GetInt32();

    public static double Double(this JsonElement json, string name) => json.GetProperty(name).GetDouble();

    public static int[] Ints(this JsonElement json) => [.. json.EnumerateArray().Select(value => value.GetInt32())];

    public static double[] Doubles(this JsonElement json, string name) =>
        [.. json.GetProperty(name).EnumerateArray().Select(value => value.GetDouble())];

    public static float[] Floats(this JsonElement json, string name) =>
        MemoryMarshal.Cast<byte, float>(json.GetProperty(name).GetBytesFromBase64()).ToArray();

    public static Matrix Matrix(this JsonElement json, string name, int columns)
    {
        float[] values = json.Floats(name);
        return new(values.Length / columns, columns, values);
    }

    public static CvaeShape Shape(this JsonElement json) => new(json.Int("d"), json.Int("classes"), json.Int("hidden"), json.Int("latent"));

    public static CvaeWeights Weights(this JsonElement json, string name, CvaeShape shape)
    {
        JsonElement parameters = json.GetProperty(name);
        return new(shape, shape.Layers.Select(layer => new CvaeWeights.Layer(layer.Outputs, layer.Inputs,
            parameters.Floats($"{layer.Name}.weight"), parameters.Floats($"{layer.Name}.bias"))));
    }

    /// <summary>The four masks, each n x width.</summary>
    public static Matrix[] Masks(this JsonElement json, CvaeShape shape)
    {
        JsonElement masks = json.GetProperty("masks");
        return [.. shape.HiddenWidths.Select((width, layer) => masks.Matrix($"h{layer + 1}", width))];
    }

    /// <summary>Some rows of a matrix, one after the other.</summary>
    public static float[] Pick(this Matrix matrix, int[] rows)
    {
        float[] picked = new float[rows.Length * matrix.Columns];
        for (int i = 0; i < rows.Length; i++)
            matrix[rows[i]].CopyTo(picked.AsSpan(i * matrix.Columns));
        return picked;
    }
}
