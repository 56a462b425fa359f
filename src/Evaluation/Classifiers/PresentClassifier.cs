namespace LeoCvae.Evaluation;

/// <summary>
/// What all classifiers do alike: check what they are given, learn the classes that have rows, numbered anew from 0, and give the
/// others probability 0. Where only one class has rows, it gets probability 1.
/// </summary>
abstract class PresentClassifier : IClassifier
{
    public abstract string Name { get; }

    public IFittedClassifier Fit(Matrix x, ReadOnlySpan<int> labels, ReadOnlySpan<float> weights, int classes, ulong seed,
        CancellationToken cancellation) =>
        FitChecked(x, labels, weights, classes, stopX: null, [], seed, cancellation);

    /// <summary>
    /// Fits on the labels below <paramref name="classes"/>, each of which occurs; weights have mean 1. Rows to stop on may be of other
    /// classes: label -1.
    /// </summary>
    protected abstract Func<Matrix, double[,]> FitPresent(Matrix x, int[] labels, float[] weights, int classes, Matrix? stopX,
        int[] stopLabels, ulong seed, CancellationToken cancellation);

    private protected IFittedClassifier FitChecked(Matrix x,
        ReadOnlySpan<int> labels, ReadOnlySpan<float> weights, int classes, Matrix? stopX, ReadOnlySpan<int> stopLabels, ulong seed,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (labels.IsEmpty || labels.Length != x.Rows)
            throw Fault.Argument(nameof(labels),
                $"got {labels.Length} labels for {x.Rows} rows, expected one for each row and at least one row");
        if (!weights.IsEmpty && weights.Length != x.Rows)
            throw Fault.Argument(nameof(weights), $"got {weights.Length} weights for {x.Rows} rows, expected one for each row or none");
        if (stopX is not null && (stopLabels.Length != stopX.Rows || stopX.Columns != x.Columns))
            throw Fault.Argument(nameof(stopX),
                $"got {stopLabels.Length} labels for {stopX.Rows} x {stopX.Columns} rows to stop on, expected one for each row and " +
                $"{x.Columns} columns");
        int[] ids = new int[classes];
        foreach (int label in labels)
            ids[(uint)label < (uint)classes ? label
                : throw Fault.Argument(nameof(labels), $"got class index {label}, expected 0 to {classes - 1}")] = 1;
        int[] present = [.. Enumerable.Range(0, classes).Where(c => ids[c] == 1)];
        Array.Fill(ids, -1);
        for (int i = 0; i < present.Length; i++)
            ids[present[i]] = i;
        Func<Matrix, double[,]>? fitted = present.Length == 1
            ? null
            : FitPresent(x, Map(labels, ids), Scale(weights, x.Rows), present.Length, stopX, Map(stopLabels, ids), seed, cancellation);
        return new Fitted(fitted, present, classes, x.Columns);
    }

    static int[] Map(ReadOnlySpan<int> labels, int[] ids)
    {
        int[] mapped = new int[labels.Length];
        for (int i = 0; i < mapped.Length; i++)
            mapped[i] = ids[labels[i]];
        return mapped;
    }

    static float[] Scale(ReadOnlySpan<float> weights, int rows)
    {
        float[] scaled = new float[rows];
        Array.Fill(scaled, 1);
        double sum = 0;
        foreach (float weight in weights)
            sum += weight > 0 && float.IsFinite(weight) ? weight
                : throw Fault.Argument(nameof(weights), $"got a row weight of {weight}, expected a finite number above 0");
        for (int i = 0; i < weights.Length; i++)
            scaled[i] = (float)(weights[i] * rows / sum);
        return scaled;
    }

    sealed class Fitted(Func<Matrix, double[,]>? present, int[] ids, int classes, int columns) : IFittedClassifier
    {
        public double[,] Probabilities(Matrix x)
        {
            ArgumentNullException.ThrowIfNull(x);
            if (x.Columns != columns)
                throw Fault.Argument(nameof(x), $"got {x.Columns} columns, expected {columns} as fitted");
            double[,] all = new double[x.Rows, classes];
            double[,]? some = x.Rows > 0 ? present?.Invoke(x) : null;
            for (int i = 0; i < x.Rows; i++)
            {
                double sum = 0;
                for (int j = 0; j < ids.Length; j++)
                    sum += some?[i, j] ?? 1;
                for (int j = 0; j < ids.Length; j++)
                    all[i, ids[j]] = (some?[i, j] ?? 1) / sum;
            }
            return all;
        }

        public void Dispose()
        {
        }
    }
}
