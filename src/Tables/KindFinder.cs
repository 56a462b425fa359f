using System.Globalization;
using System.Text;

namespace LeoCvae;

/// <summary>Finds out what a column is in which not all texts are plain numbers.</summary>
sealed class KindFinder(string name, CellTexts texts, NumberForm form)
{
    // Fewer different names may be few by chance; more numbers are no codes among which a text is one more.
    const int FewestIdentifiers = 20, MostCodes = 20, FewShare = 10, FewTexts = 4, LongText = 40, FewestWords = 4, LongestName = 1 << 12;

    const string LeaveOut = "--drop {0} leaves it out", AsNames = "--categories {0} takes the texts as names, " + LeaveOut,
        CorrectOr = "correct the cells, or " + AsNames, ReadCommas = "--decimal , reads decimal commas; or ";

    readonly int[] _order = texts.InOrder();

    /// <summary>What the column is as it was asked for, or seems to be.</summary>
    /// <exception cref="ColumnFaultException">It is at fault.</exception>
    public FoundColumn Find(ColumnChoice? choice, ColumnSpec? like) => choice?.Kind switch
    {
        ColumnKind.Numeric => Numbers(),
        ColumnKind.Category => Names(choice.Categories),
        ColumnKind.Identifier => Identifiers(),
        ColumnKind kind => Dates(kind, choice.Format, null),
        null => like?.Kind switch
        {
            ColumnKind.Numeric => Numbers(),
            ColumnKind.Category => Names(null),
            ColumnKind.Identifier => Identifiers(),
            ColumnKind kind => Dates(kind, null, like.Format),
            null => Guess(),
        },
    };

    FoundColumn Guess()
    {
        (long numbers, long words, int codes, int differentWords) = (0, 0, 0, 0);
        (int word, bool areDigits) = (-1, true);
        foreach (int i in _order)
        {
            NumberTextKind kind = NumberText.Read(form.Of(texts[i]), out _);
            if (kind == NumberTextKind.Text)
            {
                words += texts.CountOf(i);
                differentWords++;
                word = word < 0 ? i : word;
                continue;
            }
            numbers += texts.CountOf(i);
            codes++;
            areDigits &= NumberText.IsDigits(Trimmed(i));
        }
        if (words == 0)
            return areDigits ? NamesOrIdentifiers() : Numbers();
        string[] inOrder = [.. _order.Select(i => Encoding.UTF8.GetString(Trimmed(i)))];
        (DateFinding dates, ColumnKind date, string format, string other, int at) =
            DateForms.Find(inOrder, place => texts.CountOf(_order[place]));
        if (dates == DateFinding.Found)
            return Dates(date, format, null);
        if (dates != DateFinding.None)
            throw NoDates(dates, format, other, at);
        // A few words among numbers that are no codes of a few: they are what stands for missing values, most likely.
        if (codes > MostCodes && words * FewShare <= numbers + words && (differentWords <= FewTexts || 2 * differentWords > words))
            throw Fault(word, $"expected a finite number, as in {numbers} of {numbers + words} rows",
                "leave a cell empty where its value is missing, or " + AsNames);
        if (IsFreeText())
            throw Fault(LongestText(), "expected numbers or categories, not free text",
                LeaveOut + " (make numbers or categories of it first: counts of words, say), or --categories {0} takes it as names");
        return NamesOrIdentifiers();
    }

    FoundColumn NamesOrIdentifiers() => texts.Count == texts.Cells && texts.Count >= FewestIdentifiers ? Identifiers() : Names(null);

    FoundColumn Identifiers() => new(ColumnKind.Identifier, new double[texts.Count]);

    FoundColumn Names(IReadOnlyList<string>? given)
    {
        double[] cells = new double[texts.Count];
        if (given is null)
        {
            // False comes before true, whichever a table begins with: as flags they are 0 and 1.
            int[] order = _order is [int first, int second] && RowCoherence.IsFalseAndTrue(texts.Text(second), texts.Text(first))
                ? [second, first] : _order;
            foreach ((int index, int i) in order.Index())
                cells[i] = texts[i].Length <= LongestName ? index
                    : throw Fault(i, $"expected names of at most {LongestName} bytes", LeaveOut);
            return new(ColumnKind.Category, cells, [.. order.Select(texts.Text)]);
        }
        Dictionary<string, int> indexOf = new(StringComparer.Ordinal);
        foreach ((int index, string category) in given.Index())
            indexOf.TryAdd(category, index);
        foreach (int i in _order)
            cells[i] = indexOf.TryGetValue(texts.Text(i), out int index) ? index
                : throw Fault(i, $"expected one of the {given.Count} categories of the schema", "correct the cells or the schema ({0})");
        return new(ColumnKind.Category, cells, given);
    }

