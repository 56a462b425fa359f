namespace LeoCvae;

/// <summary>
/// Where everything lies in an index's one block of bytes, which is its file too: a header, then sections that start at multiples of 64
/// bytes. All follows from five counts, so a file can't point anywhere else. Immutable.
/// </summary>
/// <param name="Rows">Rows, duplicates included.</param>
/// <param name="Nodes">Distinct rows.</param>
/// <param name="Width">Features of a row.</param>
/// <param name="Links">M, links of a list above level 0.</param>
/// <param name="UpperLists">Link lists above level 0, of all nodes and levels.</param>
readonly record struct HnswLayout(int Rows, int Nodes, int Width, int Links, int UpperLists)
{
    public const int HeaderSize = 192, MostColumns = 1 << 20, HighestLevel = 16;

    const int Alignment = 64;

    /// <summary>Floats from a row to the next: whole cache lines, padded with zeros, so that any register width fits.</summary>
    public int Stride => (Width + 15) / 16 * 16;

    /// <summary>Links of a list at level 0.</summary>
    public int Level0Links => 2 * Links;

    /// <summary>Whether rows and nodes differ, and members are kept.</summary>
    public bool HasDuplicates => Rows != Nodes;

    /// <summary>Nodes x stride floats.</summary>
    public static long Vectors => HeaderSize;

    /// <summary>Nodes x 2 M node numbers, each list ended by -1 where it isn't full.</summary>
    public long Level0 => After(Vectors, (long)Nodes * Stride);

    /// <summary>Nodes + 1 numbers: a node's first list above level 0; it has one for each level up to its own.</summary>
    public long UpperStarts => After(Level0, (long)Nodes * Level0Links);

    /// <summary>Upper lists x M node numbers.</summary>
    public long Upper => After(UpperStarts, Nodes + 1L);

    /// <summary>Nodes + 1 numbers: a node's first member. This and what follows is there only if there are duplicates.</summary>
    public long MemberStarts => After(Upper, (long)UpperLists * Links);

    /// <summary>Row numbers, ascending within a node.</summary>
    public long Members => After(MemberStarts, HasDuplicates ? Nodes + 1L : 0);

    /// <summary>The node of each row.</summary>
    public long NodeOfRow => After(Members, HasDuplicates ? Rows : 0);

    /// <summary>Bytes of all.</summary>
    public long Length => After(NodeOfRow, HasDuplicates ? Rows : 0);

    /// <summary>Whether the counts can belong to an index; sizes of such counts fit a long.</summary>
    public bool IsSane =>
        Rows >= 1 && Nodes >= 1 && Nodes <= Rows && Width is >= 1 and <= MostColumns && Links is >= HnswOptions.FewestLinks
            and <= HnswOptions.MostLinks && UpperLists >= 0;

    static long After(long offset, long count) => (offset + count * sizeof(int) + Alignment - 1) / Alignment * Alignment;
}
