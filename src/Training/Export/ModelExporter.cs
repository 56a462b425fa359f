using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace LeoCvae.Training;

/// <summary>What a fit leaves behind, to be exported; the reference's bytes where one is wanted.</summary>
sealed record FittedNetwork(Table Table, TableEncoder Encoder, EntropyScores Entropy, double[] EntropyWeights, TrainingOptions Options,
    ICvaeEngine Engine, IReadOnlyList<TrainingProgress> Losses, byte[]? Reference, IReadOnlyList<RowConstraint>? Constraints = null,
    int[]? Groups = null);

/// <summary>Turns a fitted network into the files of a model folder. The same fit gives the same bytes.</summary>
static class ModelExporter
{
    // Of rows of which one in three passes, one in seven hundred never does.
    const int Attempts = 16;

    // Rounds in which the shares of levels are corrected for what is drawn again.
    const int Corrections = 2;

    // Rows of all classes that a round looks at, and the fewest of each.
    const int CorrectedRows = 16000, FewestCorrectedRows = 500;

    /// <param name="fitted">The fit.</param>
    /// <param name="warnings">What the model and its card warn of; gets what only the finished networks show.</param>
    /// <param name="cancellation">Stops the fit of the row noise.</param>
    public static Dictionary<string, byte[]> Export(FittedNetwork fitted, List<string> warnings, CancellationToken cancellation)
    {
        CvaeWeights weights = fitted.Engine.GetWeights();
        int[] seedRows = SeedRows(fitted.Table);
        NetworkGraphs graphs = new(weights, fitted.Encoder, fitted.Table.Schema.Columns,
            new(fitted.Table.Schema.Columns, fitted.Constraints ?? []));
        SeedTensors posteriors = Posteriors(fitted, seedRows, weights.Shape.Latent);
        int[] starts = Starts(fitted.Table);
        TrainingOptions options = fitted.Options;
        (SeedTensors Seeds, int[] Starts) prior = options.Prior == LatentPrior.Mixture
            ? MixtureFit.Fit(posteriors, starts, weights.Shape.Latent, options.Seed,
                new() { MaxDegreeOfParallelism = options.MaxDegreeOfParallelism, CancellationToken = cancellation })
            : (SeedBlur.Of(posteriors, starts, weights.Shape.Latent, options.SeedNeighbors, options.MaxDegreeOfParallelism, cancellation),
                starts);
        FeatureLayout layout = fitted.Encoder.Layout;
        bool hasLevels = layout.Blocks.Count > 0, isNoisy = options.NoiseScale > 0 && layout.Numbers.Length > 0;
        FittedLevels? levels = !hasLevels ? null : new(LevelFit.Tensors(fitted.Table, seedRows, fitted.Encoder),
            new float[(starts.Length - 1) * (layout.Features - layout.Numbers.Length)]);
        byte[] decoder = graphs.Decoder(levels);
        FittedNoise? rowNoise = null;
        FittedCheck? check = null;
        double[][] wanted = [];
        if (hasLevels || isNoisy)
        {
            Matrix x = fitted.Encoder.Encode(fitted.Table, seedRows);
            using ManagedDecoder plain = new(new(ModelFormat.Decoder, OnnxGraph.Model(decoder, Producer.Version, "", [])),
                layout.Numbers.Length, weights.Shape.Latent);
            if (levels is not null)
            {
                wanted = LevelFit.Wanted(x, layout, posteriors.Weights, starts);
                levels = levels with { Offset = LevelFit.Offsets(wanted, layout, plain, prior, options, cancellation) };
                if (options.NoiseScale > 0)
                    check = ClassCheckFit.Fit(x, starts, fitted.Groups is { } groups ? [.. seedRows.Select(row => groups[row])] : null,
                        options, cancellation);
            }
            if (isNoisy)
                rowNoise = RowNoiseFit.Fit(Numbers(x, layout), fitted.Encoder.Scale, plain,
                    weights["decoder3"].Bias[..layout.Numbers.Length], posteriors, starts, prior, options, cancellation);
        }
        IReadOnlyList<ColumnSpec> columns = fitted.Table.Schema.Columns;
        int attempts = check is null ? 0 : Attempts;
        for (int round = 0; check is not null && round < Corrections; round++)
        {
            using Generator checkedRows = Opened(graphs.Generator(prior.Seeds, rowNoise, levels, check), out _);
            Table some = Some(fitted, checkedRows, LevelFit.FirstDraw, Math.Max(FewestCorrectedRows, CorrectedRows / wanted.Length));
            levels = levels! with { Offset = LevelFit.Corrected(levels.Offset, wanted, layout, fitted.Encoder.Encode(some)) };
        }
        if (levels is not null)
            decoder = graphs.Decoder(levels);
        byte[] generator = graphs.Generator(prior.Seeds, rowNoise, levels, check);
        using Generator drawn = Opened(generator, out int choices);
        if (ReturnedRows(fitted.Table, drawn.DecodeMeans(columns.Count)) is int returned and > 0)
            warnings.Add(string.Create(CultureInfo.InvariantCulture,
                $"{returned} of {fitted.Table.RowCount} training rows come back exactly from the model: don't share it where the table " +
                $"may not be shared"));
        NearCopies near = Nearness(fitted, drawn);
        ManifestSampling sampling = new()
        {
            Prior = options.Prior,
            ClassStarts = prior.Starts,
            ComponentRows = prior.Seeds.ComponentRows,
            EvenSeeds = options.EvenSeeds,
            NoiseFactors = rowNoise?.Tensors.Factors ?? 0,
            Choices = choices,
            Attempts = attempts,
        };
        ModelManifest manifest = Manifest(fitted, weights.Shape, sampling, near, warnings);
        Dictionary<string, byte[]> files = new()
        {
            [ModelFormat.Encoder] = Model("encoder", graphs.Encoder(), manifest,
                "LEO-CVAE encoder: rows and class condition to latent mean and log-variance"),
            [ModelFormat.Decoder] = Model("decoder", decoder, manifest,
                "LEO-CVAE decoder: latent vector and class to a row in original units"),
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

        Generator Opened(byte[] graph, out int choices)
        {
            ManagedGeneratorNetwork network = new(OnnxGraph.Model(graph, Producer.Version, "", []), columns, weights.Shape.Latent,
                fitted.Constraints);
            choices = network.Choices;
            // Takes the network over.
            return new(network, prior.Seeds.Bank(prior.Starts), options.EvenSeeds, weights.Shape.Latent,
                OnnxNetwork.BatchRows(columns.Count), attempts);
        }
    }

    // As many rows of each class, of each from the same number on, in the order of the classes.
    static Table Some(FittedNetwork fitted, Generator generator, long first, int each)
    {
        (TableSchema schema, int classes) = (fitted.Table.Schema, fitted.Table.Schema.Classes.Count);
        int width = schema.Columns.Count;
        double[] values = new double[(long)classes * each * width];
        int[] labels = [.. Enumerable.Range(0, classes * each).Select(row => row / each)], sources = new int[labels.Length];
        Parallel.For(0, classes, new() { MaxDegreeOfParallelism = fitted.Options.MaxDegreeOfParallelism }, c => generator.Fill(
            SeedWeights.Entropy, fitted.Options.Seed, c, first, values.AsSpan(c * each * width, each * width),
            sources.AsSpan(c * each, each)));
        return new(schema, values, labels, realRows: 0, sources);
    }

    // Standardized numbers of encoded rows; NaN where one is missing.
    static float[] Numbers(Matrix x, FeatureLayout layout)
    {
        if (layout.Blocks.Count == 0)
            return x.Values;
        float[] numbers = new float[x.Rows * layout.Numbers.Length];
        for (int i = 0; i < x.Rows; i++)
        {
            Span<float> row = numbers.AsSpan(i * layout.Numbers.Length, layout.Numbers.Length);
            x[i][..layout.Numbers.Length].CopyTo(row);
            foreach (LevelBlock block in layout.Blocks.Where(block => block.Number >= 0))
                if (x[i][block.First + block.Missing] > 0)
                    row[block.Number] = float.NaN;
        }
        return numbers;
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

    // How many rows of the training table come back exactly from a seed, without noise.
    static int ReturnedRows(Table table, double[] decoded)
    {
        int width = table.Schema.Columns.Count;
        // -0 equals 0.
        static string Key(ReadOnlySpan<double> row) =>
            Convert.ToBase64String(MemoryMarshal.AsBytes<double>([.. row.ToArray().Select(value => value + 0.0)]));
        HashSet<string> returned = [.. Enumerable.Range(0, decoded.Length / width)
            .Select(seed => Key(decoded.AsSpan(seed * width, width)))];
        return Enumerable.Range(0, table.RowCount).Count(row => returned.Contains(Key(table.Row(row))));
    }

    // Of some generated rows of every class.
    static NearCopies Nearness(FittedNetwork fitted, Generator drawn)
    {
        // Enough for a share to the hundredth or two, and cheap beside any fit.
        const int Measured = 200;
        Table table = fitted.Table;
        int each = Math.Max(1, Measured / table.Schema.Classes.Count);
        Table made = Some(fitted, drawn, first: 0, each);
        return NearCopies.Of((table, 0, table.RowCount), (made, 0, made.RowCount), fitted.Encoder, each,
            fitted.Options.MaxDegreeOfParallelism);
    }

    // First seed of each class, and their number at the end.
    static int[] Starts(Table table)
    {
        int[] counts = table.ClassCounts();
        return [0, .. counts.Select((_, c) => counts[..(c + 1)].Sum())];
    }

    // Seeds are the training rows grouped by class, in their own order within a class.
    static int[] SeedRows(Table table)
    {
        int[] rows = [.. Enumerable.Range(0, table.RowCount)];
        int[] labels = table.Labels.ToArray();
        return [.. rows.OrderBy(row => labels[row])];
    }

    static SeedTensors Posteriors(FittedNetwork fitted, int[] seedRows, int latent)
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
        return new(seedMu, seedSigma, classes, [.. seedRows.Select(row => (long)row)],
            [.. seedRows.Select(row => fitted.EntropyWeights[row])]);
    }

    static ModelManifest Manifest(FittedNetwork fitted, CvaeShape shape, ManifestSampling sampling, NearCopies near,
        IReadOnlyList<string> warnings)
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
                NearCopiesWithinHalf = Math.Round(near.WithinHalf, 3),
                NearCopiesWithinTenth = Math.Round(near.WithinTenth, 3),
                NearCopiesOfFewRecords = [.. near.OfFewRecords.Select(few => schema.ClassIndex(few.Class))],
                Warnings = [.. warnings],
            },
            Sampling = sampling,
            Constraints = fitted.Constraints is { Count: > 0 } constraints ? constraints : null,
        };
    }
}
