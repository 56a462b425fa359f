namespace LeoCvae;

/// <summary>
/// Quotes within fields that don't begin with one. One is a character like others (5" pipe); two in different fields may be meant to keep
/// together what is read apart, as where a separator is missing before the first: a"b, c",d.
/// </summary>
static class StrayQuotes
{
    /// <summary>Fails where a record has such fields.</summary>
    /// <exception cref="FormatException">Quotes stand within two fields.</exception>
    public static void RequireNone(ReadOnlySpan<byte> record, byte delimiter)
    {
        (int at, int first) = (0, 0);
        for (int field = 1; at <= record.Length; field++)
        {
            int end = at;
            if (at < record.Length && record[at] == '"')
                end = EndOfQuoted(record, at);
            else
            {
                int length = record[at..].IndexOf(delimiter);
                end = length < 0 ? record.Length : at + length;
                if (record[at..end].Count((byte)'"') % 2 == 1)
                    first = first == 0 ? field : throw new FormatException($"fields {first} and {field}: a quote stands within each, as " +
                        $"if what is between were one field; is a separator missing? Put fields with quotes in quotes, and double those " +
                        $"within");
            }
            at = end + 1;
        }
    }

    static int EndOfQuoted(ReadOnlySpan<byte> record, int at)
    {
        for (at++; at < record.Length; at += 2)
        {
            int quote = record[at..].IndexOf((byte)'"');
            if (quote < 0)
                return record.Length;
            at += quote;
            if (at + 1 >= record.Length || record[at + 1] != '"')
                return at + 1;
        }
        return record.Length;
    }
}
