using System.Text.Json.Serialization;

namespace LeoCvae.Training;

/// <summary>How H enters the weights.</summary>
public enum EntropyScale
{
    /// <summary>H in bits, as published: 0 to log2(classes).</summary>
    Bits = 0,

    /// <summary>H / log2(classes): 0 to 1, whatever the number of classes.</summary>
    Normalized = 1,
}

/// <summary>What fits the network. Both compute the same, to float rounding.</summary>
public enum TrainingEngine
{
    /// <summary>Fused on a CPU, Torch on CUDA.</summary>
    Auto = 0,

    /// <summary>This library's own kernels, on a CPU: no native library, and many times as fast as libtorch on small networks.</summary>
    Fused = 1,

    /// <summary>
    /// TorchSharp with autograd: the readable definition of the method, and the way to CUDA. The application adds LeoCvae.Training.Torch
    /// and libtorch.
    /// </summary>
    Torch = 2,
}

/// <summary>
/// How a model is fitted. Immutable. Start from <see cref="Default"/> or <see cref="Paper"/> and change with <c>with</c>.
/// Symbols are those of arXiv 2509.25334.
/// </summary>
public sealed record TrainingOptions
{
    /// <summary>
    /// What a user should use. It departs from <see cref="Paper"/> where measurement says so: seeds are spread evenly, and rows get the
    /// noise that the decoder smooths away.
    /// </summary>
    public static TrainingOptions Default { get; } = new();

    /// <summary>The published equations and constants, with the plain faults of the published code repaired.</summary>
    public static TrainingOptions Paper { get; } = new() { Preset = "paper", EvenSeeds = false, SeedNeighbors = 0, NoiseScale = 0 };

    /// <summary>The preset of a name: default or paper.</summary>
    /// <exception cref="ArgumentException">There is no such preset.</exception>
    public static TrainingOptions FromPreset(string name) => name switch
    {
        "default" => Default,
        "paper" => Paper,
        _ => throw Fault.Argument(nameof(name), $"got '{name}', expected default or paper"),
    };

    /// <summary>Name of the preset that the options started from, written into the model.</summary>
    public string Preset { get; init; } = "default";

    /// <summary>k, neighbors for the entropy. <value>Default 15; 1 or more, clamped to the rows there are.</value></summary>
    public int EntropyNeighbors { get; init; } = LocalEntropy.DefaultNeighbors;

    /// <summary>
    /// gamma, power of the entropy weight (1 + H)^gamma, in the loss and in the choice of seeds. <value>Default 2.5; 0 to 20; 0 switches
    /// entropy off.</value>
    /// </summary>
    public double EntropyPower { get; init; } = 2.5;

    /// <summary>How H enters the weights. <value>Default bits.</value></summary>
    public EntropyScale EntropyScale { get; init; }

    /// <summary>beta, weight of the KL term. <value>Default 4; 0 or more.</value></summary>
    public double KldWeight { get; init; } = 4;

    /// <summary>
    /// kappa, floor under the KL term, in nats: below it the term has no gradient (free bits). <value>Default 0.1; 0 or more.</value>
    /// </summary>
    public double KldFloor { get; init; } = 0.1;

    /// <summary>L, size of the latent space. <value>Default 16; 1 to 4096.</value></summary>
    public int LatentSize { get; init; } = 16;

    /// <summary>h, size of the outer hidden layers; the inner ones have half of it. <value>Default 64; 2 to 16384, even.</value></summary>
    public int HiddenSize { get; init; } = 64;

    /// <summary>Share of hidden units dropped in training. <value>Default 0.1; 0 up to, not including, 1.</value></summary>
    public double Dropout { get; init; } = 0.1;

    /// <summary>Adam's step size. <value>Default 0.001; above 0.</value></summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>L2 penalty that is added to the gradient (Adam, not AdamW). <value>Default 0.00001; 0 or more.</value></summary>
    public double WeightDecay { get; init; } = 1e-5;

    /// <summary>Largest norm of a step's gradient. <value>Default 1; above 0.</value></summary>
    public double GradientClip { get; init; } = 1;

