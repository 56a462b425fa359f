using System.Text;

namespace LeoCvae;

/// <summary>How files write that a value is missing: numbers and labels alike, for every verb.</summary>
static class MissingValue
{
    /// <summary>Whether a cell without blanks around is one of the spellings, in any case.</summary>
    public static bool Is(ReadOnlySpan<byte> trimmed) =>
        trimmed.IsEmpty || (trimmed.Length <= 4 && trimmed[0] is (byte)'N' or (byte)'n' or (byte)'#' or (byte)'<' or (byte)'-'
            && IsSpelling(trimmed));

    static bool IsSpelling(ReadOnlySpan<byte> trimmed) => trimmed.Length switch
    {
        2 => Ascii.EqualsIgnoreCase(trimmed, "NA"u8),
        3 => Ascii.EqualsIgnoreCase(trimmed, "N/A"u8) || Ascii.EqualsIgnoreCase(trimmed, "NaN"u8),
        4 => Ascii.EqualsIgnoreCase(trimmed, "#N/A"u8) || Ascii.EqualsIgnoreCase(trimmed, "<NA>"u8)
            || Ascii.EqualsIgnoreCase(trimmed, "-NaN"u8) || Ascii.EqualsIgnoreCase(trimmed, "null"u8),
        _ => false,
    };
}
