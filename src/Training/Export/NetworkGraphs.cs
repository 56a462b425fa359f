namespace LeoCvae.Training;

/// <summary>
/// The three networks as ONNX graphs, in original units. The scaler is folded into the first and last matrix product;
/// only the column means are added in double, so that a column far from zero loses nothing to float.
/// </summary>
sealed class NetworkGraphs(CvaeWeights weights, TableEncoder encoder, IReadOnlyList<ColumnSpec> columns)
{
    readonly CvaeShape _shape = weights.Shape;

    /// <summary>rows double[N, d], condition float[N, C] -> mu, log_variance float[N, L].</summary>
    public byte[] Encoder()
    {
        OnnxGraph graph = new("encoder");
        graph.Input(ModelFormat.Rows, OnnxGraph.DoubleType, _shape.Features);
        graph.Input(ModelFormat.Condition, OnnxGraph.FloatType, _shape.Classes);
        graph.Node("Sub", "centered", [ModelFormat.Rows, graph.Constant("column_mean", encoder.Mean, _shape.Features)]);
        graph.Node("Cast", "centered_float", ["centered"], ("to", OnnxGraph.FloatType));

        CvaeWeights.Layer first = weights["encoder1"];
        Constant(graph, "encoder1_condition", InputMajor(first, _shape.Features, _shape.Classes), _shape.Classes);
        Constant(graph, "encoder1_bias", first.Bias);
        graph.Node("Gemm", "condition_term", [ModelFormat.Condition, "encoder1_condition", "encoder1_bias"]);
        float[] scaled = InputMajor(first, 0, _shape.Features);
        for (int i = 0; i < scaled.Length; i++)
            scaled[i] = (float)(scaled[i] / encoder.Scale[i / first.Outputs]);
        Constant(graph, "encoder1_weight", scaled, _shape.Features);
        graph.Node("Gemm", "hidden1", ["centered_float", "encoder1_weight", "condition_term"]);
        Gemm(graph, "encoder2", Activate(graph, "hidden1"), "hidden2");
        string active = Activate(graph, "hidden2");
        Gemm(graph, "mu", active, ModelFormat.Mu);
        Gemm(graph, "logvar", active, ModelFormat.LogVariance);
        graph.Output(ModelFormat.Mu, OnnxGraph.FloatType, _shape.Latent);
        graph.Output(ModelFormat.LogVariance, OnnxGraph.FloatType, _shape.Latent);
        return graph.ToArray();
    }

    /// <summary>latent float[N, L], class int64[N] -> rows double[N, d].</summary>
    public byte[] Decoder()
    {
        OnnxGraph graph = new("decoder");
        graph.Input(ModelFormat.Latent, OnnxGraph.FloatType, _shape.Latent);
        graph.Input(ModelFormat.Class, OnnxGraph.Int64Type);
        Decode(graph, ModelFormat.Latent);
        return graph.ToArray();
    }

    /// <summary>seed int64[N], noise float[N, L] -> rows double[N, d], class int64[N]; z = mu + sigma * noise of the seed bank.</summary>
    public byte[] Generator(SeedTensors seeds)
    {
        int count = seeds.Classes.Length;
        OnnxGraph graph = new("generator");
        graph.Input(ModelFormat.Seed, OnnxGraph.Int64Type);
        graph.Input(ModelFormat.Noise, OnnxGraph.FloatType, _shape.Latent);
        graph.Node("Gather", "mu", [graph.Constant(ModelFormat.SeedMu, seeds.Mu, count, _shape.Latent), ModelFormat.Seed]);
        graph.Node("Gather", "sigma", [graph.Constant("seed_sigma", seeds.Sigma, count, _shape.Latent), ModelFormat.Seed]);
        graph.Node("Gather", ModelFormat.Class, [graph.Constant("seed_class", seeds.Classes, count), ModelFormat.Seed]);
        graph.Node("Mul", "spread", ["sigma", ModelFormat.Noise]);
        graph.Node("Add", ModelFormat.Latent, ["mu", "spread"]);
        Decode(graph, ModelFormat.Latent);
        graph.Output(ModelFormat.Class, OnnxGraph.Int64Type);
        return graph.ToArray();
    }