    /// <summary>Rows of a step. <value>Default 32; 1 or more.</value></summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>The most epochs. <value>Default 500; 1 to 16777215.</value></summary>
    public int MaxEpochs { get; init; } = 500;

    /// <summary>Epochs without improvement before training stops. <value>Default 25; 1 or more.</value></summary>
    public int Patience { get; init; } = 25;

    /// <summary>By how much the validation loss must fall to count as better. <value>Default 0.0001; 0 or more.</value></summary>
    public double MinDelta { get; init; } = 1e-4;

    /// <summary>
    /// Share of rows set aside, by class, to stop early; at least classes / rows. <value>Default 0.2; 0 up to, not including, 1.</value>
    /// </summary>
    public double ValidationShare { get; init; } = 0.2;

    /// <summary>
    /// Whether a class's seeds are spread evenly over its rows (a low-discrepancy sequence): each is chosen nearly as often as its weight
    /// says. Independent draws leave some rows out and take others thrice. <value>Default true; false, as in the paper preset, for
    /// independent draws.</value>
    /// </summary>
    public bool EvenSeeds { get; init; } = true;

    /// <summary>
    /// What every generated row holds beside what <see cref="ConstraintFinder"/> finds; it must hold in every training row.
    /// <value>Default null: nothing more.</value>
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<RowConstraint>? Constraints { get; init; }

    /// <summary>
    /// Whether generated rows hold <see cref="Constraints"/> alone, and nothing that is found. <value>Default false.</value>
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool GivenConstraintsOnly { get; init; }

    /// <summary>
    /// With how many of the nearest seeds of its class each seed is averaged, so that what the model holds of a row is that of a few rows.
    /// <value>Default 4; 0 to 1000; 0, as in the paper preset, for none.</value>
    /// </summary>
    public int SeedNeighbors { get; init; } = 4;

    /// <summary>
    /// Factor of the row noise that every synthetic row gets beside what was decoded, of the spread that decoding loses; then each column
    /// is mapped onto the quantiles of its class. Without it rows are as smooth as the decoder, and those of tables with categories or
    /// missing values are not checked for their class.
    /// <value>Default 0.7; 0 to 10; 0, as in the paper preset, for neither noise nor map.</value>
    /// </summary>
    public double NoiseScale { get; init; } = 0.7;

    /// <summary>
    /// What latent vectors are drawn from: training rows, or a mixture that is fitted to them, so that nothing of a single row is in the
    /// model. <value>Default seeds.</value>
    /// </summary>
    public LatentPrior Prior { get; init; }

    /// <summary>
    /// Whether the model keeps its training rows (standardized), their classes and a search graph, to score new rows and to embed rows
    /// without labels. Whoever has the model then has the rows. <value>Default false.</value>
    /// </summary>
    public bool WithReference { get; init; }

    /// <summary>
    /// The most rows that a fit takes; of a larger table it takes a stratified sample, of each class its share, but all of up to 1,000 rows
    /// where there is room. <value>Default null: as many as should find room in half of the memory that there is, at 1 KB a row and 64
    /// bytes a cell; 2 or more, and at least one of each class.</value>
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? MaxTrainingRows { get; init; }

    /// <summary>Seed of all random numbers. <value>Default 42.</value></summary>
    public ulong Seed { get; init; } = LeoModel.DefaultSeed;

    /// <summary>What fits the network. <value>Default auto.</value></summary>
    public TrainingEngine Engine { get; init; }

    /// <summary>
    /// cpu or cuda; cuda needs the torch engine, and an application with a CUDA build of libtorch. <value>Default cpu.</value>
    /// </summary>
    public string Device { get; init; } = "cpu";

    /// <summary>
    /// Threads of the neighbor search, of the fused engine and of the fitted model, not written into it; libtorch itself is kept at one.
    /// The result doesn't depend on it. <value>Default -1, all cores.</value>
    /// </summary>
    [JsonIgnore]
    public int MaxDegreeOfParallelism { get; init; } = -1;

    /// <summary>
    /// A file that the fit's state is written to as it goes on, and read from where it is there already: a fit that was killed goes on and
    /// ends with the same bytes. Not written into the model. The file stays when the fit ends; delete it once the model is saved.
    /// <value>Default null: none.</value>
    /// </summary>
    [JsonIgnore]
    public string? Checkpoint { get; init; }

