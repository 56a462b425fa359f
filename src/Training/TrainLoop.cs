using System.Globalization;

namespace LeoCvae.Training;

/// <summary>Epochs, batches, noise, dropout masks and early stopping, for any engine.</summary>
sealed class TrainLoop(TrainingOptions options, CvaeShape shape, StratifiedSplit split)
{
    /// <summary>Trains until the validation loss no longer falls, and leaves the engine with the best weights.</summary>
    /// <exception cref="ArithmeticException">A loss is no longer a number.</exception>
    public List<TrainingProgress> Run(ICvaeEngine engine, IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        // A table too small to set rows aside stops on the loss of its training rows.
        int[] judged = split.Validation.Length > 0 ? split.Validation : split.Train;
        float[] judgedNoise = Noise(judged, RandomStream.ValidationNoise, epoch: 0);
        List<TrainingProgress> history = [];
        CvaeWeights best = engine.GetWeights();
        double bestLoss = double.PositiveInfinity;
        int sinceBest = 0;
        for (int epoch = 1; epoch <= options.MaxEpochs && sinceBest < options.Patience; epoch++)
        {
            Losses train = Epoch(engine, epoch, cancellation);
            double validation = engine.Evaluate(judged, judgedNoise).Total;
            if (!double.IsFinite(train.Total) || !double.IsFinite(validation))
                throw new ArithmeticException(string.Create(CultureInfo.InvariantCulture, $"training diverged in epoch {epoch}: training loss {train.Total}, validation loss {validation}; try a smaller learning rate than {options.LearningRate}"));
            bool isBest = validation < bestLoss - options.MinDelta;
            if (isBest)
                (best, bestLoss, sinceBest) = (engine.GetWeights(), validation, 0);
            else
                sinceBest++;
            TrainingProgress report = new(epoch, options.MaxEpochs, train.Total, train.Reconstruction, train.Kld, validation, isBest);
            history.Add(report);
            progress?.Report(report);
        }
        engine.SetWeights(best);
        return history;
    }

    Losses Epoch(ICvaeEngine engine, int epoch, CancellationToken cancellation)
    {
        int[] order = [.. split.Train];
        new CounterRandom(options.Seed, RandomStream.Shuffle).Shuffle((ulong)epoch, order);
        Losses sum = default;
        int steps = 0;
        for (int start = 0; start < order.Length; start += options.BatchSize, steps++)
        {
            cancellation.ThrowIfCancellationRequested();
            int[] rows = order[start..Math.Min(order.Length, start + options.BatchSize)];
            Losses step = engine.Step(new(rows, Noise(rows, RandomStream.TrainingNoise, epoch), Masks(rows, epoch)));
            sum = new(sum.Total + step.Total, sum.Reconstruction + step.Reconstruction, sum.Kld + step.Kld);
        }
        return new(sum.Total / steps, sum.Reconstruction / steps, sum.Kld / steps);
    }

    // Noise and masks belong to (epoch, row), so they don't depend on the order of the rows or on the batch.
    float[] Noise(int[] rows, RandomStream stream, int epoch)
    {
        CounterRandom random = new(options.Seed, stream);
        float[] noise = new float[rows.Length * shape.Latent];
        for (int i = 0; i < rows.Length; i++)
            random.FillNormal(CounterRandom.Row(epoch, rows[i]), noise.AsSpan(i * shape.Latent, shape.Latent));
        return noise;
    }

    float[][] Masks(int[] rows, int epoch)
    {
        int[] widths = shape.HiddenWidths;
        float[][] masks = [.. widths.Select(width => new float[rows.Length * width])];
        float keep = (float)(1 / (1 - options.Dropout));
        CounterRandom random = new(options.Seed, RandomStream.Dropout);
        float[] uniform = new float[widths.Sum()];
        for (int i = 0; i < rows.Length; i++)
        {
            random.FillUniform(CounterRandom.Row(epoch, rows[i]), uniform);
            for (int layer = 0, at = 0; layer < widths.Length; layer++)
                for (int unit = 0; unit < widths[layer]; unit++, at++)
                    masks[layer][i * widths[layer] + unit] = uniform[at] >= options.Dropout ? keep : 0;
        }
        return masks;
    }
}
