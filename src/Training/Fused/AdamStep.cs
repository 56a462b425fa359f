namespace LeoCvae.Training;

/// <summary>What a step of Adam needs beside weights, gradients and their running means.</summary>
/// <param name="Clip">What gradients are multiplied by.</param>
/// <param name="WeightDecay">L2 penalty, added to the gradients.</param>
/// <param name="InverseRoot">Bias correction of the running squares, of its root.</param>
/// <param name="Size">Learning rate with the bias correction of the running means, negative.</param>
readonly record struct AdamStep(float Clip, float WeightDecay, float InverseRoot, float Size)
{
    public const double Beta1 = 0.9, Beta2 = 0.999, Epsilon = 1e-8;

    /// <summary>The step of a number, from 1, by gradients whose sum of squares is given.</summary>
    public static AdamStep At(long step, double squares, double gradientClip, double weightDecay, double learningRate) => new(
        Clip: (float)Math.Min(1, gradientClip / (Math.Sqrt(squares) + 1e-6)),
        WeightDecay: (float)weightDecay,
        InverseRoot: (float)(1 / Math.Sqrt(1 - Math.Pow(Beta2, step))),
        Size: (float)-(learningRate / (1 - Math.Pow(Beta1, step))));
}
