using System.Text.Json;

namespace LeoCvae.Evaluation.Tests;

/// <summary>Numbers of reference implementations, made by tools/parity.</summary>
static class Oracle
{
    public static JsonElement Read(string name) =>
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Oracles", name))).RootElement;

    public static IEnumerable<object[]> CaseNames(string name) =>
        Read(name).GetProperty("cases").EnumerateArray().Select(item => (object[])[item.GetProperty("name").GetString()!]);

    public static JsonElement Case(string file, string name) =>
        Read(file).GetProperty("cases").EnumerateArray().Single(item => item.GetProperty("name").GetString() == name);

    public static int[] Ints(this JsonElement array) => [.. array.EnumerateArray().Select(item => item.GetInt32())];

    public static double[] Doubles(this JsonElement array) => [.. array.EnumerateArray().Select(item => item.GetDouble())];

    public static double[,] Matrix(this JsonElement rows)
    {
        double[][] values = [.. rows.EnumerateArray().Select(row => row.Doubles())];
        double[,] matrix = new double[values.Length, values[0].Length];
        for (int i = 0; i < values.Length; i++)
            for (int j = 0; j < values[i].Length; j++)
                matrix[i, j] = values[i][j];
        return matrix;
    }
}
