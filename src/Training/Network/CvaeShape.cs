namespace LeoCvae.Training;

/// <summary>Sizes of the network: d features, C classes, h hidden units (h / 2 inside), L latent dimensions.</summary>
readonly record struct CvaeShape(int Features, int Classes, int Hidden, int Latent)
{
    public const float LeakySlope = 0.2f;

    /// <summary>Widths of the four hidden layers, where dropout acts: encoder outer and inner, decoder inner and outer.</summary>
    public int[] HiddenWidths => [Hidden, Hidden / 2, Hidden / 2, Hidden];

    /// <summary>The linear layers as (name, outputs, inputs), in the order of their weights.</summary>
    public (string Name, int Outputs, int Inputs)[] Layers =>
    [
        ("encoder1", Hidden, Features + Classes),
        ("encoder2", Hidden / 2, Hidden),
        ("mu", Latent, Hidden / 2),
        ("logvar", Latent, Hidden / 2),
        ("decoder1", Hidden / 2, Latent + Classes),
        ("decoder2", Hidden, Hidden / 2),
        ("decoder3", Features, Hidden),
    ];
}
