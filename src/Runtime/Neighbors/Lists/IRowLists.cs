namespace LeoCvae;

/// <summary>Rows in lists. Thread-safe.</summary>
interface IRowLists
{
    /// <summary>How many lists there are.</summary>
    int Count { get; }

    /// <summary>How many rows a list has.</summary>
    int CountOf(int list);

    /// <summary>Gives a list's rows, and of each its key: the row's number in the upper half, any other number in the lower one.</summary>
    void Read(int list, Span<float> rows, Span<long> keys);
}
