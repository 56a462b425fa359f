namespace LeoCvae;

/// <summary>Which rows belong together: names of what each row comes from, as numbers.</summary>
static class RowGroups
{
    /// <summary>The group of each row, numbered from 0 in order of first appearance; a row without a name is a group of its own.</summary>
    /// <exception cref="ArgumentException">There are more or fewer names than rows.</exception>
    public static int[] Number(IReadOnlyList<string?> groups, int rows)
    {
        if (groups.Count != rows)
            throw Fault.Argument(nameof(groups), $"got {groups.Count} groups, expected {rows}, one for each row");
        Dictionary<string, int> numbers = new(StringComparer.Ordinal);
        int[] numbered = new int[rows];
        int count = 0;
        for (int row = 0; row < rows; row++)
            if (groups[row] is not string name)
                numbered[row] = count++;
            else if (!numbers.TryGetValue(name, out numbered[row]))
                numbers[name] = numbered[row] = count++;
        return numbered;
    }
}
