using System.Globalization;
using System.Reflection;

namespace LeoCvae.Training.Tests;

[TestClass]
public class TrainingOptionsTests
{
    static readonly TrainingOptions Valid = TrainingOptions.Default;

    static IEnumerable<(TrainingOptions Options, string Property, string Given, string Allowed)> OutOfRange =>
    [
        (Valid with { EntropyNeighbors = 0 }, "EntropyNeighbors", "0", "1 or more"),
        (Valid with { EntropyNeighbors = -3 }, "EntropyNeighbors", "-3", "1 or more"),
        (Valid with { EntropyPower = -0.5 }, "EntropyPower", "-0.5", "0 to 20"),
        (Valid with { EntropyPower = 20.5 }, "EntropyPower", "20.5", "0 to 20"),
        (Valid with { EntropyPower = double.NaN }, "EntropyPower", "NaN", "a finite number, 0 to 20"),
        (Valid with { EntropyScale = (EntropyScale)7 }, "EntropyScale", "7", "Bits or Normalized"),
        (Valid with { KldWeight = -1e-9 }, "KldWeight", "-1E-09", "0 or more"),
        (Valid with { KldWeight = double.PositiveInfinity }, "KldWeight", "Infinity", "a finite number, 0 or more"),
        (Valid with { KldWeight = double.NaN }, "KldWeight", "NaN", "a finite number, 0 or more"),
        (Valid with { KldFloor = -0.1 }, "KldFloor", "-0.1", "0 or more"),
        (Valid with { KldFloor = double.NaN }, "KldFloor", "NaN", "a finite number, 0 or more"),
        (Valid with { KldFloor = double.PositiveInfinity }, "KldFloor", "Infinity", "a finite number, 0 or more"),
        (Valid with { NoiseScale = -0.1 }, "NoiseScale", "-0.1", "0 to 10"),
        (Valid with { NoiseScale = 10.5 }, "NoiseScale", "10.5", "0 to 10"),
        (Valid with { NoiseScale = double.NaN }, "NoiseScale", "NaN", "a finite number, 0 to 10"),
        (Valid with { SeedNeighbors = -1 }, "SeedNeighbors", "-1", "0 to 1000"),
        (Valid with { Prior = (LatentPrior)2 }, "Prior", "2", "Seeds or Mixture"),
        (Valid with { LatentSize = 0 }, "LatentSize", "0", "1 to 4096"),
        (Valid with { LatentSize = 4097 }, "LatentSize", "4097", "1 to 4096"),
        (Valid with { HiddenSize = 0 }, "HiddenSize", "0", "an even number, 2 to 16384"),
        (Valid with { HiddenSize = 63 }, "HiddenSize", "63", "an even number, 2 to 16384"),
        (Valid with { HiddenSize = 16386 }, "HiddenSize", "16386", "an even number, 2 to 16384"),
        (Valid with { Dropout = -0.1 }, "Dropout", "-0.1", "0 up to, not including, 1"),
        (Valid with { Dropout = 1 }, "Dropout", "1", "0 up to, not including, 1"),
        (Valid with { Dropout = double.NaN }, "Dropout", "NaN", "a finite number, 0 up to, not including, 1"),
        (Valid with { LearningRate = 0 }, "LearningRate", "0", "above 0"),
        (Valid with { LearningRate = double.PositiveInfinity }, "LearningRate", "Infinity", "a finite number, above 0"),
        (Valid with { LearningRate = double.NaN }, "LearningRate", "NaN", "a finite number, above 0"),
        (Valid with { WeightDecay = -1 }, "WeightDecay", "-1", "0 or more"),
        (Valid with { WeightDecay = double.NaN }, "WeightDecay", "NaN", "a finite number, 0 or more"),
        (Valid with { WeightDecay = double.PositiveInfinity }, "WeightDecay", "Infinity", "a finite number, 0 or more"),
        (Valid with { GradientClip = 0 }, "GradientClip", "0", "above 0"),
        (Valid with { GradientClip = double.NaN }, "GradientClip", "NaN", "a finite number, above 0"),
        (Valid with { GradientClip = double.PositiveInfinity }, "GradientClip", "Infinity", "a finite number, above 0"),
        (Valid with { BatchSize = 0 }, "BatchSize", "0", "1 or more"),
        (Valid with { MaxEpochs = 0 }, "MaxEpochs", "0", "1 to 16777215"),
        (Valid with { MaxEpochs = 1 << 24 }, "MaxEpochs", "16777216", "1 to 16777215"),
        (Valid with { Patience = 0 }, "Patience", "0", "1 or more"),
        (Valid with { MinDelta = -1 }, "MinDelta", "-1", "0 or more"),
        (Valid with { MinDelta = double.NaN }, "MinDelta", "NaN", "a finite number, 0 or more"),
        (Valid with { MinDelta = double.PositiveInfinity }, "MinDelta", "Infinity", "a finite number, 0 or more"),
        (Valid with { ValidationShare = -0.1 }, "ValidationShare", "-0.1", "0 up to, not including, 1"),
        (Valid with { ValidationShare = 1 }, "ValidationShare", "1", "0 up to, not including, 1"),
        (Valid with { ValidationShare = double.NaN }, "ValidationShare", "NaN", "a finite number, 0 up to, not including, 1"),
        (Valid with { MaxDegreeOfParallelism = 0 }, "MaxDegreeOfParallelism", "0", "-1 (all cores) or 1 or more"),
        (Valid with { MaxDegreeOfParallelism = -2 }, "MaxDegreeOfParallelism", "-2", "-1 (all cores) or 1 or more"),
        (Valid with { Checkpoint = "" }, "Checkpoint", "''", "a file's path"),
        (Valid with { MaxTrainingRows = 1 }, "MaxTrainingRows", "1", "2 or more"),
        (Valid with { CheckpointInterval = 0 }, "CheckpointInterval", "0", "1 or more"),
        (Valid with { Engine = (TrainingEngine)7 }, "Engine", "7", "Auto, Fused or Torch"),
        (Valid with { Device = "tpu" }, "Device", "'tpu'", "cpu or cuda"),
        (Valid with { Device = "CPU" }, "Device", "'CPU'", "cpu or cuda"),
    ];

