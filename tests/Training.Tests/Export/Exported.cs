namespace LeoCvae.Training.Tests.Export;

/// <summary>A network of known weights on a table, exported: comparing the files with TorchSharp needs no training.</summary>
sealed class Exported : IDisposable
{
    public Exported(Table table, int hidden = 16, int latent = 4, float weightScale = 1.5f, double noiseScale = 0.7)
    {
        LibTorch.EnsureLoaded();
        (Table, Encoder) = (table, TableEncoder.Fit(table));
        Options = TrainingOptions.Default with
        {
            Engine = TrainingEngine.Torch,
            HiddenSize = hidden,
            LatentSize = latent,
            NoiseScale = noiseScale,
            SeedNeighbors = 0
        };
        Matrix x = Encoder.Encode(table);
        EntropyScores entropy = LocalEntropy.Score(x, table.Labels, table.Schema.Classes, 5, NeighborSearch.Auto, threads: 1);
        Weights = Samples.Weights(new(x.Columns, table.Schema.Classes.Count, hidden, latent), weightScale);
        Engine = new(Options, new(x, table.Labels.ToArray(), [.. Enumerable.Repeat(1f, table.RowCount)], Encoder.Layout), Weights);
        TrainingProgress[] losses = [new(1, 3, 9.5, 9, 0.125, 8.5, true), new(2, 3, 9.5, 9, 0.125, 7.25, true),
            new(3, 3, 9.5, 9, 0.125, 7.5, false)];
        EntropyWeights = [.. entropy.Bits.ToArray().Select(bits => Math.Pow(1 + bits, 2.5))];
        Fitted = new(table, Encoder, entropy, EntropyWeights, Options, Engine, losses, Reference: null);
        Files = ModelExporter.Export(Fitted, ["a warning of 1.5"], default);
    }

    public Table Table { get; }

    public TableEncoder Encoder { get; }

    public TrainingOptions Options { get; }

    public CvaeWeights Weights { get; }

    public CvaeShape Shape => Weights.Shape;

    public TorchEngine Engine { get; }

    public double[] EntropyWeights { get; }

    public FittedNetwork Fitted { get; }

    public Dictionary<string, byte[]> Files { get; }

    public ManifestSampling Sampling
    {
        get
        {
            using LeoModel model = LeoModel.FromFiles(Files);
            return model.Manifest.Sampling;
        }
    }

    public byte[] this[string file] => Files[file];

    public void Dispose() => Engine.Dispose();
}
