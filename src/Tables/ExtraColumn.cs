using System.Globalization;

namespace LeoCvae;

/// <summary>A column that is written after the others.</summary>
/// <param name="Name">Its header.</param>
/// <param name="Text">The text of a row, by row number.</param>
public sealed record ExtraColumn(string Name, Func<int, string> Text)
{
    /// <summary>The number of a row, NaN where it has none; null for a column of texts.</summary>
    internal Func<int, double>? Number { get; private init; }

    /// <summary>What it is in a file whose columns have types.</summary>
    internal ParquetType Type { get; private init; } = ParquetTypes.Text;

    /// <summary>The text of a row in a file.</summary>
    internal string TextOf(int row, NumberForm form) => Number is null ? Text(row) : form.Write(Text(row));

    /// <summary>A column of numbers, in the shortest text that is read as the same.</summary>
    public static ExtraColumn OfNumbers(string name, Func<int, double> number)
    {
        ArgumentNullException.ThrowIfNull(number);
        return new(name, row => number(row).ToString("R", CultureInfo.InvariantCulture)) { Number = number, Type = ParquetTypes.Double };
    }

    /// <summary>A column of numbers, in the shortest text that is read as the same.</summary>
    public static ExtraColumn OfNumbers(string name, Func<int, float> number)
    {
        ArgumentNullException.ThrowIfNull(number);
        return new(name, row => number(row).ToString("R", CultureInfo.InvariantCulture))
        { Number = row => number(row), Type = ParquetTypes.Single };
    }

    /// <summary>A column of whole numbers, empty where there is none.</summary>
    public static ExtraColumn OfWhole(string name, Func<int, int?> number)
    {
        ArgumentNullException.ThrowIfNull(number);
        return new(name, row => number(row)?.ToString(CultureInfo.InvariantCulture) ?? "")
        { Number = row => number(row) ?? double.NaN, Type = ParquetTypes.Int64 };
    }
}
