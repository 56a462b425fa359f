using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace LeoCvae.Training;

/// <summary>Epochs, batches, noise, dropout masks and early stopping, for any engine. Not thread-safe.</summary>
sealed class TrainLoop(TrainingOptions options, CvaeShape shape, StratifiedSplit split)
{
    // What steps are given is written into the same arrays again and again: one set for whole batches, one for the short last one.
    readonly StepInput?[] _inputs = new StepInput?[2];
    readonly float[] _uniform = new float[shape.HiddenWidths.Sum()];
    readonly int[] _order = new int[split.Train.Length];

    /// <summary>Trains until the validation loss no longer falls, and leaves the engine with the best weights.</summary>
    /// <exception cref="ArithmeticException">A loss is no longer a number.</exception>
    public List<TrainingProgress> Run(ICvaeEngine engine, IProgress<TrainingProgress>? progress, CancellationToken cancellation,
        TrainingCheckpoint? checkpoint = null)
    {
        // A table too small to set rows aside stops on the loss of its training rows.
        int[] judged = split.Validation.Length > 0 ? split.Validation : split.Train;
        float[] judgedNoise = new float[judged.Length * shape.Latent];
        FillNoise(judged, RandomStream.ValidationNoise, epoch: 0, judgedNoise);
        List<TrainingProgress> history = [];
        if (checkpoint?.State is TrainingState before)
        {
            engine.SetState(before.Engine);
            history.AddRange(before.History);
        }
        CvaeWeights best = checkpoint?.State?.Best ?? engine.GetWeights();
        int bestAt = history.FindLastIndex(epoch => epoch.IsBest);
        double bestLoss = bestAt < 0 ? double.PositiveInfinity : history[bestAt].ValidationLoss;
        int sinceBest = history.Count - 1 - bestAt;
        for (int epoch = history.Count + 1; epoch <= options.MaxEpochs && sinceBest < options.Patience; epoch++)
        {
            Losses train = Epoch(engine, epoch, cancellation);
            double validation = engine.Evaluate(judged, judgedNoise).Total;
            if (!double.IsFinite(train.Total) || !double.IsFinite(validation))
                throw new ArithmeticException(string.Create(CultureInfo.InvariantCulture,
                    $"training diverged in epoch {epoch}: training loss {train.Total}, validation loss {validation}; try a smaller " +
                    $"learning rate than {options.LearningRate}"));
            bool isBest = validation < bestLoss - options.MinDelta;
            if (isBest)
            {
                engine.CopyWeights(best);
                (bestLoss, sinceBest) = (validation, 0);
            }
            else
            {
                sinceBest++;
            }
            TrainingProgress report = new(epoch, options.MaxEpochs, train.Total, train.Reconstruction, train.Kld, validation, isBest);
            history.Add(report);
            if (checkpoint is not null && epoch % checkpoint.Interval == 0)
                checkpoint.Write(new(engine.GetState(), best, history), cancellation);
            progress?.Report(report);
        }
        engine.SetWeights(best);
        return history;
    }

    Losses Epoch(ICvaeEngine engine, int epoch, CancellationToken cancellation)
    {
        split.Train.CopyTo(_order, 0);
        new CounterRandom(options.Seed, RandomStream.Shuffle).Shuffle((ulong)epoch, _order);
        Losses sum = default;
        int steps = 0;
        for (int start = 0; start < _order.Length; start += options.BatchSize, steps++)
        {
            cancellation.ThrowIfCancellationRequested();
            int count = Math.Min(options.BatchSize, _order.Length - start);
            StepInput input = Input(count);
            _order.AsSpan(start, count).CopyTo(input.Rows);
            FillNoise(input.Rows, RandomStream.TrainingNoise, epoch, input.Noise);
            FillMasks(input.Rows, epoch, input.Masks);
            Losses step = engine.Step(input);
            sum = new(sum.Total + step.Total, sum.Reconstruction + step.Reconstruction, sum.Kld + step.Kld);
        }
        return new(sum.Total / steps, sum.Reconstruction / steps, sum.Kld / steps);
    }

    StepInput Input(int count)
    {
        ref StepInput? input = ref _inputs[count == options.BatchSize ? 0 : 1];
        return input ??= new(new int[count], new float[count * shape.Latent],
            [.. shape.HiddenWidths.Select(width => new float[count * width])]);
    }

    // Noise and masks belong to (epoch, row), so they don't depend on the order of the rows or on the batch.
    void FillNoise(int[] rows, RandomStream stream, int epoch, float[] noise)
    {
        CounterRandom random = new(options.Seed, stream);
        for (int i = 0; i < rows.Length; i++)
            random.FillNormal(CounterRandom.Row(epoch, rows[i]), noise.AsSpan(i * shape.Latent, shape.Latent));
    }

    void FillMasks(int[] rows, int epoch, float[][] masks)
    {
        CounterRandom random = new(options.Seed, RandomStream.Dropout);
        for (int i = 0; i < rows.Length; i++)
        {
            random.FillUniform(CounterRandom.Row(epoch, rows[i]), _uniform);
            ReadOnlySpan<float> uniform = _uniform;
            foreach (float[] mask in masks)
            {
                int width = mask.Length / rows.Length;
                Mask(uniform[..width], mask.AsSpan(i * width, width));
                uniform = uniform[width..];
            }
        }
    }

    // 0 where a uniform number is below the share that is dropped.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void Mask(ReadOnlySpan<float> uniform, Span<float> mask)
    {
        // A uniform number is a multiple of 2^-24: rounded up to one, the share parts the same numbers, and is exact in float.
        float dropped = (float)(Math.Ceiling(options.Dropout * (1 << 24)) / (1 << 24)), keep = (float)(1 / (1 - options.Dropout));
        int unit = 0;
        for (; unit <= mask.Length - Vector<float>.Count; unit += Vector<float>.Count)
            Vector.ConditionalSelect(Vector.GreaterThanOrEqual(
                new Vector<float>(uniform[unit..]), new(dropped)), new(keep), Vector<float>.Zero).CopyTo(mask[unit..]);
        for (; unit < mask.Length; unit++)
            mask[unit] = uniform[unit] >= dropped ? keep : 0;
    }
}
