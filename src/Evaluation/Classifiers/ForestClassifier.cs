namespace LeoCvae.Evaluation;

/// <summary>
/// A random forest (Breiman 2001) that averages the class shares of its leaves: 100 trees, each on as many rows as there are, drawn with
/// replacement; a node tries sqrt(d) columns that vary in it and takes the split with the least Gini impurity; a leaf has at least two
/// rows. Columns are read in at most 64 bins.
/// Managed, since ML.NET's forest takes 7 s for 1,200 rows x 64 features and two classes, and is for two classes only. Thread-safe.
/// </summary>
sealed class ForestClassifier : PresentClassifier
{
    /// <summary>Number of trees.</summary>
    public const int Trees = 100;

    public override string Name => "forest";

    protected override Func<Matrix, double[,]> FitPresent(Matrix x, int[] labels, float[] weights, int classes, Matrix? stopX,
        int[] stopLabels, ulong seed, CancellationToken cancellation)
    {
        ForestBins bins = new(x);
        ForestTree[] trees = new ForestTree[Trees];
        ForestGrower grower = new(bins, labels, weights, classes, seed);
        for (int tree = 0; tree < Trees; tree++)
        {
            cancellation.ThrowIfCancellationRequested();
            trees[tree] = grower.Grow(tree);
        }
        return rows =>
        {
            double[,] probabilities = new double[rows.Rows, classes];
            for (int i = 0; i < rows.Rows; i++)
                foreach (ForestTree tree in trees)
                {
                    ReadOnlySpan<float> shares = tree.Shares(rows[i]);
                    for (int c = 0; c < classes; c++)
                        probabilities[i, c] += shares[c];
                }
            return probabilities;
        };
    }
}

/// <summary>A tree: nodes with a column and a threshold, whose children follow each other; leaves with class shares. Immutable.</summary>
/// <param name="Nodes">Rows with a value up to the threshold go to the child, others to the one behind it; a leaf's child is -1.</param>
/// <param name="LeafShares">C shares for each node; used at leaves.</param>
sealed record ForestTree(ForestTree.Node[] Nodes, float[] LeafShares)
{
    public readonly record struct Node(int Column, float Threshold, int Child);

    /// <summary>The class shares of the leaf that a row falls into.</summary>
    public ReadOnlySpan<float> Shares(ReadOnlySpan<float> row)
    {
        int at = 0;
        while (Nodes[at].Child >= 0)
            at = Nodes[at].Child + (row[Nodes[at].Column] <= Nodes[at].Threshold ? 0 : 1);
        int classes = LeafShares.Length / Nodes.Length;
        return LeafShares.AsSpan(at * classes, classes);
    }
}
