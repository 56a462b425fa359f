namespace LeoCvae.Training.Tests.Generation;

/// <summary>Generated rows are checked for their class, and drawn again where their cells belong to another.</summary>
[TestClass]
public class ClassCheckTests
{
    // The class says whether two of three categories agree; a third of the rows are "few".
    static Table Agreement()
    {
        CounterRandom random = new(7, RandomStream.Split);
        string[] names = ["p", "q", "r"];
        ColumnSpec Category(string name) => new() { Name = name, Kind = ColumnKind.Category, Minimum = 0, Maximum = 2, Categories = names };
        double[] values = new double[900 * 3];
        int[] labels = new int[900];
        for (int i = 0; i < labels.Length; i++)
        {
            for (int j = 0; j < 3; j++)
                values[i * 3 + j] = (int)(3 * random.Uniform((ulong)i, j));
            labels[i] = values[i * 3] == values[i * 3 + 1] ? 1 : 0;
        }
        return new(new([Category("a"), Category("b"), Category("c")], "kind", ["many", "few"]), values, labels);
    }

    [TestMethod]
    public void Rows_whose_categories_belong_to_another_class_are_rare()
    {
        using TrainingResult fit = LeoTrainer.Fit(Agreement(), TrainingOptions.Default with { MaxEpochs = 30 });
        Table rows = fit.Model.Generate(new Dictionary<string, int> { ["many"] = 1000, ["few"] = 1000 });
        int wrong = 0;
        for (int i = 0; i < rows.RowCount; i++)
            wrong += (rows.Row(i)[0] == rows.Row(i)[1] ? 1 : 0) == rows.Labels[i] ? 0 : 1;
        Assert.IsLessThan(40, wrong);
        // What is chosen is chosen among rows of all kinds.
        foreach (string label in rows.Schema.Classes)
            Assert.AreEqual(label == "few" ? 9 : 18, Enumerable.Range(0, rows.RowCount).Where(i => rows.Label(i) == label)
                .Select(i => (rows.Row(i)[0], rows.Row(i)[1], rows.Row(i)[2]))
                .Where(row => row.Item1 == row.Item2 == (label == "few")).Distinct().Count(), label);
    }

    [TestMethod]
    public void A_row_is_the_same_whatever_range_evaluator_or_thread_makes_it()
    {
        Table table = Agreement();
        TrainingOptions options = TrainingOptions.Default with { MaxEpochs = 5 };
        using TrainingResult fit = LeoTrainer.Fit(table, options),
            other = LeoTrainer.Fit(table, options with { MaxDegreeOfParallelism = 1 });
        double[] all = new double[700 * 3], part = new double[300 * 3], again = new double[700 * 3], onnx = new double[700 * 3];
        fit.Model.Generate(1, 0, 700, all);
        fit.Model.Generate(1, 123, 300, part);
        other.Model.Generate(1, 0, 700, again);
        CollectionAssert.AreEqual(all[(123 * 3)..(423 * 3)], part);
        CollectionAssert.AreEqual(all, again);
        using TempFolder folder = new();
        fit.Model.Save(folder["model"]);
        using LeoModel runtime = LeoModel.Load(folder["model"], new() { Evaluator = Evaluator.OnnxRuntime });
        runtime.Generate(1, 0, 700, onnx);
        Assert.IsLessThan(20, all.Zip(onnx).Count(pair => pair.First != pair.Second));
        double[] rest = new double[100 * 3];
        runtime.Generate(1, 500, 100, rest);
        CollectionAssert.AreEqual(onnx[(500 * 3)..(600 * 3)], rest);
    }

    [TestMethod]
    public void Only_tables_with_categories_or_missing_values_are_checked_and_only_rows_with_noise()
    {
        using TrainingResult mixed = LeoTrainer.Fit(Agreement(), TrainingOptions.Default with { MaxEpochs = 2 }),
            paper = LeoTrainer.Fit(Agreement(), TrainingOptions.Paper with { MaxEpochs = 2 }),
            numbers = LeoTrainer.Fit(Samples.Gaussian([30, 12], 3), TrainingOptions.Default with { MaxEpochs = 2 });
        Assert.IsGreaterThan(1, mixed.Model.Manifest.Sampling.Attempts);
        Assert.AreEqual(0, paper.Model.Manifest.Sampling.Attempts);
        Assert.AreEqual(0, numbers.Model.Manifest.Sampling.Attempts);
    }

