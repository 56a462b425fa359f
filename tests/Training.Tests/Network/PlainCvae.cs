namespace LeoCvae.Training.Tests.Network;

/// <summary>The loss of a step in plain loops over doubles: written from the equations, sharing no code with the engines.</summary>
sealed class PlainCvae(CvaeShape shape, TrainingOptions options)
{
    /// <summary>How near an activation came to the kink of LeakyReLU, where there is no derivative.</summary>
    public double Closest { get; private set; } = double.PositiveInfinity;

    /// <summary>Layer name -> (weights, outputs x inputs; biases).</summary>
    public Dictionary<string, (double[] Weight, double[] Bias)> Layers { get; } = [];

    public void Use(CvaeWeights weights)
    {
        foreach ((string name, int _, int _) in shape.Layers)
            Layers[name] = ([.. weights[name].Weight], [.. weights[name].Bias]);
    }

    public double Loss(TrainingData data, StepInput step)
    {
        double reconstruction = 0, kld = 0;
        int n = step.Rows.Length;
        for (int i = 0; i < n; i++)
        {
            int row = step.Rows[i];
            double[] x = [.. data.X[row].ToArray()], onehot = new double[shape.Classes];
            onehot[data.Labels[row]] = 1;
            double[] Mask(int layer) => [.. step.Masks[layer].AsSpan(i * shape.HiddenWidths[layer], shape.HiddenWidths[layer]).ToArray()];

            double[] hidden = Hidden("encoder2", Hidden("encoder1", [.. x, .. onehot], Mask(0)), Mask(1));
            double[] mu = Linear("mu", hidden), logvar = Linear("logvar", hidden), z = new double[shape.Latent];
            for (int l = 0; l < z.Length; l++)
            {
                z[l] = mu[l] + Math.Exp(logvar[l] / 2) * step.Noise[i * shape.Latent + l];
                kld -= (1 + logvar[l] - mu[l] * mu[l] - Math.Exp(logvar[l])) / 2 / n;
            }
            double[] decoded = Linear("decoder3", Hidden("decoder2", Hidden("decoder1", [.. z, .. onehot], Mask(2)), Mask(3)));
            reconstruction += data.RowWeights[row] * (data.Layout is null ? SquaredErrors(x, decoded) : Mixed(data.Layout, x, decoded)) / n;
        }
        return reconstruction + options.KldWeight * Math.Max(kld, options.KldFloor);
    }

    static double SquaredErrors(double[] x, double[] decoded) => x.Zip(decoded, (a, b) => (a - b) * (a - b)).Sum();

    // Numbers that are there, and -2 log of the share that softmax gives to the level that there is.
    static double Mixed(FeatureLayout layout, double[] x, double[] decoded)
    {
        double loss = 0;
        for (int j = 0; j < layout.Numbers.Length; j++)
            if (!layout.Blocks.Any(block => block.Number == j && x[block.First + 1] > 0))
                loss += (x[j] - decoded[j]) * (x[j] - decoded[j]);
        foreach (LevelBlock block in layout.Blocks)
        {
            double[] shares = [.. decoded[block.First..(block.First + block.Count)].Select(Math.Exp)];
            loss -= 2 * Enumerable.Range(0, block.Count).Sum(l => x[block.First + l] > 0 ? Math.Log(shares[l] / shares.Sum()) : 0);
        }
        return loss;
    }

    double[] Linear(string name, double[] input)
    {
        (double[] weight, double[] bias) = Layers[name];
        double[] output = [.. bias];
        for (int o = 0; o < output.Length; o++)
            for (int i = 0; i < input.Length; i++)
                output[o] += weight[o * input.Length + i] * input[i];
        return output;
    }

    double[] Hidden(string name, double[] input, double[] mask)
    {
        double[] values = Linear(name, input);
        for (int o = 0; o < values.Length; o++)
        {
            Closest = Math.Min(Closest, Math.Abs(values[o]));
            values[o] *= (values[o] > 0 ? 1 : 0.2) * mask[o];
        }
        return values;
    }
}