    FoundColumn Numbers()
    {
        double[] cells = new double[texts.Count];
        foreach (int i in _order)
            if (NumberText.Read(form.Of(texts[i]), out cells[i]) is not (NumberTextKind.Number or NumberTextKind.Padded)
                and NumberTextKind kind)
                throw Fault(i, NumberText.Expected(kind, cells[i], form.HasDecimalComma),
                    IsOfComma(i) ? ReadCommas + CorrectOr : CorrectOr);
        return new(ColumnKind.Numeric, cells);
    }

    // By the format, or as they are written, which may be as they were before.
    FoundColumn Dates(ColumnKind kind, string? format, string? before)
    {
        string[] all = [.. Enumerable.Range(0, texts.Count).Select(i => Encoding.UTF8.GetString(Trimmed(i)))];
        if (all.Length == 0)
            return new(kind, [], Format: format ?? before ?? (kind == ColumnKind.Date ? "yyyy-MM-dd" : "yyyy-MM-ddTHH:mm:ss"));
        if (before is not null && DateForms.Values(kind, before, all) is { } same)
            return new(kind, same, Format: before);
        if (format is null)
        {
            string[] inOrder = [.. _order.Select(i => all[i])];
            (DateFinding finding, ColumnKind found, string form, string other, int at) =
                DateForms.Find(inOrder, place => texts.CountOf(_order[place]));
            if (finding is not (DateFinding.Found or DateFinding.None))
                throw NoDates(finding, form, other, at);
            if (finding == DateFinding.None || (kind == ColumnKind.Date && found != kind))
                throw Fault(_order[0], $"expected a {ColumnKinds.Name(kind)} in a form that is known",
                    "--schema FILE gives the form of {0} as a format (docs/tables.md)");
            format = form;
        }
        double[] cells = new double[all.Length];
        foreach (int i in _order)
            if (!DateText.TryRead(kind, format, all[i], out cells[i]))
                throw Fault(i, $"expected a {ColumnKinds.Name(kind)} as {format}", CorrectOr);
        return new(kind, cells, Format: format);
    }

    ColumnFaultException NoDates(DateFinding finding, string format, string other, int at) => finding switch
    {
        DateFinding.Mixed => Fault(_order[at], $"which is a date written as {other}, expected {format} as in the rows before it",
            "write dates in one form, or " + AsNames),
        DateFinding.Ambiguous => Fault(_order[at], $"which may be a date as {format} or as {other}",
            "--schema FILE says which, as the format of {0} (docs/tables.md), or " + AsNames),
        _ => Fault(_order[at], $"expected a date as {format}, as in most rows",
            "leave a cell empty where its date is missing, or " + AsNames),
    };

    // Whether a comma before decimals is all that is wrong.
    bool IsOfComma(int i) => !form.HasDecimalComma && NumberText.Read(new NumberForm(hasDecimalComma: true).Of(texts[i]), out _)
        is NumberTextKind.Number or NumberTextKind.Padded;

    bool IsFreeText()
    {
        (long length, long blanks, bool isTooLong) = (0, 0, false);
        for (int i = 0; i < texts.Count; i++)
        {
            length += texts[i].Length * texts.CountOf(i);
            blanks += texts[i].Count((byte)' ') * texts.CountOf(i);
            isTooLong |= texts[i].Length > LongestName;
        }
        return isTooLong || (texts.Count >= FewestIdentifiers && 2L * texts.Count >= texts.Cells && length >= LongText * texts.Cells
            && blanks >= (FewestWords - 1) * texts.Cells);
    }

    int LongestText() => _order.MaxBy(i => texts[i].Length);

    ReadOnlySpan<byte> Trimmed(int i) => Blanks.Trim(texts[i]);

    ColumnFaultException Fault(int i, string expected, string advice)
    {
        ReadOnlySpan<byte> text = Trimmed(i);
        const int Long = 100;
        string length = text.Length > Long ? string.Create(CultureInfo.InvariantCulture, $" of {text.Length} bytes") : "";
        return new(new(name, $"{texts.PlaceOf(i)}, column '{name}': got '{VisibleText.Start(text)}'{length}, {expected}", advice));
    }
}

/// <summary>Carries a column's fault to where all are gathered.</summary>
sealed class ColumnFaultException(ColumnFault fault) : Exception(fault.What)
{
    public ColumnFault Fault => fault;
}