    [TestMethod]
    [DataRow(2)]
    [DataRow(7)]
    public void Few_rows_or_one_group_of_rows_are_checked_too(int count)
    {
        Table all = Agreement();
        int few = Enumerable.Range(0, 900).First(i => all.Labels[i] == 1), many = Enumerable.Range(0, 900).First(i => all.Labels[i] == 0);
        Table table = all.Select([few, .. Enumerable.Range(many, 900 - many).Where(i => all.Labels[i] == 0).Take(count - 1)]);
        foreach (string?[]? groups in (string?[]?[])[null, [.. Enumerable.Repeat("one", count)]])
        {
            using TrainingResult fit = LeoTrainer.Fit(table, TrainingOptions.Default with { MaxEpochs = 2 }, groups: groups);
            Assert.AreEqual(50, fit.Model.Generate(new Dictionary<string, int> { ["few"] = 50 }).RowCount);
        }
    }

    [TestMethod]
    public void A_row_of_a_group_is_not_told_by_what_was_fitted_on_the_others_of_it()
    {
        // Noise, each row eight times over: whoever has seen one of the eight knows the class, whoever hasn't can't.
        CounterRandom random = new(5, RandomStream.Split);
        Matrix x = new(320, 6);
        for (int i = 0; i < x.Rows; i++)
            random.FillNormal((ulong)(i / 8), x.Row(i));
        int[] groups = [.. Enumerable.Range(0, x.Rows).Select(i => i / 8)];
        float[] apart = ClassCheckFit.Fit(x, [0, 160, 320], groups, TrainingOptions.Default, default).Least,
            mixed = ClassCheckFit.Fit(x, [0, 160, 320], null, TrainingOptions.Default, default).Least;
        Assert.IsGreaterThan(0.9f, mixed.Min());
        Assert.IsLessThan(0.5f, apart.Max());
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(5)]
    public void Gradients_equal_central_differences(int width)
    {
        const double Step = 1e-5;
        CounterRandom random = new(3, RandomStream.Split);
        Matrix x = new(9, 2 + width);
        for (int i = 0; i < x.Rows; i++)
            random.FillNormal((ulong)i, x.Row(i));
        int[] labels = [.. Enumerable.Range(0, x.Rows).Select(i => i % 3)];
        ClassLayer[] layers = new ClassNetwork(x, [[0], [1], [2]], 6, random, 0).Initial();
        (double loss, ClassLayer[] gradients) = ClassNetwork.Gradient(layers, x, labels);
        double[][] weights = [.. layers.Select(layer => (double[])[.. layer.Weight.Concat(layer.Bias).Select(weight => (double)weight)])];
        Assert.AreEqual(Loss(), loss, 1e-5);
        for (int k = 0; k < layers.Length; k++)
        {
            float[] got = [.. gradients[k].Weight, .. gradients[k].Bias];
            for (int w = 0; w < got.Length; w++)
            {
                double before = weights[k][w];
                weights[k][w] = before + Step;
                double above = Loss();
                weights[k][w] = before - Step;
                double below = Loss();
                weights[k][w] = before;
                Assert.AreEqual((above - below) / (2 * Step), got[w], 2e-5, $"layer {k}, weight {w}");
            }
        }

        // The mean of -log of the share that softmax gives to a row's class.
        double Loss() => Enumerable.Range(0, x.Rows).Average(i =>
        {
            double[] values = [.. x[i].ToArray().Select(value => (double)value)];
            for (int k = 0; k < layers.Length; k++)
            {
                (int inputs, int outputs) = (layers[k].Inputs, layers[k].Outputs);
                values = [.. Enumerable.Range(0, outputs).Select(o => weights[k][inputs * outputs + o]
                    + Enumerable.Range(0, inputs).Sum(j => values[j] * weights[k][j * outputs + o]))];
                if (k < layers.Length - 1)
                    values = [.. values.Select(value => value < 0 ? value * CvaeShape.LeakySlope : value)];
            }
            return Math.Log(values.Sum(Math.Exp)) - values[labels[i]];
        });
    }
}
