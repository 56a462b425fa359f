using System.Globalization;
using System.Text.RegularExpressions;

namespace LeoCvae;

/// <summary>Names of the files of a table in parts: NAME-00003-of-00064.csv, its receipt, and the index of the input.</summary>
static partial class ShardNames
{
    public const string Receipt = ".receipt.json", Index = ".index.json";

    /// <summary>The part of a table.</summary>
    public static string Part(string path, Shard shard) => Stem(path) + Numbers(shard) + Extension(path);

    /// <summary>The receipt of a part.</summary>
    public static string ReceiptOf(string path, Shard shard) => Stem(path) + Numbers(shard) + Receipt;

    /// <summary>Where the parts of the input begin.</summary>
    public static string IndexOf(string path) => Stem(path) + Index;

    /// <summary>The table's name, with which part a file name of a part or a receipt says it is; null of another file.</summary>
    public static (string Stem, Shard Shard)? Read(string name) => Pattern().Match(name) is { Success: true } match
        && Number(match, "part") is int part && Number(match, "of") is int of && of is > 0 and <= Shard.Most && part < of
            ? (match.Groups["stem"].Value, new(part, of)) : null;

    static int? Number(Match match, string group) =>
        int.TryParse(match.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;

    static string Numbers(Shard shard) => string.Create(CultureInfo.InvariantCulture, $"-{shard.Index:00000}-of-{shard.Count:00000}");

    static string Stem(string path) => path[..^Extension(path).Length];

    // .csv.gz is one.
    static string Extension(string path)
    {
        string last = Path.GetExtension(path);
        return last.Equals(".gz", StringComparison.OrdinalIgnoreCase) ? Path.GetExtension(path[..^last.Length]) + last : last;
    }

    [GeneratedRegex(@"^(?<stem>.*)-(?<part>[0-9]{5,7})-of-(?<of>[0-9]{5,7})\.(receipt\.json|csv|tsv|txt|csv\.gz|tsv\.gz|parquet)$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Pattern();
}
