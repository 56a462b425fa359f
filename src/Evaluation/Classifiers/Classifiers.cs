namespace LeoCvae.Evaluation;

/// <summary>The classifiers that an evaluation can use.</summary>
public static class Classifiers
{
    /// <summary>
    /// Their names: <c>mlp</c>, the paper's network (docs of <see cref="IEarlyStoppingClassifier"/> say how it stops); <c>logreg</c>,
    /// multinomial logistic regression;
    /// <c>lightgbm</c>, gradient boosting; <c>forest</c>, a random forest.
    /// </summary>
    public static IReadOnlyList<string> Names { get; } = ["mlp", "logreg", "lightgbm", "forest"];

    /// <summary>Makes a classifier.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <exception cref="ArgumentException">There is no such classifier.</exception>
    public static IClassifier Create(string name) => name switch
    {
        "mlp" => new MlpClassifier(),
        "logreg" => new LogisticRegressionClassifier(),
        "lightgbm" => new LightGbmClassifier(),
        "forest" => new ForestClassifier(),
        _ => throw Fault.Argument(nameof(name), $"got classifier '{name}', expected one of {string.Join(", ", Names)}"),
    };
}
