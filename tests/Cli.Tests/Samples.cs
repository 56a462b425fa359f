using System.Globalization;

namespace LeoCvae.Cli.Tests;

/// <summary>Small tables.</summary>
static class Samples
{
    /// <summary>Rows of each class of <see cref="Table"/>: more than the default 15 neighbors, so that nothing is warned of.</summary>
    public const int Common = 40, Rare = 20, Odd = 16, Rows = Common + Rare + Odd;

    /// <summary>Three overlapping classes; length has one decimal, count none, share three; the label is last.</summary>
    public static string Table { get; } = Make();

    /// <summary>The table's rows, without its header.</summary>
    public static string[] Lines { get; } = Table.TrimEnd('\n').Split('\n')[1..];

    static string Make()
    {
        System.Text.StringBuilder csv = new("length,count,share,kind\n");
        for (int row = 0; row < Rows; row++)
        {
            (string name, int place) = row % 19 < 10 ? ("common", 0) : row % 19 < 15 ? ("rare", 1) : ("odd", 2);
            double Spread(int column) => (row * 7919 + column * 104729) % 997 / 997.0;
            csv.Append(CultureInfo.InvariantCulture,
                $"{10 + 3 * place + 8 * Spread(1):F1},{(int)(100 * Spread(2)) - 30 * place},{0.1 * place + Spread(3):F3},{name}\n");
        }
        return csv.ToString();
    }
}