    /// <summary>
    /// Epochs from one writing of <see cref="Checkpoint"/> to the next: the most that are lost. <value>Default 25; 1 or more.</value>
    /// </summary>
    [JsonIgnore]
    public int CheckpointInterval { get; init; } = 25;

    internal bool UsesTorch => Engine == TrainingEngine.Torch || (Engine == TrainingEngine.Auto && Device == "cuda");

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentException">A value is out of range; the message says which, what was given and what is allowed.</exception>
    public void Validate()
    {
        Require(EntropyNeighbors >= 1, nameof(EntropyNeighbors), EntropyNeighbors, "1 or more");
        Require(EntropyPower is >= 0 and <= 20, nameof(EntropyPower), EntropyPower, "0 to 20");
        Require(Enum.IsDefined(Prior), nameof(Prior), (int)Prior, "Seeds or Mixture");
        Require(Enum.IsDefined(EntropyScale), nameof(EntropyScale), (int)EntropyScale, "Bits or Normalized");
        Require(KldWeight is >= 0 and <= Largest, nameof(KldWeight), KldWeight, "0 or more");
        Require(KldFloor is >= 0 and <= Largest, nameof(KldFloor), KldFloor, "0 or more");
        Require(SeedNeighbors is >= 0 and <= 1000, nameof(SeedNeighbors), SeedNeighbors, "0 to 1000");
        Require(NoiseScale is >= 0 and <= 10, nameof(NoiseScale), NoiseScale, "0 to 10");
        Require(LatentSize is >= 1 and <= 4096, nameof(LatentSize), LatentSize, "1 to 4096");
        Require(HiddenSize is >= 2 and <= 16384 && HiddenSize % 2 == 0, nameof(HiddenSize), HiddenSize, "an even number, 2 to 16384");
        Require(Dropout is >= 0 and < 1, nameof(Dropout), Dropout, "0 up to, not including, 1");
        Require(LearningRate is > 0 and <= Largest, nameof(LearningRate), LearningRate, "above 0");
        Require(WeightDecay is >= 0 and <= Largest, nameof(WeightDecay), WeightDecay, "0 or more");
        Require(GradientClip is > 0 and <= Largest, nameof(GradientClip), GradientClip, "above 0");
        Require(BatchSize >= 1, nameof(BatchSize), BatchSize, "1 or more");
        Require(MaxEpochs is >= 1 and < 1 << 24, nameof(MaxEpochs), MaxEpochs, "1 to 16777215");
        Require(Patience >= 1, nameof(Patience), Patience, "1 or more");
        Require(MinDelta is >= 0 and <= Largest, nameof(MinDelta), MinDelta, "0 or more");
        Require(ValidationShare is >= 0 and < 1, nameof(ValidationShare), ValidationShare, "0 up to, not including, 1");
        Require(MaxDegreeOfParallelism is -1 or >= 1, nameof(MaxDegreeOfParallelism), MaxDegreeOfParallelism,
            "-1 (all cores) or 1 or more");
        Require(MaxTrainingRows is null or >= 2, nameof(MaxTrainingRows), MaxTrainingRows ?? 0, "2 or more");
        Require(CheckpointInterval >= 1, nameof(CheckpointInterval), CheckpointInterval, "1 or more");
        Fault.Unless(Checkpoint is not "", nameof(Checkpoint), "''", "a file's path");
        Require(Enum.IsDefined(Engine), nameof(Engine), (int)Engine, "Auto, Fused or Torch");
        if (Engine == TrainingEngine.Fused && Device == "cuda")
            throw Fault.Argument(nameof(Engine), $"got Fused, which runs on the CPU, with the device cuda; expected Torch or Auto");
        Fault.Unless(Device is "cpu" or "cuda", nameof(Device), $"'{Device}'", "cpu or cuda");
    }

    // What a float holds with room to spare; the engines compute in floats.
    const double Largest = 1e30;

    static void Require(bool holds, string name, double value, string allowed)
    {
        string also = !double.IsFinite(value) ? "a finite number, " : value > Largest ? "at most 1E+30, " : "";
        Fault.Unless(holds, name, value, also + allowed);
    }
}
