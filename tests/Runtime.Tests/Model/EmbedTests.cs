using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace LeoCvae.Runtime.Tests;

[TestClass]
public class EmbedTests
{
    [TestMethod]
    public void Every_row_gets_a_finite_vector_of_the_latent_size()
    {
        using LeoModel model = TestModel.Load();
        Matrix means = model.Embed(TestModel.Training);
        Assert.AreEqual(569, means.Rows);
        Assert.AreEqual(model.Manifest.LatentSize, means.Columns);
        for (int row = 0; row < 569; row++)
            Assert.IsTrue(means[row].ToArray().All(float.IsFinite));
        Assert.IsGreaterThan(500, Enumerable.Range(0, 569).Select(row => string.Join(' ', means[row].ToArray())).Distinct().Count());
    }

    [TestMethod]
    [DataRow(Evaluator.Managed, 1e300)]
    [DataRow(Evaluator.Managed, -1e300)]
    [DataRow(Evaluator.OnnxRuntime, 1e300)]
    public void A_value_beyond_the_range_of_the_network_is_named_and_gives_no_NaN(Evaluator evaluator, double value)
    {
        Table some = TestModel.Pick([3, 4, 5]);
        double[,] values = new double[3, 30];
        for (int row = 0; row < 3; row++)
            for (int j = 0; j < 30; j++)
                values[row, j] = row == 1 && j == 7 ? value : some.Row(row)[j];
        using LeoModel model = LeoModel.Load(TestModel.Folder, new() { Evaluator = evaluator });
        Table table = Table.FromArrays(
            values, [.. some.Labels.ToArray().Select(label => some.Schema.Classes[label])],
                [.. some.Schema.Columns.Select(column => column.Name)], some.Schema.Target!);
        Expect.Throws<ArgumentException>(() => model.Embed(table),
            $"row 1 (from 0), column '{some.Schema.Columns[7].Name}': got {(value > 0 ? "" : "-")}1E+300, too far");
    }

    [TestMethod]
    public void A_rows_vector_does_not_depend_on_the_rows_around_it()
    {
        using LeoModel model = TestModel.Load();
        int[] rows = [.. Enumerable.Range(0, 2500).Select(i => i * 101 % 569)];
        Matrix all = model.Embed(TestModel.Training), many = model.Embed(TestModel.Pick(rows));
        foreach (int i in (int[])[0, 1, 15, 16, 17, 568, 1023, 1024, 2047, 2048, 2499])
        {
            AreClose(all[rows[i]], many[i]);
            AreClose(all[rows[i]], model.Embed(TestModel.Pick([rows[i]]))[0]);
        }
    }

    [TestMethod]
    public void Threads_and_repetition_do_not_change_a_bit()
    {
        using LeoModel one = TestModel.Load(threads: 1), two = TestModel.Load(threads: 2);
        Table many = TestModel.Pick(Enumerable.Range(0, 3000).Select(i => i % 569));
        float[] expected = one.Embed(many).Values;
        Assert.IsTrue(expected.AsSpan().SequenceEqual(two.Embed(many).Values));
        Parallel.For(0, 4, _ => Assert.IsTrue(expected.AsSpan().SequenceEqual(two.Embed(many).Values)));
    }

    [TestMethod]
    public void A_vector_is_what_the_encoder_file_gives_under_the_rows_own_class()
    {
        using LeoModel model = TestModel.Load();
        using InferenceSession session = new(Path.Combine(TestModel.Folder, "encoder.onnx"));
        Table table = TestModel.Training;
        DenseTensor<double> rows = new(table.Values.ToArray(), [569, 30]);
        DenseTensor<float> condition = new([569, 2]);
        for (int row = 0; row < 569; row++)
            condition[row, table.Label(row) == model.Schema.Classes[0] ? 0 : 1] = 1;
        using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> outputs =
            session.Run([NamedOnnxValue.CreateFromTensor("rows", rows), NamedOnnxValue.CreateFromTensor("condition", condition)]);
        AreClose(outputs.First(output => output.Name == "mu").AsEnumerable<float>().ToArray(), model.Embed(table).Values);
    }

    [TestMethod]
    public void The_class_is_the_condition_whatever_its_place_in_the_table()
    {
        using LeoModel model = TestModel.Load();
        string[] columns = [.. model.Schema.Columns.Select(column => column.Name)];
        double[,] twice = new double[2, 30];
        for (int i = 0; i < 30; i++)
            twice[0, i] = twice[1, i] = TestModel.Training.Row(0)[i];
        Matrix one = model.Embed(Table.FromArrays(twice, [TestModel.Malignant, TestModel.Benign], columns, "diagnosis"));
        Matrix other = model.Embed(Table.FromArrays(twice, [TestModel.Benign, TestModel.Malignant], columns, "diagnosis"));
        AreClose(one[0], other[1]);
        AreClose(one[1], other[0]);
        Assert.IsFalse(one[0].SequenceEqual(one[1]));
    }

    [TestMethod]
    public void A_table_without_rows_gives_none_and_one_that_does_not_fit_is_refused()
    {
        using LeoModel model = TestModel.Load();
        Assert.AreEqual(0, model.Embed(TestModel.Pick([])).Rows);
        Expect.Throws<ArgumentException>(() => model.Embed(TestTables.OfColumn(1)), "doesn't fit the model",
            "label column: got 'label', expected 'diagnosis'");
        Table other = Table.FromArrays(new double[1, 30], ["unsure"], [.. model.Schema.Columns.Select(column => column.Name)], "diagnosis");
        Expect.Throws<ArgumentException>(() => model.Embed(other), "unknown class 'unsure'");
        Assert.ThrowsExactly<OperationCanceledException>(() => model.Embed(TestModel.Training, new(canceled: true)));
    }

    static void AreClose(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        Assert.AreEqual(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], actual[i], 1e-5f * (1 + Math.Abs(expected[i])));
    }
}