    [TestMethod]
    [DynamicData(nameof(OutOfRange), DynamicDataDisplayName = nameof(NameOf))]
    public void A_value_out_of_range_is_refused_with_its_name_the_value_and_what_is_allowed(TrainingOptions options, string property,
        string given, string allowed) =>
        Assert.AreEqual((property, $"got {given}, expected {allowed} (Parameter '{property}')"), Fault(options.Validate));

    public static string NameOf(MethodInfo test, object[] row) => $"{test?.Name} ({row?[1]} {row?[2]})";

    [TestMethod]
    public void The_fused_engine_is_for_the_CPU() =>
        Expect.Throws<ArgumentException>((Valid with { Engine = TrainingEngine.Fused, Device = "cuda" }).Validate, "Engine: got Fused",
            "cuda", "expected Torch or Auto");

    [TestMethod]
    public void Every_property_that_can_be_out_of_range_is_covered_here()
    {
        HashSet<string> anything = ["Preset", "Seed", "EvenSeeds", "WithReference", "Constraints", "GivenConstraintsOnly"];
        HashSet<string> covered = [.. OutOfRange.Select(row => row.Property)];
        string[] properties = [.. typeof(TrainingOptions).GetProperties(BindingFlags.Instance | BindingFlags.Public)
            .Select(property => property.Name).Where(name => !anything.Contains(name))];
        CollectionAssert.AreEquivalent(properties, covered.ToArray());
    }

    [TestMethod]
    public void Fitting_refuses_them_before_it_looks_at_the_table()
    {
        Table empty = Table.FromArrays(new double[0, 1], []);
        Assert.Contains("Dropout",
            Assert.ThrowsExactly<ArgumentException>(() => LeoTrainer.Fit(empty, Valid with { Dropout = 2 })).Message);
    }

