namespace LeoCvae.Training.Tests;

/// <summary>
/// An engine that only remembers what it is given and plays back validation losses (the last one again and again).
/// Each weight is the number of steps taken, changed in place; what it hands out and takes in is copied.
/// </summary>
sealed class FakeEngine(CvaeShape shape, params double[] validation) : ICvaeEngine
{
    readonly CvaeWeights _weights = Samples.Weights(shape, 0);

    public List<StepInput> Steps { get; } = [];

    public List<(int[] Rows, float[] Noise)> Evaluations { get; } = [];

    public Func<int, Losses> TrainLoss { get; init; } = _ => new(1, 1, 0);

    /// <summary>The number of steps that the present weights stand for.</summary>
    public int Version => (int)_weights["mu"].Bias[0];

    public Losses Step(StepInput step)
    {
        // A step's arrays are used again for the next one.
        Steps.Add(new([.. step.Rows], [.. step.Noise], [.. step.Masks.Select(mask => mask.ToArray())]));
        foreach (CvaeWeights.Layer layer in _weights.Layers)
        {
            Array.Fill(layer.Weight, Steps.Count);
            Array.Fill(layer.Bias, Steps.Count);
        }
        return TrainLoss(Steps.Count);
    }

    public (Losses Losses, CvaeWeights Gradients) Gradients(StepInput step) => throw new NotSupportedException();

    public Losses Evaluate(ReadOnlySpan<int> rows, float[] noise)
    {
        Evaluations.Add((rows.ToArray(), noise));
        return new(validation[Math.Min(Evaluations.Count, validation.Length) - 1], 0, 0);
    }

    public CvaeWeights GetWeights() => Copy(_weights);

    public void CopyWeights(CvaeWeights to)
    {
        foreach ((CvaeWeights.Layer into, CvaeWeights.Layer from) in to.Layers.Zip(_weights.Layers))
        {
            from.Weight.CopyTo(into.Weight, 0);
            from.Bias.CopyTo(into.Bias, 0);
        }
    }

    public EngineState GetState() => throw new NotSupportedException();

    public void SetState(EngineState state) => throw new NotSupportedException();

    public void SetWeights(CvaeWeights weights)
    {
        foreach ((CvaeWeights.Layer to, CvaeWeights.Layer from) in _weights.Layers.Zip(Copy(weights).Layers))
        {
            from.Weight.CopyTo(to.Weight, 0);
            from.Bias.CopyTo(to.Bias, 0);
        }
    }

    public (Matrix Mu, Matrix LogVariance) Encode() => throw new NotSupportedException();

    public void Dispose()
    {
    }

    CvaeWeights Copy(CvaeWeights weights) =>
        new(shape, weights.Layers.Select(layer => layer with { Weight = [.. layer.Weight], Bias = [.. layer.Bias] }));
}
