using System.Runtime.CompilerServices;

namespace LeoCvae;

/// <summary>
/// A search graph in one block of memory: no object per node, every link list of a fixed size. Whatever is read from the block is checked
/// before use, since the block may be a file's. Safe for concurrent reads once built.
/// </summary>
sealed unsafe class HnswGraph
{
    readonly int* _upperStarts, _upper, _memberStarts, _members, _nodeOfRow;

    public HnswGraph(HnswMemory memory, HnswLayout layout, HnswOptions options, double scale)
    {
        (Memory, Layout, Options, Scale) = (memory, layout, options, scale);
        byte* start = memory.Start;
        Vectors = (float*)(start + HnswLayout.Vectors);
        Level0 = (int*)(start + layout.Level0);
        _upperStarts = (int*)(start + layout.UpperStarts);
        _upper = (int*)(start + layout.Upper);
        _memberStarts = (int*)(start + layout.MemberStarts);
        _members = (int*)(start + layout.Members);
        _nodeOfRow = (int*)(start + layout.NodeOfRow);
        (Nodes, Stride, Level0Links) = (layout.Nodes, layout.Stride, layout.Level0Links);
        Scratch = new(this);
    }

    public HnswMemory Memory { get; }

    public HnswLayout Layout { get; }

    public HnswOptions Options { get; }

    /// <summary>Vectors are the rows' values times this power of two.</summary>
    public double Scale { get; }

    public HnswScratchPool Scratch { get; }

    public int Nodes { get; }

    public int Stride { get; }

    public int Level0Links { get; }

    public float* Vectors { get; }

    public int* Level0 { get; }

    /// <summary>Where searches start: a node of the highest level; -1 before the first node is linked.</summary>
    public int Entry { get; set; } = -1;

    /// <summary>Level of the entry.</summary>
    public int TopLevel { get; set; }

    /// <summary>Distances of the links at level 0, for building; null until they are needed.</summary>
    public float[]? LinkDistances { get; set; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float* Vector(int node) => Vectors + (long)node * Stride;

    public ReadOnlySpan<float> Row(int node) => new(Vector(node), Layout.Width);

    /// <summary>Size of a link list.</summary>
    public int ListSize(int level) => level == 0 ? Level0Links : Layout.Links;

    /// <summary>A node's links at a level: node numbers, then -1 where the list isn't full.</summary>
    public int* List(int node, int level)
    {
        if (level == 0)
            return Level0 + (long)node * Level0Links;
        long first = _upperStarts[node];
        if (first < 0 || first + level > _upperStarts[node + 1] || first + level > Layout.UpperLists)
            throw Damaged($"node {node} has no links at level {level}");
        return _upper + (first + level - 1) * Layout.Links;
    }

    /// <summary>Links in a list, each a node's number.</summary>
    public int Degree(int* list, int size)
    {
        int degree = 0;
        while (degree < size && IsNode(list[degree]))
            degree++;
        return degree;
    }

    /// <summary>The nodes that a node leads to at a level.</summary>
    public ReadOnlySpan<int> LinksOf(int node, int level)
    {
        int* list = List(node, level);
        return new(list, Degree(list, ListSize(level)));
    }

    /// <summary>Whether a link leads to a node; false at a list's end.</summary>
    /// <exception cref="InvalidDataException">It leads elsewhere.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsNode(int link)
    {
        if ((uint)link < (uint)Nodes)
            return true;
        if (link != -1)
            ThrowDamagedLink(link);
        return false;
    }

    /// <summary>A node's highest level.</summary>
    public int Level(int node) => _upperStarts[node + 1] - _upperStarts[node];

    /// <summary>The rows of a node, ascending. Without duplicates a node has its own number.</summary>
    /// <exception cref="InvalidDataException">The node has no rows, or rows that don't exist.</exception>
    public (int First, int End) MemberRange(int node)
    {
        if (!Layout.HasDuplicates)
            return (node, node + 1);
        (int first, int end) = (_memberStarts[node], _memberStarts[node + 1]);
        return first >= 0 && first < end && end <= Layout.Rows ? (first, end) : throw Damaged($"node {node} has the rows {first} to {end}");
    }

    /// <summary>A row by its place in a <see cref="MemberRange"/>.</summary>
    public int Member(int place)
    {
        int row = Layout.HasDuplicates ? _members[place] : place;
        return (uint)row < (uint)Layout.Rows ? row : throw Damaged($"row {row} of {Layout.Rows}");
    }

    public int NodeOfRow(int row)
    {
        int node = Layout.HasDuplicates ? _nodeOfRow[row] : row;
        return (uint)node < (uint)Nodes ? node : throw Damaged($"row {row} belongs to node {node} of {Nodes}");
    }

    /// <summary>Writes which node starts where above level 0, and empties all lists.</summary>
    public void SetLevels(ReadOnlySpan<int> levels)
    {
        int first = 0;
        for (int node = 0; node < Nodes; node++)
        {
            _upperStarts[node] = first;
            first += levels[node];
        }
        _upperStarts[Nodes] = first;
        Fill(Level0, (long)Nodes * Level0Links);
        Fill(_upper, (long)first * Layout.Links);
    }

    static void Fill(int* start, long count)
    {
        for (long i = 0; i < count; i++)
            start[i] = -1;
    }

    /// <summary>Writes which node each row belongs to, and each node's rows.</summary>
    public void SetMembers(ReadOnlySpan<int> nodeOfRow)
    {
        if (!Layout.HasDuplicates)
            return;
        // Counted one place too far: filling then moves each start to where it belongs.
        new Span<int>(_memberStarts, Nodes + 1).Clear();
        foreach (int node in nodeOfRow)
            if (node + 2 <= Nodes)
                _memberStarts[node + 2]++;
        for (int node = 2; node <= Nodes; node++)
            _memberStarts[node] += _memberStarts[node - 1];
        for (int row = 0; row < nodeOfRow.Length; row++)
        {
            _nodeOfRow[row] = nodeOfRow[row];
            _members[_memberStarts[nodeOfRow[row] + 1]++] = row;
        }
    }

    public static InvalidDataException Damaged(string what) => new($"damaged neighbor index: {what}");

    static void ThrowDamagedLink(int link) => throw Damaged($"a link leads to node {link}");
}
