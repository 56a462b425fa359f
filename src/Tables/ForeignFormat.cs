namespace LeoCvae;

/// <summary>Tells by its first bytes what a file is that is no table of UTF-8 text.</summary>
static class ForeignFormat
{
    static readonly (byte[] Magic, string Advice)[] Kinds =
    [
        ([0x1F, 0x8B], "gzip-compressed; name it .csv.gz or .tsv.gz (or decompress it: gzip -dc)"),
        ("PK\x03\x04"u8.ToArray(), "a zip archive (.zip, .xlsx, .ods, .npz), not text; save the table as CSV"),
        ("PAR1"u8.ToArray(), "Parquet, not text; name the file .parquet"),
        ("ARROW1"u8.ToArray(), "an Arrow or Feather file, not text; save the table as CSV"),
        ("FEA1"u8.ToArray(), "a Feather file, not text; save the table as CSV"),
        ([0xD0, 0xCF, 0x11, 0xE0], "an old Office file (.xls), not text; save the table as CSV"),
        ([0x93, .. "NUMPY"u8], "a NumPy array (.npy), not text; save the table as CSV"),
        ([0x89, .. "HDF"u8], "HDF5, not text; save the table as CSV"),
        ("SQLite format 3"u8.ToArray(), "a SQLite database, not text; save the table as CSV"),
        ("BZh"u8.ToArray(), "bzip2-compressed; decompress it first"),
        ([0xFD, .. "7zXZ"u8], "xz-compressed; decompress it first"),
        ([0x28, 0xB5, 0x2F, 0xFD], "zstd-compressed; decompress it first"),
        ([0x37, 0x7A, 0xBC, 0xAF], "a 7z archive, not text; save the table as CSV"),
        ("%PDF"u8.ToArray(), "a PDF, not a table; save the table as CSV"),
        ("RDX"u8.ToArray(), "R data, not text; save the table as CSV (write.csv, row.names = FALSE)"),
        ([0x80, 2], Pickle), ([0x80, 3], Pickle), ([0x80, 4], Pickle), ([0x80, 5], Pickle),
        ("<!DOCTYPE"u8.ToArray(), Markup), ("<!doctype"u8.ToArray(), Markup), ("<html"u8.ToArray(), Markup), ("<?xml"u8.ToArray(), Markup),
        ("sep="u8.ToArray(), "a table for Excel: its first line, 'sep=', is no header; remove that line"),
        ("{\""u8.ToArray(), Json), ("{\n"u8.ToArray(), Json), ("{\r"u8.ToArray(), Json), ("{ "u8.ToArray(), Json), ("[{"u8.ToArray(), Json),
        ("[["u8.ToArray(), Json), ("[\n"u8.ToArray(), Json), ("[\r"u8.ToArray(), Json), ("[ "u8.ToArray(), Json),
        ("{\\rtf"u8.ToArray(), "formatted text (RTF), not a table; save the table as CSV"),
        ("@relation"u8.ToArray(), Arff), ("@RELATION"u8.ToArray(), Arff), ("@Relation"u8.ToArray(), Arff),
        ([0xFF, 0xFE, 0, 0], Utf32), ([0, 0, 0xFE, 0xFF], Utf32),
        ([0xFF, 0xFE], Utf16), ([0xFE, 0xFF], Utf16),
    ];

    const string Pickle = "a Python pickle, not text; save the table as CSV (pandas: to_csv(index=False))";
    const string Json = "JSON, not a table; save the table as CSV";
    const string Arff = "an ARFF file, not a table; save the table as CSV";
    const string Markup = "HTML or XML, not a table; a download may have failed";
    const string Utf16 = "UTF-16 text; save the file as UTF-8";
    const string Utf32 = "UTF-32 text; save the file as UTF-8";

    /// <summary>What the file is and what to do, or null for text that may be a table.</summary>
    public static string? Advice(ReadOnlySpan<byte> start)
    {
        foreach ((byte[] magic, string advice) in Kinds)
            if (start.StartsWith(magic))
                return advice;
        return Wide(start);
    }

    // Text of wide characters without a mark has NULs beside its delimiters, digits and line ends, all at the same places.
    static string? Wide(ReadOnlySpan<byte> start)
    {
        Span<int> nuls = stackalloc int[4];
        for (int i = 0; i < start.Length; i++)
            if (start[i] == 0)
                nuls[i % 4]++;
        int quarter = start.Length / 4, all = nuls[0] + nuls[1] + nuls[2] + nuls[3];
        if (quarter == 0 || all < quarter)
            return null;
        if (nuls[1] + nuls[2] > quarter && (nuls[0] == 0 || nuls[3] == 0) && Math.Min(nuls[1], nuls[2]) > 0)
            return Utf32;
        return nuls[0] + nuls[2] == 0 || nuls[1] + nuls[3] == 0 ? Utf16 : null;
    }
}