    [TestMethod]
    public void The_bounds_themselves_are_allowed()
    {
        TrainingOptions smallest = new()
        {
            EntropyNeighbors = 1,
            EntropyPower = 0,
            KldWeight = 0,
            KldFloor = 0,
            LatentSize = 1,
            HiddenSize = 2,
            Dropout = 0,
            LearningRate = double.Epsilon,
            WeightDecay = 0,
            GradientClip = double.Epsilon,
            BatchSize = 1,
            MaxEpochs = 1,
            Patience = 1,
            MinDelta = 0,
            ValidationShare = 0,
            Seed = 0,
            MaxDegreeOfParallelism = 1,
        };
        TrainingOptions largest = new()
        {
            EntropyNeighbors = int.MaxValue,
            EntropyPower = 20,
            EntropyScale = EntropyScale.Normalized,
            LatentSize = 4096,
            HiddenSize = 16384,
            Dropout = 0.999,
            BatchSize = int.MaxValue,
            MaxEpochs = (1 << 24) - 1,
            Patience = int.MaxValue,
            ValidationShare = 0.999,
            Seed = ulong.MaxValue,
            Device = "cuda",
            MaxDegreeOfParallelism = int.MaxValue,
        };
        smallest.Validate();
        largest.Validate();
    }

    [TestMethod]
    public void Presets_are_found_by_name_and_are_valid()
    {
        Assert.AreSame(TrainingOptions.Default, TrainingOptions.FromPreset("default"));
        Assert.AreSame(TrainingOptions.Paper, TrainingOptions.FromPreset("paper"));
        foreach (string name in new[] { "default", "paper" })
        {
            TrainingOptions.FromPreset(name).Validate();
            Assert.AreEqual(name, TrainingOptions.FromPreset(name).Preset);
        }
    }

    [TestMethod]
    [DataRow("papers")]
    [DataRow("Paper")]
    [DataRow("")]
    public void An_unknown_preset_is_refused_with_the_known_ones(string name) =>
        Assert.AreEqual(("name", $"got '{name}', expected default or paper (Parameter 'name')"),
            Fault(() => TrainingOptions.FromPreset(name)));

    [TestMethod]
    public void The_default_is_the_paper_with_even_seeds_and_row_noise()
    {
        Assert.AreEqual(TrainingOptions.Default, TrainingOptions.Paper with
        {
            Preset = "default",
            EvenSeeds = true,
            SeedNeighbors = 4,
            NoiseScale = 0.7
        });
        Assert.AreNotEqual(TrainingOptions.Default, TrainingOptions.Paper);
    }

    [TestMethod]
    public void The_paper_preset_is_the_published_one()
    {
        TrainingOptions published = new()
        {
            Preset = "paper",
            EntropyNeighbors = 15,
            EntropyPower = 2.5,
            EntropyScale = EntropyScale.Bits,
            KldWeight = 4,
            KldFloor = 0.1,
            LatentSize = 16,
            HiddenSize = 64,
            EvenSeeds = false,
            SeedNeighbors = 0,
            NoiseScale = 0,
            Dropout = 0.1,
            LearningRate = 1e-3,
            WeightDecay = 1e-5,
            GradientClip = 1,
            BatchSize = 32,
            MaxEpochs = 500,
            Patience = 25,
            MinDelta = 1e-4,
            ValidationShare = 0.2,
            Seed = 42,
            Device = "cpu",
        };
        Assert.AreEqual(published, TrainingOptions.Paper);
    }

    [TestMethod]
    public void Messages_are_the_same_in_a_culture_with_a_decimal_comma()
    {
        Assert.AreEqual("1,5", 1.5.ToString(CultureInfo.CurrentCulture), "the culture of these tests is not hostile");
        Assert.Contains("got -0.5,", Assert.ThrowsExactly<ArgumentException>((Valid with { MinDelta = -0.5 }).Validate).Message);
    }

    static (string? Parameter, string Message) Fault(Action action)
    {
        ArgumentException exception = Assert.ThrowsExactly<ArgumentException>(action);
        return (exception.ParamName, exception.Message);
    }
}
