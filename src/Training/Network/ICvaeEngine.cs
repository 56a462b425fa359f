namespace LeoCvae.Training;

/// <summary>
/// Fits the network on one data set that it holds. Everything random comes in from outside, so that engines and oracles
/// given the same rows, noise and masks do the same.
/// </summary>
interface ICvaeEngine : IDisposable
{
    /// <summary>A copy of the weights as they are now.</summary>
    CvaeWeights GetWeights();

    /// <summary>Copies the weights as they are now into arrays that are there.</summary>
    void CopyWeights(CvaeWeights to);

    /// <summary>Replaces the weights (not the optimizer's state).</summary>
    void SetWeights(CvaeWeights weights);

    /// <summary>A copy of all that the next step depends on.</summary>
    EngineState GetState();

    /// <summary>Goes on from a state.</summary>
    void SetState(EngineState state);

    /// <summary>One step: forward, loss, backward, clipping, Adam.</summary>
    Losses Step(StepInput step);

    /// <summary>The loss of a step and its unclipped gradients, in the shape of the weights; nothing is updated. For tests.</summary>
    (Losses Losses, CvaeWeights Gradients) Gradients(StepInput step);

    /// <summary>The loss of some rows, dropout off.</summary>
    /// <param name="rows">Row numbers.</param>
    /// <param name="noise">rows x L.</param>
    Losses Evaluate(ReadOnlySpan<int> rows, float[] noise);

    /// <summary>mu and log-variance of every row, given its own class, dropout off.</summary>
    (Matrix Mu, Matrix LogVariance) Encode();
}

/// <summary>
/// Weights and Adam's state, in the shape of the weights: running means of the gradients and of their squares after so many steps.
/// </summary>
sealed record EngineState(int Step, CvaeWeights Weights, CvaeWeights Means, CvaeWeights Squares);

/// <summary>
/// What a step is given: b row numbers, noise b x L, and for each of the four hidden layers a mask b x width of 0 or 1 / (1 - dropout).
/// Good for the step only: the arrays are written again for the next one.
/// </summary>
sealed record StepInput(int[] Rows, float[] Noise, float[][] Masks);

/// <summary>A loss and its parts: total = reconstruction + beta * max(kld, kappa).</summary>
readonly record struct Losses(double Total, double Reconstruction, double Kld);

/// <summary>What an engine is fitted on.</summary>
/// <param name="X">Encoded rows.</param>
/// <param name="Labels">The class of each.</param>
/// <param name="RowWeights">The weight w_i of each.</param>
/// <param name="Layout">What the features are; null for numbers, none of them missing.</param>
sealed record TrainingData(Matrix X, int[] Labels, float[] RowWeights, FeatureLayout? Layout = null);
