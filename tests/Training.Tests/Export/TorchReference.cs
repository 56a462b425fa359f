using TorchSharp;
using static TorchSharp.torch;

namespace LeoCvae.Training.Tests.Export;

/// <summary>The network in TorchSharp operations over float64, in standardized units, from plain weights.</summary>
static class TorchReference
{
    /// <summary>mu and log-variance of standardized rows x d under conditions rows x C.</summary>
    public static (double[] Mu, double[] LogVariance) Encode(CvaeWeights weights, double[] rows, float[] condition)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor input = cat([Rows(rows, weights.Shape.Features), Rows(Doubles(condition), weights.Shape.Classes)], 1);
        Tensor hidden = Hidden(weights["encoder2"], Hidden(weights["encoder1"], input));
        return (Values(Linear(weights["mu"], hidden)), Values(Linear(weights["logvar"], hidden)));
    }

    /// <summary>Standardized rows x d of latent vectors and classes.</summary>
    public static double[] Decode(CvaeWeights weights, float[] latent, long[] classes)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor onehot = nn.functional.one_hot(tensor(classes), weights.Shape.Classes).to(ScalarType.Float64);
        Tensor input = cat([Rows(Doubles(latent), weights.Shape.Latent), onehot], 1);
        return Values(Linear(weights["decoder3"], Hidden(weights["decoder2"], Hidden(weights["decoder1"], input))));
    }

    static Tensor Hidden(CvaeWeights.Layer layer, Tensor input) => nn.functional.leaky_relu(Linear(layer, input), 0.2);

    static Tensor Linear(CvaeWeights.Layer layer, Tensor input) =>
        input.matmul(Rows(Doubles(layer.Weight), layer.Inputs).t()) + tensor(Doubles(layer.Bias));

    static Tensor Rows(double[] values, int width) => tensor(values).reshape(-1, width);

    static double[] Doubles(float[] values) => [.. values.Select(value => (double)value)];

    static double[] Values(Tensor values) => values.contiguous().data<double>().ToArray();
}
