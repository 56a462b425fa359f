namespace LeoCvae;

/// <summary>The nearest rows of one search, straight in the caller's memory: sorted by exact distance, then by row number.</summary>
ref struct HnswResults(HnswGraph graph, ReadOnlySpan<float> query, Span<int> ids, Span<double> distances, int excludedRow)
{
    readonly ReadOnlySpan<float> _query = query;
    readonly Span<int> _ids = ids;
    readonly Span<double> _distances = distances;

    // How much less than the kernel's distance an exact one can be: rounding of a float times the number of summands, with room.
    readonly double _least = 1 - (graph.Stride + 16) / (double)(1 << 23);
    int _count;

    public readonly int Wanted => _ids.Length;

    /// <summary>Whether all neighbors are there: as many as wanted, or as there are.</summary>
    public readonly bool IsFull => _count == Math.Min(Wanted, graph.Layout.Rows - (excludedRow < 0 ? 0 : 1));

    public void Clear() => _count = 0;

    /// <summary>Takes in a node's rows, if they are near enough.</summary>
    /// <returns>False if this node and all with a larger kernel distance are too far.</returns>
    public bool Offer(int node, float kernelDistance)
    {
        if (_count == Wanted && (Wanted == 0 || kernelDistance * _least > _distances[_count - 1]))
            return false;
        double distance = Distance.Squared(_query, graph.Row(node));
        (int first, int end) = graph.MemberRange(node);
        for (int place = first; place < end; place++)
        {
            int row = graph.Member(place);
            if (row != excludedRow && !Insert(row, distance))
                break;
        }
        return true;
    }

    // A node's later rows are larger: if one doesn't get in, none of them does.
    bool Insert(int row, double distance)
    {
        if (_count == Wanted && !IsBefore(distance, row, Wanted - 1))
            return false;
        int place = _count < Wanted ? _count++ : Wanted - 1;
        for (; place > 0 && IsBefore(distance, row, place - 1); place--)
            (_ids[place], _distances[place]) = (_ids[place - 1], _distances[place - 1]);
        (_ids[place], _distances[place]) = (row, distance);
        return true;
    }

    readonly bool IsBefore(double distance, int row, int place) => distance < _distances[place]
        || (distance == _distances[place] && row < _ids[place]);

    /// <summary>Measures and sorts what was found again, by a query in the rows' own scale.</summary>
    public void Remeasure(ReadOnlySpan<float> own, int count)
    {
        for (_count = 0; _count < count;)
        {
            int row = _ids[_count];
            ReadOnlySpan<float> scaled = graph.Row(graph.NodeOfRow(row));
            double sum = 0;
            for (int j = 0; j < own.Length; j++)
            {
                double difference = own[j] - scaled[j] / graph.Scale;
                sum += difference * difference;
            }
            Insert(row, sum);
        }
    }

    /// <summary>Puts distances back into the rows' own scale.</summary>
    /// <returns>The number of neighbors.</returns>
    public readonly int Finish()
    {
        double scale = 1 / graph.Scale;
        if (scale != 1)
            foreach (ref double distance in _distances[.._count])
                distance = distance * scale * scale;
        return _count;
    }
}
