namespace LeoCvae;

/// <summary>What the texts of a column are as dates.</summary>
enum DateFinding
{
    /// <summary>No dates.</summary>
    None,

    /// <summary>All are of one form.</summary>
    Found,

    /// <summary>All are dates, but not of one form.</summary>
    Mixed,

    /// <summary>All are dates in more than one form, and not the same ones (3/4/2020).</summary>
    Ambiguous,

    /// <summary>All but a few.</summary>
    Most,
}

/// <summary>Finds the form in which a column's dates are written: it reads each of them, and writes it again as the same text.</summary>
static class DateForms
{
    const int Tried = 20, FewestDates = 20, FewShare = 10, LeastDigits = 5, Shortest = 8, Longest = 40;

    static readonly (ColumnKind Kind, string Format)[] Forms = [.. All()];

    /// <summary>What the texts are; where they are dates but not found, the index of one that doesn't go with those before it.</summary>
    public static (DateFinding Finding, ColumnKind Kind, string Format, string Other, int At) Find(
        IReadOnlyList<string> texts, Func<int, long> count)
    {
        (ColumnKind Kind, string Format)[] forms = [];
        (long misses, long cells, int dates, int missed, int mixed) = (0, 0, 0, -1, -1);
        string other = "";
        for (int i = 0; i < texts.Count; i++)
        {
            cells += count(i);
            (ColumnKind Kind, string Format)[] fits = !LooksLikeDate(texts[i]) ? [] : Reading(dates == 0 ? Forms : forms, texts[i]);
            if (fits.Length > 0)
                forms = fits;
            else if (dates > 0 && LooksLikeDate(texts[i]) && (mixed >= 0 || Reading(Forms, texts[i]).Length > 0))
            {
                // All forms are tried once only: there are many.
                if (mixed < 0)
                    (mixed, other) = (i, Reading(Forms, texts[i])[0].Format);
            }
            else
            {
                misses += count(i);
                missed = missed < 0 ? i : missed;
                if (i + 1 >= Tried && 2 * dates < i)
                    return default;
                continue;
            }
            dates++;
        }
        if (dates == 0 || (misses > 0 && (dates <= FewestDates || misses * FewShare > cells)))
            return default;
        (ColumnKind kind, string found) = forms[0];
        if (misses > 0)
            return (DateFinding.Most, kind, found, "", missed);
        if (mixed >= 0)
            return (DateFinding.Mixed, kind, found, other, mixed);
        if (forms.Skip(1).FirstOrDefault(form => Values(form.Kind, form.Format, texts) is { } values
            && !values.SequenceEqual(Values(kind, found, texts)!)) is (_, { } second))
            return (DateFinding.Ambiguous, kind, found, second, 0);
        return (DateFinding.Found, kind, WithOffset(found, texts), "", 0);
    }

    /// <summary>The cells of texts, or null where one is not of this format.</summary>
    public static double[]? Values(ColumnKind kind, string format, IReadOnlyList<string> texts)
    {
        double[] values = new double[texts.Count];
        for (int i = 0; i < values.Length; i++)
            if (!DateText.TryRead(kind, format, texts[i], out values[i]))
                return null;
        return values;
    }

    static (ColumnKind Kind, string Format)[] Reading((ColumnKind Kind, string Format)[] forms, string text) =>
        [.. forms.Where(form => DateText.TryReadExactly(form.Kind, form.Format, text, out _))];

    // Cheap, for columns of many names.
    static bool LooksLikeDate(string text) => text.Length is >= Shortest and <= Longest && char.IsAsciiDigit(text[0])
        && text.Count(char.IsAsciiDigit) >= LeastDigits;

    // Where all offsets are the same, it is what new times are written with.
    static string WithOffset(string format, IReadOnlyList<string> texts)
    {
        const string Any = "zzz";
        const int Length = 6;
        string offset = texts[0][^Math.Min(Length, texts[0].Length)..];
        return format.EndsWith(Any, StringComparison.Ordinal) && texts.All(text => text.EndsWith(offset, StringComparison.Ordinal))
            ? $"{format[..^Any.Length]}'{offset}'" : format;
    }

    static IEnumerable<(ColumnKind, string)> All()
    {
        string[] others = ["yyyy/MM/dd", "yyyy.MM.dd", "dd.MM.yyyy", "d.M.yyyy", "dd/MM/yyyy", "MM/dd/yyyy", "d/M/yyyy", "M/d/yyyy",
            "dd-MM-yyyy", "MM-dd-yyyy", "dd-MMM-yyyy", "dd MMM yyyy", "d MMM yyyy"];
        string[] times = ["HH:mm", "HH:mm:ss", .. Enumerable.Range(1, 6).Select(decimals => "HH:mm:ss." + new string('f', decimals))];
        yield return (ColumnKind.Date, "yyyy-MM-dd");
        foreach (string time in times)
            foreach (string between in (string[])["T", " "])
                foreach (string zone in (string[])["", "'Z'", "zzz", "zz"])
                    yield return (ColumnKind.DateTime, $"yyyy-MM-dd{between}{time}{zone}");
        foreach (string date in others)
        {
            yield return (ColumnKind.Date, date);
            foreach (string time in times)
                yield return (ColumnKind.DateTime, $"{date} {time}");
        }
    }
}
