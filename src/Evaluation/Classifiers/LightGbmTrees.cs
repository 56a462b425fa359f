using System.Globalization;

namespace LeoCvae.Evaluation;

/// <summary>The trees of a LightGBM model, read from its text. Immutable.</summary>
sealed class LightGbmTrees
{
    readonly List<Tree> _trees = [];
    readonly int _scores;

    /// <param name="text">The model as LightGBM writes it.</param>
    /// <param name="scores">Trees a round, one for each score.</param>
    public LightGbmTrees(string text, int scores)
    {
        _scores = scores;
        Tree tree = new();
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            int name = line.IndexOf('=');
            if (name < 0)
            {
                if (line is "end of trees")
                    return;
                continue;
            }
            ReadOnlySpan<char> values = line[(name + 1)..];
            switch (line[..name])
            {
                case "Tree":
                    _trees.Add(tree = new());
                    break;
                case "split_feature":
                    tree.Columns = Numbers<int>(values);
                    break;
                case "threshold":
                    tree.Thresholds = Array.ConvertAll(Numbers<double>(values), threshold => (float)threshold);
                    break;
                case "left_child":
                    tree.Left = Numbers<int>(values);
                    break;
                case "right_child":
                    tree.Right = Numbers<int>(values);
                    break;
                case "leaf_value":
                    tree.Leaves = Numbers<double>(values);
                    break;
            }
        }
        throw new InvalidOperationException("lightgbm: the model's text has no end of trees");
    }

    /// <summary>The sums of a row's leaves.</summary>
    public void Score(ReadOnlySpan<float> row, Span<double> scores)
    {
        scores.Clear();
        for (int i = 0; i < _trees.Count; i++)
            scores[i % _scores] += _trees[i].Leaf(row);
    }

    static T[] Numbers<T>(ReadOnlySpan<char> line) where T : ISpanParsable<T>
    {
        List<T> numbers = [];
        foreach (Range part in line.Split(' '))
            if (!line[part].IsEmpty)
                numbers.Add(T.Parse(line[part], CultureInfo.InvariantCulture));
        return [.. numbers];
    }

    sealed class Tree
    {
        /// <summary>Of each node; nodes count from 0, and child ~i is leaf i.</summary>
        public int[] Columns = [], Left = [], Right = [];

        public float[] Thresholds = [];

        public double[] Leaves = [0];

        public double Leaf(ReadOnlySpan<float> row)
        {
            int at = Columns.Length == 0 ? ~0 : 0;
            while (at >= 0)
                at = row[Columns[at]] <= Thresholds[at] ? Left[at] : Right[at];
            return Leaves[~at];
        }
    }
}
