using System.Runtime.InteropServices;

namespace LeoCvae;

/// <summary>
/// Identical rows, collapsed: the searches see each distinct row once. Duplicates are common in tables; left in, they fill neighbor lists
/// and tear search graphs apart. Immutable.
/// </summary>
sealed class DistinctRows
{
    readonly int[] _starts, _members;

    DistinctRows(int[] groupOf, int[] first, int[] starts, int[] members) =>
        (GroupOf, First, _starts, _members) = (groupOf, first, starts, members);

    /// <summary>Number of distinct rows.</summary>
    public int Count => First.Length;

    /// <summary>The group of each row; groups are numbered by their first row.</summary>
    public int[] GroupOf { get; }

    /// <summary>The first row of each group.</summary>
    public int[] First { get; }

    /// <summary>The rows of a group, ascending.</summary>
    public ReadOnlySpan<int> Members(int group) => _members.AsSpan(_starts[group].._starts[group + 1]);

    /// <exception cref="ArgumentException">A value is not a finite number.</exception>
    public static DistinctRows Of(Matrix x)
    {
        int n = x.Rows;
        int[] groupOf = new int[n], first = new int[n];
        int count = 0;
        // Open addressing over group numbers; at most half full.
        int[] table = new int[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(4, 2 * n))];
        Array.Fill(table, -1);
        for (int i = 0; i < n; i++)
        {
            ReadOnlySpan<float> row = x[i];
            RequireFinite(x, i);
            int slot = Hash(row) & (table.Length - 1);
            while (table[slot] >= 0 && !MemoryMarshal.AsBytes(x[first[table[slot]]]).SequenceEqual(MemoryMarshal.AsBytes(row)))
                slot = (slot + 1) & (table.Length - 1);
            if (table[slot] < 0)
            {
                table[slot] = count;
                first[count++] = i;
            }
            groupOf[i] = table[slot];
        }
        Array.Resize(ref first, count);
        int[] starts = new int[count + 1], members = new int[n];
        foreach (int group in groupOf)
            starts[group + 1]++;
        for (int g = 0; g < count; g++)
            starts[g + 1] += starts[g];
        int[] next = starts[..^1];
        for (int i = 0; i < n; i++)
            members[next[groupOf[i]]++] = i;
        return new(groupOf, first, starts, members);
    }

    /// <summary>A hash of a row's bits.</summary>
    public static int Hash(ReadOnlySpan<float> row)
    {
        uint hash = 0x811C9DC5;
        foreach (uint bits in MemoryMarshal.Cast<float, uint>(row))
        {
            hash = (hash ^ bits) * 0x9E3779B1;
            hash ^= hash >> 15;
        }
        return (int)(hash & int.MaxValue);
    }

    static void RequireFinite(Matrix x, int row)
    {
        if (x[row].IndexOfAnyExceptInRange(-float.MaxValue, float.MaxValue) is int at and >= 0)
            throw Fault.Argument("rows", $"row {row}: got {x[row][at]}, expected finite numbers");
    }
}
