namespace LeoCvae.Evaluation;

/// <summary>Counts of (true class, decided class), and the measures made from them.</summary>
sealed class ConfusionMatrix(int[,] counts)
{
    // Stands in for a recall of zero, which would hide all other classes from the geometric mean (imbalanced-learn's `correction`).
    const double ZeroRecall = 0.001;

    readonly int _classes = counts.GetLength(0);

    public static ConfusionMatrix Of(ReadOnlySpan<int> labels, ReadOnlySpan<int> decided, int classes)
    {
        int[,] counts = new int[classes, classes];
        for (int i = 0; i < labels.Length; i++)
            counts[labels[i], decided[i]]++;
        return new(counts);
    }

    public double F1Micro
    {
        get
        {
            double right = 0, all = 0;
            for (int c = 0; c < _classes; c++)
                (right, all) = (right + counts[c, c], all + Actual(c));
            return right / all;
        }
    }

    /// <summary>Over the classes that rows have or are given, like scikit-learn.</summary>
    public double F1Macro => Classes(c => Actual(c) + Decided(c) > 0).Average(F1);

    /// <summary>2 TP / (2 TP + FP + FN); 0 for a class that no row has or is given.</summary>
    public double F1(int c) => 2.0 * counts[c, c] / Math.Max(1, Actual(c) + Decided(c));

    /// <summary>Mean recall of the classes that are present, like scikit-learn.</summary>
    public double BalancedAccuracy => Classes(c => Actual(c) > 0).Average(Recall);

    public double GeometricMean => Math.Exp(Classes(c => Actual(c) > 0).Average(c => Math.Log(counts[c, c] == 0 ? ZeroRecall : Recall(c))));

    /// <summary>One of the measures that decisions may be tuned for.</summary>
    public double Measure(string name) => name switch
    {
        "f1_macro" => F1Macro,
        "balanced_accuracy" => BalancedAccuracy,
        "g_mean" => GeometricMean,
        _ => throw Fault.Argument(nameof(name), $"measure of a decision: got '{name}', expected f1_macro, balanced_accuracy or g_mean"),
    };

    double Recall(int c) => (double)counts[c, c] / Actual(c);

    IEnumerable<int> Classes(Func<int, bool> which) => Enumerable.Range(0, _classes).Where(which);

    int Actual(int c) => Enumerable.Range(0, _classes).Sum(d => counts[c, d]);

    int Decided(int c) => Enumerable.Range(0, _classes).Sum(a => counts[a, c]);
}