    void Decode(OnnxGraph graph, string latent)
    {
        // A one-hot class times its weights is a row of them: an embedding, with the bias added in.
        CvaeWeights.Layer first = weights["decoder1"];
        float[] embedding = InputMajor(first, _shape.Latent, _shape.Classes);
        for (int i = 0; i < embedding.Length; i++)
            embedding[i] += first.Bias[i % first.Outputs];
        Constant(graph, "class_embedding", embedding, _shape.Classes);
        Constant(graph, "decoder1_weight", InputMajor(first, 0, _shape.Latent), _shape.Latent);
        graph.Node("Gather", "class_term", ["class_embedding", ModelFormat.Class]);
        graph.Node("Gemm", "hidden1", [latent, "decoder1_weight", "class_term"]);
        Gemm(graph, "decoder2", Activate(graph, "hidden1"), "hidden2");

        CvaeWeights.Layer last = weights["decoder3"];
        float[] scaled = InputMajor(last, 0, last.Inputs), bias = new float[last.Outputs];
        for (int i = 0; i < scaled.Length; i++)
            scaled[i] = (float)(scaled[i] * encoder.Scale[i % last.Outputs]);
        for (int i = 0; i < bias.Length; i++)
            bias[i] = (float)(last.Bias[i] * encoder.Scale[i]);
        Constant(graph, "decoder3_weight", scaled, last.Inputs);
        Constant(graph, "decoder3_bias", bias);
        graph.Node("Gemm", "deviation", [Activate(graph, "hidden2"), "decoder3_weight", "decoder3_bias"]);
        graph.Node("Cast", "deviation_double", ["deviation"], ("to", OnnxGraph.DoubleType));
        graph.Node("Add", "raw", ["deviation_double", graph.Constant("column_mean", encoder.Mean, _shape.Features)]);
        ToValidRows(graph, Round(graph, "raw"));
        graph.Output(ModelFormat.Rows, OnnxGraph.DoubleType, _shape.Features);
    }

    // Columns with a rounding rule are rounded to their decimals, ties to even.
    string Round(OnnxGraph graph, string rows)
    {
        if (columns.All(column => column.Decimals is null))
            return rows;
        graph.Constant("decimal_unit", [.. columns.Select(column => Math.Pow(10, column.Decimals ?? 0))], _shape.Features);
        graph.Node("Mul", "in_units", [rows, "decimal_unit"]);
        graph.Node("Round", "rounded_units", ["in_units"]);
        graph.Node("Div", "rounded", ["rounded_units", "decimal_unit"]);
        if (columns.All(column => column.Decimals is not null))
            return "rounded";
        bool[] rounds = [.. columns.Select(column => column.Decimals is not null)];
        return graph.Node("Where", "rounded_where_asked", [graph.Constant("rounds", rounds, _shape.Features), "rounded", rows]);
    }

    void ToValidRows(OnnxGraph graph, string rows)
    {
        graph.Constant("column_minimum", [.. columns.Select(column => column.Minimum)], _shape.Features);
        graph.Constant("column_maximum", [.. columns.Select(column => column.Maximum)], _shape.Features);
        graph.Node("Max", "above_minimum", [rows, "column_minimum"]);
        graph.Node("Min", ModelFormat.Rows, ["above_minimum", "column_maximum"]);
    }

    void Gemm(OnnxGraph graph, string layer, string input, string result)
    {
        CvaeWeights.Layer weight = weights[layer];
        Constant(graph, $"{layer}_weight", InputMajor(weight, 0, weight.Inputs), weight.Inputs);
        Constant(graph, $"{layer}_bias", weight.Bias);
        graph.Node("Gemm", result, [input, $"{layer}_weight", $"{layer}_bias"]);
    }

    static string Activate(OnnxGraph graph, string tensor) => graph.Node("LeakyRelu", $"{tensor}_active", [tensor], ("alpha", CvaeShape.LeakySlope));

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

/// <summary>The seed bank: mu and sigma, seeds x L, and the class of each seed.</summary>
sealed record SeedTensors(float[] Mu, float[] Sigma, long[] Classes);
