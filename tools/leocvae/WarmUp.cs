using System.Runtime.CompilerServices;
using LeoCvae.Training;

namespace LeoCvae.Cli;

/// <summary>
/// Compiles what a fit will need while the table is still read and trained on: most of a short command's time goes to the JIT compiler,
/// and a second core is idle meanwhile. Fits a few made-up rows and throws the model away; changes no result.
/// </summary>
static class WarmUp
{
    // Batches of fifteen rows and of one: every tile of the kernels.
    const int Rows = 39, Batch = 15;

    /// <summary>Starts it where there is a JIT compiler, and these options train on a CPU with more than one thread.</summary>
    public static void Start(TrainingOptions options)
    {
        if (RuntimeFeature.IsDynamicCodeCompiled
            && options is { Engine: TrainingEngine.Auto or TrainingEngine.Fused, Device: "cpu", MaxDegreeOfParallelism: > 1 })
            _ = Task.Run(Fit);
    }

    static void Fit()
    {
        TableBuilder builder = new(["x", "y"], "label", 2);
        for (int row = 0; row < Rows; row++)
            builder.AddRow([row * 37 % 17 / 4.0, row * 53 % 19], row % 3 == 0 ? "a" : "b");
        Table table = builder.Build();
        using TrainingResult result = LeoTrainer.Fit(table,
            TrainingOptions.Default with { MaxEpochs = 1, BatchSize = Batch, MaxDegreeOfParallelism = 1 });
        result.Model.Oversample(table);
    }
}
