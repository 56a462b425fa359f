namespace LeoCvae;

/// <summary>Class names in order of first appearance.</summary>
sealed class ClassNames
{
    // Of so many it is seen more quickly whether they are the very object.
    const int Few = 8;

    readonly List<string> _names = [];
    readonly Dictionary<string, int> _index = new(StringComparer.Ordinal);

    public IReadOnlyList<string> Names => _names;

    /// <summary>The index of a class; a new one is the next.</summary>
    public int IndexOf(string name)
    {
        for (int known = 0; known < Math.Min(Few, _names.Count); known++)
            if (ReferenceEquals(_names[known], name))
                return known;
        if (!_index.TryGetValue(name, out int index))
        {
            _index.Add(name, index = _names.Count);
            _names.Add(name);
        }
        return index;
    }
}
