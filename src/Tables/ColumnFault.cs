namespace LeoCvae;

/// <summary>Why a column can't be read.</summary>
/// <param name="Column">Its name.</param>
/// <param name="What">What was got where, and what was expected.</param>
/// <param name="Advice">What can be done, {0} standing for the names of all columns that it goes for.</param>
sealed record ColumnFault(string Column, string What, string Advice)
{
    const int Shown = 3;
    const string Names = "{0}";

    /// <summary>All faults in one line; those with the same advice share it.</summary>
    public static string Line(IReadOnlyList<ColumnFault> faults) => string.Join("; ", faults.GroupBy(fault => fault.Advice).Select(alike =>
    {
        ColumnFault[] all = [.. alike];
        string more = all.Length > Shown ? $"; and so on in {all.Length} columns" : "";
        string names = ColumnKinds.List(all.Select(fault => fault.Column));
        // A long list is given once.
        int first = alike.Key.IndexOf(Names, StringComparison.Ordinal) + Names.Length;
        return string.Join("; ", all.Take(Shown).Select(fault => fault.What)) + more + "; "
            + alike.Key[..first].Replace(Names, names, StringComparison.Ordinal)
            + alike.Key[first..].Replace(Names, all.Length > Shown ? "..." : names, StringComparison.Ordinal);
    }));
}
