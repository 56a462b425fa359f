namespace LeoCvae.Training;

/// <summary>The weights of a network in plain arrays: what engines start from, give back, and what is exported.</summary>
sealed class CvaeWeights
{
    /// <summary>A linear layer y = W x + b; W is outputs x inputs, row by row.</summary>
    public sealed record Layer(int Outputs, int Inputs, float[] Weight, float[] Bias);

    readonly Dictionary<string, Layer> _layers;

    public CvaeWeights(CvaeShape shape, IEnumerable<Layer> layers)
    {
        Shape = shape;
        _layers = shape.Layers.Zip(layers).ToDictionary(pair => pair.First.Name, pair => pair.Second);
    }

    public CvaeShape Shape { get; }

    public Layer this[string name] => _layers[name];

    public IEnumerable<Layer> Layers => Shape.Layers.Select(layer => _layers[layer.Name]);

    /// <summary>Weights that are all 0.</summary>
    public static CvaeWeights Zeros(CvaeShape shape) =>
        new(shape, shape.Layers.Select(layer => new Layer(layer.Outputs, layer.Inputs, new float[layer.Outputs * layer.Inputs],
        new float[layer.Outputs])));

    /// <summary>PyTorch's start of a linear layer: weights and biases uniform in (-1/sqrt(inputs), 1/sqrt(inputs)).</summary>
    public static CvaeWeights Initial(CvaeShape shape, ulong seed)
    {
        CounterRandom random = new(seed, RandomStream.Init);
        ulong tensor = 0;
        float[] Uniform(int length, int inputs)
        {
            float[] values = new float[length];
            random.FillUniform(tensor++, values);
            float bound = 1 / MathF.Sqrt(inputs);
            foreach (ref float value in values.AsSpan())
                value = (2 * value - 1) * bound;
            return values;
        }
        return new(shape, shape.Layers.Select(layer =>
            new Layer(layer.Outputs, layer.Inputs, Uniform(layer.Outputs * layer.Inputs, layer.Inputs),
            Uniform(layer.Outputs, layer.Inputs))));
    }
}
