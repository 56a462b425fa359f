namespace LeoCvae.Training;

/// <summary>
/// The three networks as ONNX graphs, in original units. The scaler is folded into the first and last matrix product;
/// only the column means are added in double (<see cref="NumberCodec"/>), so that a column far from zero loses nothing to float.
/// </summary>
sealed class NetworkGraphs(CvaeWeights weights, TableEncoder encoder, IReadOnlyList<ColumnSpec> columns,
    RowCoherence? coherence = null)
{
    readonly CvaeShape _shape = weights.Shape;
    readonly NumberCodec _codec = new(columns, encoder.Mean, Decoded(coherence));
    readonly int _numbers = encoder.Layout.Numbers.Length, _levels = encoder.Width - encoder.Layout.Numbers.Length;

    // Rows before they hold their constraints.
    const string Incoherent = "incoherent_rows";

    static string Decoded(RowCoherence? coherence) => coherence is { IsEmpty: false } ? Incoherent : ModelFormat.Rows;

    bool HasLevels => encoder.Layout.Blocks.Count > 0;

    /// <summary>rows double[N, d], condition float[N, C] -> mu, log_variance float[N, L].</summary>
    public byte[] Encoder()
    {
        OnnxGraph graph = new("encoder");
        graph.Input(ModelFormat.Rows, OnnxType.Double, columns.Count);
        graph.Input(ModelFormat.Condition, OnnxType.Float, _shape.Classes);
        graph.Add(_numbers > 0 ? _codec.InConstants : [], _codec.InNodes);

        CvaeWeights.Layer first = weights["encoder1"];
        Constant(graph, "encoder1_condition", InputMajor(first, _shape.Features, _shape.Classes), _shape.Classes);
        Constant(graph, "encoder1_bias", first.Bias);
        string start = _numbers == 0 && !HasLevels ? "hidden1" : "condition_term";
        graph.Node("Gemm", start, [ModelFormat.Condition, "encoder1_condition", "encoder1_bias"]);
        if (HasLevels)
        {
            float[] none = new float[first.Outputs], levels = InputMajor(first, _numbers, _levels);
            Constant(graph, LevelEncoding.WeightTensor, [.. none, .. levels.Select(weight => weight * LevelBlock.On)], 1 + _levels);
            LevelEncoding encoding = new(columns, LevelEncoding.Rows(encoder.Layout));
            graph.Add(encoding.Constants, encoding.Nodes);
            start = graph.Node("Add", _numbers == 0 ? "hidden1" : "condition_and_levels", [start, LevelEncoding.Term]);
        }
        if (_numbers > 0)
        {
            float[] scaled = InputMajor(first, 0, _numbers);
            for (int i = 0; i < scaled.Length; i++)
                scaled[i] = (float)(scaled[i] / encoder.Scale[i / first.Outputs]);
            Constant(graph, "encoder1_weight", scaled, _numbers);
            graph.Node("Gemm", "hidden1", [NumberCodec.Centered, "encoder1_weight", start]);
        }
        Gemm(graph, "encoder2", Activate(graph, "hidden1"), "hidden2");
        string active = Activate(graph, "hidden2");
        Gemm(graph, "mu", active, ModelFormat.Mu);
        Gemm(graph, "logvar", active, ModelFormat.LogVariance);
        graph.Output(ModelFormat.Mu, OnnxType.Float, _shape.Latent);
        graph.Output(ModelFormat.LogVariance, OnnxType.Float, _shape.Latent);
        return graph.ToArray();
    }

    /// <summary>latent float[N, L], class int64[N] -> rows double[N, d].</summary>
    /// <param name="levels">What levels stand for; null where there are none.</param>
    public byte[] Decoder(FittedLevels? levels = null)
    {
        OnnxGraph graph = new("decoder");
        graph.Input(ModelFormat.Latent, OnnxType.Float, _shape.Latent);
        graph.Input(ModelFormat.Class, OnnxType.Int64);
        Decode(graph, rowNoise: null, levels, isDrawn: false);
        return graph.ToArray();
    }

    /// <summary>
    /// seed int64[N], noise float[N, L] and, with row noise, factor_noise float[N, r] and column_noise float[N, d] -> rows double[N, d],
    /// class int64[N]; z = mu + sigma * noise of the seed bank. With levels a further input, choice float[N, B + R]; with a check a further
    /// output, margin float[N]. Also seed_weight double[S] and, where seeds are rows, seed_row int64[S].
    /// </summary>
    public byte[] Generator(SeedTensors seeds, FittedNoise? rowNoise, FittedLevels? levels = null, FittedCheck? check = null)
    {
        int count = seeds.Classes.Length;
        OnnxGraph graph = new("generator");
        graph.Input(ModelFormat.Seed, OnnxType.Int64);
        graph.Input(ModelFormat.Noise, OnnxType.Float, _shape.Latent);
        if (rowNoise is not null)
        {
            graph.Input(NoiseTensors.FactorNoise, OnnxType.Float, rowNoise.Tensors.Factors);
            graph.Input(NoiseTensors.ColumnNoise, OnnxType.Float, _numbers);
        }
        if (levels is not null)
            graph.Input(LevelTensors.Choice, OnnxType.Float, new LevelDecoding(columns, levels.Tensors, _shape.Classes).Choices);
        graph.Node("Gather", "mu", [graph.Constant(ModelFormat.SeedMu, seeds.Mu, count, _shape.Latent), ModelFormat.Seed]);
        graph.Node("Gather", "sigma", [graph.Constant(ModelFormat.SeedSigma, seeds.Sigma, count, _shape.Latent), ModelFormat.Seed]);
        graph.Node("Gather", ModelFormat.Class, [graph.Constant(ModelFormat.SeedClass, seeds.Classes, count), ModelFormat.Seed]);
        graph.Node("Mul", "spread", ["sigma", ModelFormat.Noise]);
        graph.Node("Add", ModelFormat.Latent, ["mu", "spread"]);
        Decode(graph, rowNoise, levels, isDrawn: true);
        if (check is not null)
            Check(graph, check);
        graph.Output(ModelFormat.Class, OnnxType.Int64);
        // Outputs, so that a reader of any language can have them, not only one that reads the file.
        if (seeds.Rows.Length > 0)
        {
            graph.Constant(ModelFormat.SeedRow, seeds.Rows, count);
            graph.ConstantOutput(ModelFormat.SeedRow, OnnxType.Int64, count);
        }
        graph.Constant(ModelFormat.SeedWeight, seeds.Weights, count);
        graph.ConstantOutput(ModelFormat.SeedWeight, OnnxType.Double, count);
        return graph.ToArray();
    }

    // Margins of finished rows.
    void Check(OnnxGraph graph, FittedCheck check)
    {
        LevelEncoding encoding = new(columns, LevelEncoding.Rows(encoder.Layout));
        ClassLayer first = check.Layers[0];
        int split = _numbers * first.Outputs;
        if (_numbers > 0)
            Constant(graph, "check1_weight", [.. first.Weight[..split].Select((weight, i) =>
                (float)(weight / encoder.Scale[i / first.Outputs]))], _numbers);
        Constant(graph, "check1_bias", first.Bias);
        Constant(graph, ClassCheck.LevelWeightTensor, [.. new float[first.Outputs], .. first.Weight[split..].Select(weight =>
            weight * LevelBlock.On)], 1 + _levels);
        foreach ((ClassLayer layer, string name) in check.Layers[1..].Zip(["check2", "check3"]))
        {
            Constant(graph, $"{name}_weight", layer.Weight, layer.Inputs);
            Constant(graph, $"{name}_bias", layer.Bias);
        }
        Constant(graph, ClassCheck.LeastTensor, check.Least, check.Least.Length);
        graph.Add(ClassCheck.Constants(_codec, encoding), ClassCheck.Nodes(_codec, encoding));
        graph.Output(ClassCheck.Margin, OnnxType.Float);
    }

    void Decode(OnnxGraph graph, FittedNoise? rowNoise, FittedLevels? levels, bool isDrawn)
    {
        // A one-hot class times its weights is a row of them: an embedding, with the bias added in.
        CvaeWeights.Layer first = weights["decoder1"];
        float[] embedding = InputMajor(first, _shape.Latent, _shape.Classes);
        for (int i = 0; i < embedding.Length; i++)
            embedding[i] += first.Bias[i % first.Outputs];
        Constant(graph, "class_embedding", embedding, _shape.Classes);
        Constant(graph, "decoder1_weight", InputMajor(first, 0, _shape.Latent), _shape.Latent);
        graph.Node("Gather", "class_term", ["class_embedding", ModelFormat.Class]);
        graph.Node("Gemm", "hidden1", [ModelFormat.Latent, "decoder1_weight", "class_term"]);
        Gemm(graph, "decoder2", Activate(graph, "hidden1"), "hidden2");

        CvaeWeights.Layer last = weights["decoder3"];
        string active = Activate(graph, "hidden2");
        // What stands before row noise is in units of each column's spread, what is decoded without it in the columns' own.
        float[] scaled = Scaled(Outputs(InputMajor(last, 0, last.Inputs), 0, _numbers),
            j => rowNoise is null ? encoder.Scale[j] : 1 / rowNoise.Spread[j]);
        if (rowNoise is not null)
            graph.Add(RowNoise.Constants(rowNoise.Tensors, scaled), RowNoise.Nodes(active));
        else if (_numbers > 0)
        {
            Constant(graph, "decoder3_weight", scaled, last.Inputs);
            Constant(graph, "decoder3_bias", Scaled([.. last.Bias[.._numbers]], j => encoder.Scale[j]));
            graph.Node("Gemm", NumberCodec.Deviation, [active, "decoder3_weight", "decoder3_bias"]);
            graph.Add([], NumberCodec.RawNodes);
        }
        graph.Add(_codec.OutConstants, _codec.OutNodes);
        if (levels is not null)
        {
            LevelDecoding decoding = new(columns, levels.Tensors, _shape.Classes);
            Constant(graph, LevelTensors.WeightName, Outputs(InputMajor(last, 0, last.Inputs), _numbers, _levels), last.Inputs);
            float[] bias = [.. levels.Offset.Select((offset, i) => offset + last.Bias[_numbers + i % _levels])];
            Constant(graph, LevelTensors.BiasName, bias, _shape.Classes);
            graph.Add(decoding.Constants(isDrawn), decoding.Nodes(active, isDrawn, Decoded(coherence)));
        }
        if (coherence is { IsEmpty: false })
        {
            (IReadOnlyList<GraphConstant> ofCoherence, IReadOnlyList<GraphNode> nodes) =
                coherence.Graph(Incoherent, ModelFormat.Rows, isDrawn && levels is not null);
            graph.Add(ofCoherence, nodes);
        }
        graph.Output(ModelFormat.Rows, OnnxType.Double, columns.Count);
    }

    // Some of a layer's outputs.
    float[] Outputs(float[] weights, int first, int count) => count == _shape.Features ? weights
        : [.. weights.Chunk(_shape.Features).SelectMany(row => row.AsSpan(first, count).ToArray())];

    void Gemm(OnnxGraph graph, string layer, string input, string result)
    {
        CvaeWeights.Layer weight = weights[layer];
        Constant(graph, $"{layer}_weight", InputMajor(weight, 0, weight.Inputs), weight.Inputs);
        Constant(graph, $"{layer}_bias", weight.Bias);
        graph.Node("Gemm", result, [input, $"{layer}_weight", $"{layer}_bias"]);
    }

    float[] Scaled(float[] values, Func<int, double> unit)
    {
        for (int i = 0; i < values.Length; i++)
            values[i] = (float)(values[i] * unit(i % _numbers));
        return values;
    }

    static string Activate(OnnxGraph graph, string tensor) =>
        graph.Node("LeakyRelu", $"{tensor}_active", [tensor], ("alpha", CvaeShape.LeakySlope));

    static void Constant(OnnxGraph graph, string name, float[] values, int? rows = null) =>
        graph.Constant(name, values, rows is int count ? [count, values.Length / count] : [values.Length]);

    // The weights of some inputs, transposed: inputs x outputs, as a row-major product wants them.
    static float[] InputMajor(CvaeWeights.Layer layer, int firstInput, int inputs)
    {
        float[] transposed = new float[inputs * layer.Outputs];
        for (int output = 0; output < layer.Outputs; output++)
            for (int input = 0; input < inputs; input++)
                transposed[input * layer.Outputs + output] = layer.Weight[output * layer.Inputs + firstInput + input];
        return transposed;
    }
}
