namespace LeoCvae.Evaluation.Tests;

/// <summary>What every classifier has to do.</summary>
[TestClass]
public class ClassifierTests
{
    static IEnumerable<string[]> Names => Classifiers.Names.Select(name => (string[])[name]);

    static IEnumerable<object[]> NamesAndClasses => Classifiers.Names.SelectMany(name =>
        new int[][] { [60, 25], [60, 25, 15], [40, 5, 5, 5] }.Select(counts => (object[])[name, counts]));

    [TestMethod]
    [DynamicData(nameof(NamesAndClasses))]
    public void Learns_separated_classes_and_gives_probabilities(string name, int[] counts)
    {
        (Matrix x, int[] labels) = Blobs.Make(counts, 6, 5);
        (Matrix test, int[] testLabels) = Blobs.Make([20, 20, 20, 20], 6, 5, seed: 2);
        using IFittedClassifier fitted = Fit(name, x, labels, counts.Length);
        double[,] probabilities = fitted.Probabilities(test);
        AssertSumToOne(probabilities);
        int known = 20 * counts.Length;
        Assert.IsGreaterThan(0.9, Blobs.Accuracy(probabilities, testLabels[..known]));
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void The_same_seed_gives_the_same_bits_also_when_fits_run_in_parallel(string name)
    {
        (Matrix x, int[] labels) = Blobs.Make([50, 20, 10], 8, 1);
        double[][,] runs = new double[6][,];
        Parallel.For(0, runs.Length, new() { MaxDegreeOfParallelism = runs.Length - 1 }, i =>
        {
            using IFittedClassifier fitted = Fit(name, x, labels, 3);
            runs[i] = fitted.Probabilities(x);
        });
        foreach (double[,] run in runs)
            CollectionAssert.AreEqual(runs[0], run);
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void A_class_without_rows_gets_probability_0(string name)
    {
        (Matrix x, int[] labels) = Blobs.Make([30, 0, 30, 0], 5, 3);
        using IFittedClassifier fitted = Fit(name, x, labels, 4);
        double[,] probabilities = fitted.Probabilities(x);
        AssertSumToOne(probabilities);
        for (int i = 0; i < x.Rows; i++)
            Assert.AreEqual(0, probabilities[i, 1] + probabilities[i, 3]);
        Assert.IsGreaterThan(0.9, Blobs.Accuracy(probabilities, labels));
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void A_single_class_gets_probability_1_and_no_rows_give_none(string name)
    {
        (Matrix x, int[] labels) = Blobs.Make([0, 1], 3, 0);
        using IFittedClassifier fitted = Fit(name, x, labels, 2);
        double[,] probabilities = fitted.Probabilities(x);
        Assert.AreEqual(1, probabilities[0, 1]);
        Assert.AreEqual(0, probabilities[0, 0]);
        Assert.HasCount(0, fitted.Probabilities(new(0, 3)));
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void One_row_a_class_and_identical_rows_and_constant_columns_do_no_harm(string name)
    {
        using IFittedClassifier two = Fit(name, Blobs.Make([1, 1], 3, 2).X, [0, 1], 2);
        AssertSumToOne(two.Probabilities(new(2, 3)));
        using IFittedClassifier same = Fit(name, new(40, 3), [.. Enumerable.Range(0, 40).Select(i => i % 4 == 0 ? 1 : 0)], 2);
        double[,] probabilities = same.Probabilities(new(1, 3));
        AssertSumToOne(probabilities);
        Assert.AreEqual(0.25, probabilities[0, 1], 0.1);
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void A_heavier_class_becomes_more_probable_and_only_proportions_of_weights_count(string name)
    {
        (Matrix x, int[] labels) = Blobs.Make([80, 20], 4, 1);
        Matrix test = Blobs.Make([80, 20], 4, 1, seed: 2).X;
        double Mean(Func<int, float> weight)
        {
            using IFittedClassifier fitted = Classifiers.Create(name).Fit(x, labels, [.. labels.Select(weight)], 2, 1, default);
            double[,] probabilities = fitted.Probabilities(test);
            return Enumerable.Range(0, test.Rows).Average(i => probabilities[i, 1]);
        }
        double heavy = Mean(label => label == 1 ? 4 : 1);
        Assert.IsGreaterThan(Mean(_ => 1) + 0.01, heavy);
        Assert.AreEqual(heavy, Mean(label => label == 1 ? 40 : 10), 1e-6);
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Bad_input_and_cancellation_are_reported(string name)
    {
        (Matrix x, int[] labels) = Blobs.Make([5, 5], 3, 2);
        IClassifier classifier = Classifiers.Create(name);
        Assert.ThrowsExactly<ArgumentException>(() => classifier.Fit(x, labels.AsSpan(1), [], 2, 1, default));
        Assert.ThrowsExactly<ArgumentException>(() => classifier.Fit(x, labels, [1, 2], 2, 1, default));
        Assert.ThrowsExactly<ArgumentException>(() => classifier.Fit(x, labels, [.. labels.Select(_ => 0f)], 2, 1, default));
        Assert.ThrowsExactly<ArgumentException>(() => classifier.Fit(x, labels, [], 1, 1, default));
        Assert.ThrowsExactly<ArgumentException>(() => classifier.Fit(new(0, 3), [], [], 2, 1, default));
        using IFittedClassifier fitted = classifier.Fit(x, labels, [], 2, 1, default);
        Assert.ThrowsExactly<ArgumentException>(() => fitted.Probabilities(new(1, 4)));
        Assert.ThrowsExactly<OperationCanceledException>(() => classifier.Fit(x, labels, [], 2, 1, new CancellationToken(true)));
    }

    [TestMethod]
    public void An_unknown_name_is_refused_with_the_names_there_are()
    {
        ArgumentException exception = Assert.ThrowsExactly<ArgumentException>(() => Classifiers.Create("svm"));
        Assert.Contains("expected one of mlp, logreg, lightgbm, forest", exception.Message);
        foreach (string name in Classifiers.Names)
            Assert.AreEqual(name, Classifiers.Create(name).Name);
    }

    [TestMethod]
    [DataRow(new[] { 60, 25 }, new[] { 0.0370951676, 0.0094168736, 0.0158623457, 0.9702018680 })]
    [DataRow(new[] { 60, 25, 15 }, new[] { 0.0569868359, 0.0010456877, 0.0561259233, 0.9940158871 })]
    public void Lightgbm_says_what_it_said_through_ML_NET(int[] counts, double[] expected)
    {
        (Matrix x, int[] labels) = Blobs.Make(counts, 6, 0.5f);
        using IFittedClassifier fitted = Fit("lightgbm", x, labels, counts.Length);
        double[,] probabilities = fitted.Probabilities(Blobs.Make([2, 2], 6, 0.5f, seed: 2).X);
        for (int i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], probabilities[i, 1], 1e-6);
    }

    [TestMethod]
    public void Errors_of_LightGBM_are_told_in_its_words()
    {
        InvalidOperationException exception = Assert.ThrowsExactly<InvalidOperationException>(() =>
            new LightGbmLibrary.TrainingSet(new(2, 3), [0, 1], [1, 1], "max_bin=-1 verbosity=-1"));
        Assert.Contains("max_bin", exception.Message);
    }

    static IFittedClassifier Fit(string name, Matrix x, int[] labels, int classes) =>
        Classifiers.Create(name).Fit(x, labels, [], classes, 7, default);

    static void AssertSumToOne(double[,] probabilities)
    {
        for (int i = 0; i < probabilities.GetLength(0); i++)
        {
            double sum = 0;
            for (int c = 0; c < probabilities.GetLength(1); c++)
            {
                Assert.IsTrue(probabilities[i, c] is >= 0 and <= 1);
                sum += probabilities[i, c];
            }
            Assert.AreEqual(1, sum, 1e-9);
        }
    }
}
