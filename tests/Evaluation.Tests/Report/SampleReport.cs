namespace LeoCvae.Evaluation.Tests;

/// <summary>A made-up evaluation: leo is better on F1, smote spoils the Brier score, nothing moves AUC.</summary>
static class SampleReport
{
    public const string Hostile = "<script>alert(\"x\")</script> & 'co' \u0001";

    public static ReportData Make(bool optimistic = false, bool helps = true, string column = "label", int methods = 8)
    {
        string[] names = [.. new[] { "none", "weights", "ros", "smote", "bsmote", "adasyn", "cvae", "leo" }.Take(methods)];
        ReportMetric[] metrics =
        [
            new("f1_macro", "F1 macro", true), new("balanced_accuracy", "balanced accuracy", true), new("g_mean", "G-mean", true),
            new("auc_macro", "AUC macro", true), new("auprc_macro", "AUPRC macro", true), new("brier", "Brier score", false),
                new("ece", "expected calibration error", false),
        ];
        string[] classifiers = ["mlp", "logreg", "lightgbm"];
        List<ReportScore> scores = [];
        CounterRandom random = new(1, RandomStream.Latent);
        for (int m = 0; m < names.Length; m++)
            for (int k = 0; k < metrics.Length; k++)
                for (int c = 0; c < classifiers.Length; c++)
                    for (int fold = 0; fold < 5; fold++)
                    {
                        double shared = 0.04 * random.Uniform((ulong)(k * 10 + c), fold), own =
                            0.01 * (random.Uniform((ulong)(1000 + m * 100 + k * 10 + c), fold) - 0.5);
                        double effect = !helps ? 0 : (names[m], metrics[k].Name)
                            switch
                        { ("leo", "f1_macro") => 0.06, ("smote", "brier") => 0.05, ("cvae" or "leo", "g_mean") => 0.08, _ => 0 };
                        scores.Add(
                            new(names[m], classifiers[c], metrics[k].Name, 0, fold, (metrics[k].HigherIsBetter ? 0.75 : 0.2) + shared + own
                            + effect));
                    }
        Table table = Rows();
        double[] entropies = [
            .. Enumerable.Range(0, table.RowCount)
            .Select(i => (double)Math.Abs(random.Uniform(77, i) + (table.Labels[i] == 1 ? 0.4f : 0)) / 1.4)];
        int[] labels = [.. table.Labels];
        return new()
        {
            Origin = new()
            {
                Version = "0.1.0",
                Data = "lung.csv",
                DataSha256 = "3b1f00000000000000000000000000000000000000000000000000000000c0de",
                Target = column,
                Classes = [new("alive", 180), new(column == Hostile ? Hostile : "dead", 60)],
                Columns = 64,
                Protocol = optimistic ? "paper" : "default",
                IsOptimistic = optimistic,
                Folds = 5,
                Repeats = 1,
                Seed = 42,
                Options = [
                    new("Select", "64 features by mutual information, inside the fold"),
                    new("Command",
                    "leocvae evaluate lung.csv --target label --methods none,weights,ros,smote,bsmote,adasyn,cvae,leo --report " +
                    "report.html")],
                Notes = ["A class has fewer rows than folds: some folds test none of it."],
            },
            Methods = names,
            Classifiers = classifiers,
            Metrics = metrics,
            Scores = scores,
            Curves = [.. names
                .SelectMany(
                    (name, m) => classifiers
                    .SelectMany((classifier, c) => ReportCurve.Of(name, classifier, Probabilities(labels, m * 3 + c), labels, 1)))],
            Entropies = [new("alive", [.. entropies.Take(180)]), new("dead", [.. entropies.Skip(180).Take(60)])],
            Map = RowMap.Of(table, entropies),
            Losses = [.. Enumerable.Range(1, 120)
                .Select(epoch =>
                new ReportLoss(epoch, 40 + 60 * Math.Exp(-epoch / 20.0), 46 + 55 * Math.Exp(-epoch / 18.0) + epoch * 0.02, epoch <= 90))],
            SyntheticOnly = [.. from name in names.Skip(2)
                                from classifier in classifiers
                                from metric in (string[])["f1_macro", "auc_macro"]
                                select new RowsAlone(name, classifier, metric, name == "leo" ? 0.72 : 0.6, 0.8)],
            Synthetic = [.. names.Skip(2).Select((name, i) => new MethodRows(name, new SyntheticScores
            {
                Rows = 120, KsComplement = 0.9 - 0.01 * i, TotalVariationComplement = double.NaN, CorrelationSimilarity =
                    0.95, ContingencySimilarity = double.NaN, MissingDifference = double.NaN, InvalidValues = 0.02 * i,
                TwoSampleAuc = 0.6 + 0.03 * i,
                ClosestDistance = 0.4 * i, HoldoutClosestDistance = 0.61, NearerThanHoldout = i == 0 ? 1 : 0.55, NearCopies = i == 0 ? 1
                    : 0.1, ExactCopies = i == 0 ? 120 : 0,
            }, [new("dead", 48, 120, i == 0 ? 1 : 0.1)])
            {
                Attacks = new()
                {
                    Alone = 0.9, Synthetic = new(i == 0 ? 1 : 0, i == 0 ? 1 : 0.01, i == 0 ? 1 : 0.22), AsManySynthetic = new(0, 0, 0.06),
                    Holdout = new(0, 0, 0.05), MembershipAuc = i == 0 ? 0.98 : 0.52, MeanMembershipAuc = 0.53,
                    LinesRebuilt = name == "smote" ? 0.41 : 0,
                    Decode = name == "leo" ? new(1.27, 1.31) : null,
                },
            })],
            Generator = "leo",
            WithoutRows = methods > 1 ? ["weights"] : [],
        };
    }

    static double[,] Probabilities(int[] labels, int seed)
    {
        double[,] probabilities = new double[labels.Length, 2];
        for (int i = 0; i < labels.Length; i++)
        {
            double noise = new CounterRandom(5, RandomStream.Latent).Uniform((ulong)seed, i), p = 0.15 + 0.4 * noise + 0.3 * labels[i];
            (probabilities[i, 0], probabilities[i, 1]) = (1 - p, p);
        }
        return probabilities;
    }

    // 180 + 60 real rows, 120 synthetic ones of the small class.
    static Table Rows()
    {
        const int Columns = 4;
        double[] values = new double[360 * Columns];
        int[] labels = new int[360];
        float[] normal = new float[Columns];
        for (int i = 0; i < labels.Length; i++)
        {
            labels[i] = i < 180 ? 0 : 1;
            new CounterRandom(3, RandomStream.Latent).FillNormal((ulong)i, normal);
            for (int j = 0; j < Columns; j++)
                values[i * Columns + j] = normal[j] * (j == 0 ? 2 : 1) + (j == 0 ? normal[1] : 0) + 1.6 * labels[i];
        }
        ColumnSpec[] columns = [.. Enumerable.Range(0, Columns).Select(j => new ColumnSpec { Name = $"x{j}", Minimum = -9, Maximum = 9 })];
        return new(new(columns, "label", ["alive", "dead"]), values, labels, 240, new int[120]);
    }
}
