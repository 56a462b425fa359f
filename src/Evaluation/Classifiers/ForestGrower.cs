namespace LeoCvae.Evaluation;

/// <summary>Grows the trees of a forest; a tree depends on the seed and its number only. Not thread-safe.</summary>
sealed class ForestGrower(ForestBins bins, int[] labels, float[] weights, int classes, ulong seed)
{
    const int FewestRowsInLeaf = 2;

    readonly CounterRandom _rowDraws = new(seed, RandomStream.ForestRows), _columnDraws = new(seed, RandomStream.ForestColumns);
    readonly int _tries = Math.Max(1, (int)Math.Round(Math.Sqrt(bins.Columns)));
    readonly int[] _rows = new int[bins.Rows], _times = new int[bins.Rows], _columns = new int[bins.Columns],
        _counts = new int[ForestBins.Most];
    readonly float[] _weights = new float[bins.Rows];
    readonly double[] _histogram = new double[ForestBins.Most * classes], _total = new double[classes], _left = new double[classes];

    readonly record struct Split(int Column, int Bin, double Score);

    public ForestTree Grow(int tree)
    {
        int count = DrawRows(tree);
        List<ForestTree.Node> nodes = [default];
        List<float> shares = [.. new float[classes]];
        Stack<(int Node, int First, int End)> open = new([(0, 0, count)]);
        while (open.TryPop(out (int Node, int First, int End) at))
        {
            Sum(at.First, at.End);
            if (BestSplit(CounterRandom.Row(tree, at.Node), at.First, at.End) is not { } split)
            {
                double all = _total.Sum();
                for (int c = 0; c < classes; c++)
                    shares[at.Node * classes + c] = (float)(_total[c] / all);
                nodes[at.Node] = new(0, 0, -1);
                continue;
            }
            int middle = Partition(bins.Column(split.Column), split.Bin, at.First, at.End), child = nodes.Count;
            nodes[at.Node] = new(split.Column, bins.Bound(split.Column, split.Bin), child);
            nodes.AddRange([default, default]);
            shares.AddRange(new float[2 * classes]);
            open.Push((child + 1, middle, at.End));
            open.Push((child, at.First, middle));
        }
        return new([.. nodes], [.. shares]);
    }

    // With replacement: a row drawn twice is one row of twice the weight.
    int DrawRows(int tree)
    {
        Array.Clear(_times);
        for (int i = 0; i < bins.Rows; i++)
            _times[(int)((ulong)_rowDraws.Word((ulong)tree, i) * (uint)bins.Rows >> 32)]++;
        int count = 0;
        for (int row = 0; row < bins.Rows; row++)
            if (_times[row] > 0)
            {
                _weights[row] = _times[row] * weights[row];
                _rows[count++] = row;
            }
        return count;
    }

    void Sum(int first, int end)
    {
        Array.Clear(_total);
        for (int i = first; i < end; i++)
            _total[labels[_rows[i]]] += _weights[_rows[i]];
    }

    Split? BestSplit(ulong node, int first, int end)
    {
        if (end - first < 2 * FewestRowsInLeaf || _total.Count(share => share > 0) < 2)
            return null;
        Split? best = null;
        for (int j = 0; j < _columns.Length; j++)
            _columns[j] = j;
        // The columns in random order, until enough of them vary here.
        for (int tried = 0, j = 0; j < _columns.Length && tried < _tries; j++)
        {
            int other = j + (int)((ulong)_columnDraws.Word(node, j) * (uint)(_columns.Length - j) >> 32);
            (_columns[j], _columns[other]) = (_columns[other], _columns[j]);
            if (!Count(_columns[j], first, end, out int lowest, out int highest))
                continue;
            tried++;
            Scan(_columns[j], lowest, highest, end - first, ref best);
        }
        return best;
    }

    bool Count(int column, int first, int end, out int lowest, out int highest)
    {
        ReadOnlySpan<byte> bin = bins.Column(column);
        (lowest, highest) = (byte.MaxValue, 0);
        for (int i = first; i < end; i++)
        {
            int b = bin[_rows[i]];
            (lowest, highest) = (Math.Min(lowest, b), Math.Max(highest, b));
        }
        if (lowest == highest)
            return false;
        Array.Clear(_counts, lowest, highest - lowest + 1);
        Array.Clear(_histogram, lowest * classes, (highest - lowest + 1) * classes);
        for (int i = first; i < end; i++)
        {
            int row = _rows[i], b = bin[row];
            _counts[b]++;
            _histogram[b * classes + labels[row]] += _weights[row];
        }
        return true;
    }

    // The least impurity is the greatest sum over both sides of (sum of squared class weights) / weight.
    void Scan(int column, int lowest, int highest, int rows, ref Split? best)
    {
        Array.Clear(_left);
        int count = 0;
        for (int b = lowest; b < highest; b++)
        {
            count += _counts[b];
            (double left, double right, double leftSquares, double rightSquares) = (0, 0, 0, 0);
            for (int c = 0; c < classes; c++)
            {
                double on = _left[c] += _histogram[b * classes + c], off = _total[c] - on;
                left += on;
                right += off;
                leftSquares += on * on;
                rightSquares += off * off;
            }
            if (_counts[b] == 0 || count < FewestRowsInLeaf || rows - count < FewestRowsInLeaf)
                continue;
            double score = leftSquares / left + rightSquares / right;
            if (best is null || score > best.Value.Score)
                best = new(column, b, score);
        }
    }

    int Partition(ReadOnlySpan<byte> bin, int last, int first, int end)
    {
        int middle = first;
        for (int i = first; i < end; i++)
            if (bin[_rows[i]] <= last)
            {
                (_rows[i], _rows[middle]) = (_rows[middle], _rows[i]);
                middle++;
            }
        return middle;
    }
}
