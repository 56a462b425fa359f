using System.Globalization;

namespace LeoCvae;

/// <summary>Numbers of tasks or parts as Slurm writes them: 0,3-7.</summary>
static class NumberRanges
{
    /// <summary>Writes numbers that are in order.</summary>
    public static string Text(IEnumerable<int> numbers)
    {
        List<(int First, int Last)> ranges = [];
        foreach (int number in numbers)
            if (ranges.Count > 0 && ranges[^1].Last == number - 1)
                ranges[^1] = (ranges[^1].First, number);
            else
                ranges.Add((number, number));
        return string.Join(',', ranges.Select(range => range.First == range.Last
            ? range.First.ToString(CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{range.First}-{range.Last}")));
    }
}
