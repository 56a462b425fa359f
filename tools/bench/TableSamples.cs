using System.Globalization;
using System.Text;

namespace LeoCvae.Bench;

/// <summary>Files of tables, always the same ones.</summary>
static class TableSamples
{
    static readonly string[] Cities = ["Zürich", "Basel", "Genève", "\"Wil, SG\"", "Lausanne", "Bern", "Winterthur", "St. Gallen"],
        Words = ["yes", "no"], Groups = [.. Enumerable.Range(0, 40).Select(i => $"group-{i}")];

    /// <summary>What the columns of the mixed table are; the last is the label.</summary>
    public static readonly ColumnKind[] Kinds = [ColumnKind.Numeric, ColumnKind.Numeric, ColumnKind.Category, ColumnKind.Date,
        ColumnKind.Numeric, ColumnKind.Category, ColumnKind.Numeric, ColumnKind.Category, ColumnKind.Numeric, ColumnKind.Date,
        ColumnKind.Numeric, ColumnKind.Numeric, ColumnKind.Category];

    /// <summary>Numbers of four decimals and a label.</summary>
    public static void WriteNumbers(string path, int rows, int columns)
    {
        using StreamWriter file = new(path);
        file.Write(string.Concat(Enumerable.Range(0, columns).Select(j => $"x{j},")) + "label\n");
        CounterRandom random = new(1, RandomStream.Latent);
        float[] normals = new float[columns];
        StringBuilder line = new();
        for (int i = 0; i < rows; i++)
        {
            random.FillNormal((ulong)i, normals);
            for (int j = 0; j < columns; j++)
                line.Append(CultureInfo.InvariantCulture, $"{normals[j] * (1 + j % 8 * 20):F4},");
            file.Write(line.Append(i % 3 == 0 ? "case\n" : "control\n"));
            line.Clear();
        }
    }

    /// <summary>Numbers of several forms, categories, dates; one cell of twenty is missing.</summary>
    public static void WriteMixed(string path, int rows)
    {
        using StreamWriter file = new(path);
        file.Write("age,income,city,born,weight,smoker,score,group,visits,seen,ratio,code,label\n");
        CounterRandom random = new(2, RandomStream.Latent);
        float[] u = new float[2 * Kinds.Length];
        StringBuilder line = new();
        for (int i = 0; i < rows; i++)
        {
            random.FillUniform((ulong)i, u);
            for (int j = 0; j < Kinds.Length - 1; j++)
                line.Append(u[Kinds.Length + j] < 0.05 ? j % 2 == 0 ? "" : "NA" : Cell(j, u[j])).Append(',');
            file.Write(line.Append(u[^1] < 0.1 ? "case\n" : "control\n"));
            line.Clear();
        }
    }

    static string Cell(int column, float u) => column switch
    {
        0 => string.Create(CultureInfo.InvariantCulture, $"{(int)(18 + 70 * u)}"),
        1 => string.Create(CultureInfo.InvariantCulture, $"{20000 + 90000 * u:F2}"),
        2 => Cities[(int)(u * Cities.Length)],
        3 => Day(715000 + (int)(u * 20000)),
        9 => Day(738000 + (int)(u * 1000)),
        4 => string.Create(CultureInfo.InvariantCulture, $"{40 + 80 * u:F1}"),
        5 => Words[(int)(u * 2)],
        6 => string.Create(CultureInfo.InvariantCulture, $"{u * 2 - 1:R}"),
        7 => Groups[(int)(u * Groups.Length)],
        8 => string.Create(CultureInfo.InvariantCulture, $"{(int)(u * u * 30)}"),
        10 => string.Create(CultureInfo.InvariantCulture, $"{(double)u * 1e-3:R}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)(u * 1000000)}"),
    };

    static string Day(int number) => DateOnly.FromDayNumber(number).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
