using System.Globalization;
using System.Text;
using System.Text.Json;

namespace LeoCvae.Training;

/// <summary>What a fit leaves behind, to be exported; the reference's bytes where one is wanted.</summary>
sealed record FittedNetwork(Table Table, TableEncoder Encoder, EntropyScores Entropy, double[] EntropyWeights, TrainingOptions Options, ICvaeEngine Engine, IReadOnlyList<TrainingProgress> Losses, byte[]? Reference);

/// <summary>Turns a fitted network into the files of a model folder. The same fit gives the same bytes.</summary>
static class ModelExporter
{
    /// <param name="fitted">The fit.</param>
    /// <param name="warnings">What the model and its card warn of; gets what only the finished networks show.</param>
    public static Dictionary<string, byte[]> Export(FittedNetwork fitted, List<string> warnings)
    {
        CvaeWeights weights = fitted.Engine.GetWeights();
        int[] seedRows = SeedRows(fitted.Table);
        NetworkGraphs graphs = new(weights, fitted.Encoder, fitted.Table.Schema.Columns);
        byte[] generator = graphs.Generator(SeedBank(fitted, seedRows, weights.Shape.Latent));
        if (ReturnedRows(fitted.Table, generator, seedRows, weights.Shape.Latent) is int returned and > 0)
            warnings.Add(string.Create(CultureInfo.InvariantCulture, $"{returned} of {fitted.Table.RowCount} training rows come back exactly from the model: don't share it where the table may not be shared"));
        ModelManifest manifest = Manifest(fitted, weights.Shape, warnings);
        Dictionary<string, byte[]> files = new()
        {
            [ModelFormat.Encoder] = Model("encoder", graphs.Encoder(), manifest, "LEO-CVAE encoder: rows and class condition to latent mean and log-variance"),
            [ModelFormat.Decoder] = Model("decoder", graphs.Decoder(), manifest, "LEO-CVAE decoder: latent vector and class to a row in original units"),
            [ModelFormat.Manifest] = Encoding.UTF8.GetBytes(manifest.ToJson()),
        };
        if (fitted.Reference is not null)
            files[ModelFormat.Reference] = fitted.Reference;
        Dictionary<string, string> hashes = files.ToDictionary(file => file.Key, file => ModelPackage.Hash(file.Value));
        files[ModelFormat.Generator] = Model("generator", generator, manifest,
            "LEO-CVAE generator: seed number and noise to a row in original units",
            KeyValuePair.Create(ModelFormat.FileHashes, JsonSerializer.Serialize(hashes, ManifestJson.Default.DictionaryStringString)));
        files[ModelFormat.Card] = Encoding.UTF8.GetBytes(ModelCard.Write(manifest, fitted.Options));
        return files;
    }

    static byte[] Model(string role, byte[] graph, ModelManifest manifest, string description, params KeyValuePair<string, string>[] more)
    {
        Dictionary<string, string> metadata = ManifestJson.ToMetadata(manifest);
        metadata[ModelFormat.Role] = role;
        metadata[ModelFormat.GraphHash] = ModelPackage.Hash(graph);
        foreach ((string key, string value) in more)
            metadata[key] = value;
        metadata[ModelFormat.MetadataHash] = ModelPackage.HashMetadata(metadata);
        return OnnxGraph.Model(graph, Producer.Version, description, metadata.OrderBy(entry => entry.Key, StringComparer.Ordinal));
    }

    // How many rows of the training table come back exactly from their own seeds, without noise.
    static int ReturnedRows(Table table, byte[] graph, int[] seedRows, int latent)
    {
        int width = table.Schema.Columns.Count, batchRows = OnnxNetwork.BatchRows(width), returned = 0;
        using ManagedGeneratorNetwork network = new(OnnxGraph.Model(graph, Producer.Version, "", []), table.Schema.Columns, latent);
        double[] decoded = new double[Math.Min(batchRows, seedRows.Length) * width];
        for (int first = 0; first < seedRows.Length; first += batchRows)
        {
            long[] seeds = [.. Enumerable.Range(first, Math.Min(batchRows, seedRows.Length - first)).Select(seed => (long)seed)];
            network.Decode(seeds, new float[seeds.Length * latent], decoded.AsSpan(0, seeds.Length * width));
            for (int i = 0; i < seeds.Length; i++)
                if (table.Row(seedRows[first + i]).SequenceEqual(decoded.AsSpan(i * width, width)))
                    returned++;
        }
        return returned;
    }

    // Seeds are the training rows grouped by class, in their own order within a class.
    static int[] SeedRows(Table table)
    {
        int[] rows = [.. Enumerable.Range(0, table.RowCount)];
        int[] labels = table.Labels.ToArray();
        return [.. rows.OrderBy(row => labels[row])];
    }

    static SeedTensors SeedBank(FittedNetwork fitted, int[] seedRows, int latent)
    {
        (Matrix mu, Matrix logVariance) = fitted.Engine.Encode();
        float[] seedMu = new float[seedRows.Length * latent], seedSigma = new float[seedRows.Length * latent];
        long[] classes = new long[seedRows.Length];
        for (int s = 0; s < seedRows.Length; s++)
        {
            classes[s] = fitted.Table.Labels[seedRows[s]];
            mu[seedRows[s]].CopyTo(seedMu.AsSpan(s * latent));
            for (int l = 0; l < latent; l++)
                seedSigma[s * latent + l] = (float)Math.Exp(0.5 * logVariance[seedRows[s]][l]);
        }
        return new(seedMu, seedSigma, classes, [.. seedRows.Select(row => (long)row)], [.. seedRows.Select(row => fitted.EntropyWeights[row])]);
    }

    static ModelManifest Manifest(FittedNetwork fitted, CvaeShape shape, IReadOnlyList<string> warnings)
    {
        TableSchema schema = fitted.Table.Schema;
        int[] counts = fitted.Table.ClassCounts();
        TrainingProgress best = fitted.Losses.Last(loss => loss.IsBest);
        return new()
        {
            Schema = new() { Target = schema.Target!, TargetIndex = schema.TargetIndex, Columns = schema.Columns },
            Classes = schema.Classes,
            LatentSize = shape.Latent,
            Options = JsonSerializer.SerializeToElement(fitted.Options, OptionsJson.Default.TrainingOptions),
            Provenance = new()
            {
                Producer = Producer.Name,
                Engine = fitted.Options.UsesTorch ? "torch" : "fused",
                Rows = fitted.Table.RowCount,
                ClassCounts = counts,
                DataSha256 = fitted.Table.Sha256(),
                MeanEntropyBits = Math.Round(fitted.Entropy.Bits.ToArray().Average(), 6),
                Epochs = fitted.Losses.Count,
                BestEpoch = best.Epoch,
                BestValidationLoss = best.ValidationLoss,
                Warnings = [.. warnings],
            },
            Sampling = new()
            {
                ClassStarts = [0, .. counts.Select((_, c) => counts[..(c + 1)].Sum())],
                EvenSeeds = fitted.Options.EvenSeeds,
                ResidualScale = fitted.Options.ResidualScale,
                ResidualNeighbors = fitted.Options.EntropyNeighbors,
            },
        };
    }
}
