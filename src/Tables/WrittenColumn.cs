using System.Globalization;

namespace LeoCvae;

/// <summary>How a file writes a column.</summary>
/// <param name="Decimals">Where all numbers are written with as many.</param>
/// <param name="Missing">The text of most missing cells.</param>
/// <param name="FirstIdentifier">The number of the first new name of a row.</param>
readonly record struct WrittenColumn(int? Decimals, string Missing, long FirstIdentifier)
{
    const string Prefix = "synthetic-";
    const int LongestNumber = 18;

    public static string Identifier(long number) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{number}");

    /// <summary>The number after the largest that rows are named by already.</summary>
    public static long FirstFree(CellTexts names)
    {
        long largest = 0;
        for (int i = 0; i < names.Count; i++)
            if (names[i].StartsWith("synthetic-"u8) && names[i].Length <= Prefix.Length + LongestNumber
                && long.TryParse(names[i][Prefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out long number))
                largest = Math.Max(largest, number);
        return largest + 1;
    }
}
