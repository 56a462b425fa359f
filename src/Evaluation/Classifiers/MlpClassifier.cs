namespace LeoCvae.Evaluation;

/// <summary>
/// The paper's classifier (its section on evaluation): one hidden layer of 32 with batch normalization, ReLU and dropout 0.5; Adam,
/// learning rate 1e-4, weight decay 1e-3, batches of 32, gradient norm 0.5. Managed, one thread. Thread-safe.
/// <para>
/// Without rows to stop on, it takes <see cref="Steps"/> steps, whatever the number of rows: epochs would give an oversampled table more
/// steps than the table itself, which flatters every resampler. There is no early stopping then, since rows held out of an oversampled
/// table have copies and blends of themselves among the others, so that it would stop later for oversampled tables, and again they would
/// get more steps.
/// </para>
/// <para>
/// The rows of a wide table are learned from in as many coordinates as they span, turned at random: as good, at a tenth of the price.
/// </para>
/// <para>
/// With rows to stop on, it does what the authors' code does: at most 200 epochs, ROC-AUC of those rows (over all pairs of row and class
/// where there are more than two classes), learning rate times 0.7 after 5 epochs without a better one, stop after 20; the best epoch's
/// weights are what it returns, which the authors meant to.
/// </para>
/// </summary>
sealed class MlpClassifier : PresentClassifier, IEarlyStoppingClassifier
{
    const int Batch = 32, Epochs = 200, Patience = 20, PlateauPatience = 5;
    const double LearningRate = 1e-4, MinDelta = 1e-3, PlateauDelta = 1e-4, PlateauFactor = 0.7;

    // Measured on seven tables: F1, AUC and Brier score of the untouched rows or better. At 0.5 AUC is less, at 1 F1.
    const double TurnedRate = 0.7;

    public override string Name => "mlp";

    /// <summary>Steps without rows to stop on: 200 epochs of 800 rows.</summary>
    public const int Steps = 5000;

    public IFittedClassifier Fit(Matrix x,
        ReadOnlySpan<int> labels, ReadOnlySpan<float> weights, int classes, Matrix stopX, ReadOnlySpan<int> stopLabels, ulong seed,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(stopX);
        return FitChecked(x, labels, weights, classes, stopX, stopLabels, seed, cancellation);
    }

    protected override Func<Matrix, double[,]> FitPresent(Matrix x, int[] labels, float[] weights, int classes, Matrix? stopX,
        int[] stopLabels, ulong seed, CancellationToken cancellation)
    {
        if (stopX is not null || !Wide.IsSpanned(x))
            return Fit(x, new(x.Columns, classes)).Probabilities;
        TurnedRows turned = new(x, seed);
        // A step moves every weight about as far. Of few weights it moves the sums less, by the root of how many times fewer they are.
        MlpModel model = Fit(turned.Fitted, new(turned.Columns, classes)
        {
            Columns = x.Columns,
            FirstRate = TurnedRate * Math.Sqrt((double)x.Columns / turned.Columns),
        });
        return rows => model.Probabilities(turned.Of(rows));

        MlpModel Fit(Matrix x, MlpShape shape)
        {
            using IMlpNetwork network = Network(x, labels, weights, shape, shape.Initial(seed));
            Epoch epoch = new(network, x.Rows, seed, cancellation);
            return stopX is null ? FixedSteps(network, epoch) : EarlyStopping(network, epoch, stopX, stopLabels);
        }
    }

    /// <summary>The network for this processor's registers.</summary>
    public static IMlpNetwork Network(Matrix x, int[] labels, float[] weights, MlpShape shape, float[] initial) =>
        Simd.Run<Creation, IMlpNetwork>(new(x, labels, weights, shape, initial));

    readonly struct Creation(Matrix x, int[] labels, float[] weights, MlpShape shape, float[] initial) : ISimdWork<IMlpNetwork>
    {
        public IMlpNetwork On<T>() where T : struct, ISimd<T> => new MlpNetwork<T>(x, labels, weights, shape, initial);
    }

    static MlpModel FixedSteps(IMlpNetwork network, Epoch epoch)
    {
        for (int left = Steps; left > 0;)
            left -= epoch.Run(LearningRate, left);
        return network.Snapshot();
    }

    static MlpModel EarlyStopping(IMlpNetwork network, Epoch epoch, Matrix stopX, int[] stopLabels)
    {
        (double rate, double best, double bestByDelta, double plateau) = (LearningRate, double.NegativeInfinity, double.NegativeInfinity,
            double.NegativeInfinity);
        (int waited, int waitedForRate) = (0, 0);
        MlpModel model = network.Snapshot();
        for (int i = 0; i < Epochs && waited < Patience; i++)
        {
            epoch.Run(rate, int.MaxValue);
            MlpModel now = network.Snapshot();
            double score = MicroAuc(now.Probabilities(stopX), stopLabels);
            if (score > best)
                (best, model) = (score, now);
            (bestByDelta, waited) = score > bestByDelta + MinDelta ? (score, 0) : (bestByDelta, waited + 1);
            (plateau, waitedForRate) = score > plateau * (1 + PlateauDelta) || plateau < 0 ? (score, 0) : (plateau, waitedForRate + 1);
            if (waitedForRate > PlateauPatience)
                (rate, waitedForRate) = (rate * PlateauFactor, 0);
        }
        return model;
    }

    // Of two classes it is the usual AUC; rows of classes that the network doesn't know are left out.
    static double MicroAuc(double[,] probabilities, int[] labels)
    {
        (List<double> scores, List<bool> positives) = ([], []);
        for (int i = 0; i < labels.Length; i++)
            for (int c = probabilities.GetLength(1) == 2 ? 1 : 0; labels[i] >= 0 && c < probabilities.GetLength(1); c++)
            {
                scores.Add(probabilities[i, c]);
                positives.Add(labels[i] == c);
            }
        return Ranking.Auc([.. scores], [.. positives]);
    }

    sealed class Epoch(IMlpNetwork network, int rows, ulong seed, CancellationToken cancellation)
    {
        readonly CounterRandom _shuffle = new(seed, RandomStream.Shuffle), _dropout = new(seed, RandomStream.Dropout);
        readonly int[] _order = [.. Enumerable.Range(0, rows)];
        readonly uint[] _masks = new uint[Batch];
        int _epoch;

        /// <summary>One pass over the rows in random order, or as many steps of it; returns their number.</summary>
        public int Run(double learningRate, int maxSteps)
        {
            cancellation.ThrowIfCancellationRequested();
            _shuffle.Shuffle((ulong)_epoch, _order);
            int steps = 0;
            // One row alone has no variance to normalize by.
            for (int first = 0; first + 1 < rows && steps < maxSteps; first += Batch, steps++)
            {
                ReadOnlySpan<int> batch = _order.AsSpan(first, Math.Min(Batch, rows - first));
                for (int i = 0; i < batch.Length; i++)
                    _masks[i] = _dropout.Word(CounterRandom.Row(_epoch, batch[i]), 0);
                network.Step(batch, _masks, learningRate);
            }
            _epoch++;
            return steps;
        }
    }
}
