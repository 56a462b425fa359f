using System.Text;

namespace LeoCvae;

/// <summary>How files write that a value is missing: numbers and labels alike, for every verb.</summary>
static class MissingValue
{
    // Compared without blanks around and in any case.
    static readonly byte[][] Spellings = [.. new[] { "", "NA", "N/A", "#N/A", "<NA>", "NaN", "-NaN",
        "null" }.Select(Encoding.ASCII.GetBytes)];

    public static bool Is(ReadOnlySpan<byte> trimmed)
    {
        if (trimmed.Length > 4)
            return false;
        foreach (byte[] spelling in Spellings)
            if (Ascii.EqualsIgnoreCase(trimmed, spelling))
                return true;
        return false;
    }
}
