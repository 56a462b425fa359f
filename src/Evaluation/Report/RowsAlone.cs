namespace LeoCvae.Evaluation;

/// <summary>What classifiers learn from a method's rows alone, next to what they learn from real ones.</summary>
/// <param name="Method">Name of the method.</param>
/// <param name="Classifier">Name of the classifier.</param>
/// <param name="Metric">Short name of the measure.</param>
/// <param name="Synthetic">Mean score over folds, trained on as many synthetic rows of each class as there are real ones.</param>
/// <param name="Real">The same, trained on the real rows.</param>
sealed record RowsAlone(string Method, string Classifier, string Metric, double Synthetic, double Real)
{
    static readonly string[] Measures = ["f1_macro", "auc_macro"];

    /// <summary>What is left of the score.</summary>
    public double Share => Synthetic / Real;

    /// <summary>By method, classifier and measure; over the folds in which both scores are defined.</summary>
    public static RowsAlone[] Of(EvaluationResult result) =>
    [
        .. from fold in result.Folds
           where fold.SyntheticOnly is not null
           group fold.SyntheticOnly by (fold.Method, fold.Classifier) into pairs
           from measure in Measures.Select(Evaluation.Metric.Named)
           let scores = pairs.Select(pair => (Synthetic: measure.Of(pair!.Synthetic), Real: measure.Of(pair.Real)))
               .Where(pair => double.IsFinite(pair.Synthetic + pair.Real)).ToArray()
           where scores.Length > 0
           select new RowsAlone(pairs.Key.Method, pairs.Key.Classifier, measure.Name, scores.Average(pair => pair.Synthetic),
               scores.Average(pair => pair.Real)),
    ];

    /// <summary>In a sentence, the best first; none where no method can make rows of every class.</summary>
    public static IEnumerable<string> InShort(ReportData data)
    {
        string[] measures = [.. Measures.Where(measure => data.SyntheticOnly.Any(alone => alone.Metric == measure))];
        if (measures.Length == 0)
            yield break;
        string[] parts = [.. data.SyntheticOnly.GroupBy(alone => alone.Method)
            .Select(alone => (Method: alone.Key, Shares: measures.Select(measure => ShareOf(alone, measure)).ToArray()))
            .OrderByDescending(method => method.Shares[0])
            .Select(method => $"{Words.List([.. method.Shares.Select(Words.Percent)])} with {Words.Cut(method.Method)}")];
        string titles = Words.List([.. measures.Select(measure => Evaluation.Metric.Named(measure).Title)]);
        yield return $"Trained on synthetic rows alone, as many of each class as real ones, classifiers keep of the {titles} of real " +
            $"rows: {string.Join("; ", parts)}.";
    }

    // Over all classifiers.
    static double ShareOf(IEnumerable<RowsAlone> all, string measure)
    {
        RowsAlone[] some = [.. all.Where(alone => alone.Metric == measure)];
        return some.Sum(alone => alone.Synthetic) / some.Sum(alone => alone.Real);
    }
}
