using System.Runtime.InteropServices;
using System.Text.Json;

namespace LeoCvae.Evaluation.Tests;

[TestClass]
public class MlpTests
{
    [TestMethod]
    [DataRow(2)]
    [DataRow(3)]
    [DataRow(20)]
    public void Gradients_are_those_of_finite_differences(int classes)
    {
        (Matrix x, int[] labels) = Blobs.Make([.. Enumerable.Repeat(3, classes)], 5, 1);
        MlpShape shape = new(5, classes);
        float[] weights = [.. labels.Select((_, i) => 0.5f + i % 3)], initial = shape.Initial(3);
        // Away from the start, where gain and shift are 1 and 0.
        for (int i = 0; i < MlpShape.Hidden; i++)
            (initial[shape.Gain + i], initial[shape.Shift + i]) = (0.7f + 0.02f * i, 0.1f - 0.01f * i);
        int[] rows = [.. Enumerable.Range(0, Math.Min(32, labels.Length))];
        uint[] masks = [.. rows.Select(i => 0x9E3779B9u * (uint)(i + 1))];
        using IMlpNetwork network = MlpClassifier.Network(x, labels, weights, shape, initial);
        network.Gradient(rows, masks);
        float[] gradients = network.Gradients.ToArray();
        double norm = Math.Sqrt(gradients.Sum(g => (double)g * g));
        const float H = 1e-2f;
        foreach (long at in Enumerable.Range(0, (int)shape.Length).Where(i => i % 7 == 0 && initial[i] != 0))
        {
            double Loss(float value)
            {
                network.Parameters[(int)at] = value;
                return network.Gradient(rows, masks);
            }
            // Five points: the error is of fourth order, but for a ReLU that bends in between.
            double numeric = (8 * (Loss(initial[at] + H) - Loss(initial[at] - H)) - (Loss(initial[at] + 2 * H) - Loss(initial[at] - 2 * H)))
                / (12 * H);
            network.Parameters[(int)at] = initial[at];
            Assert.AreEqual(numeric, gradients[at], 0.01 * norm + 1e-4, $"parameter {at}");
        }
        Assert.IsGreaterThan(0.05, norm);
    }

    [TestMethod]
    public void An_epoch_is_that_of_pytorch()
    {
        using JsonDocument oracle = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Oracles", "mlp.json")));
        foreach (JsonElement json in oracle.RootElement.GetProperty("cases").EnumerateArray())
        {
            (int n, int d, int classes) = (json.GetProperty("n").GetInt32(), json.GetProperty("d").GetInt32(),
                json.GetProperty("classes").GetInt32());
            MlpShape shape = new(d, classes);
            float[] initial = shape.Initial(1);
            Transpose(Floats(json, "weight1"), MlpShape.Hidden, initial.AsSpan(), MlpShape.Hidden);
            Floats(json, "bias1").CopyTo(initial.AsSpan((int)shape.HiddenBias));
            Transpose(Floats(json, "weight2"), shape.Outputs, initial.AsSpan((int)shape.OutputWeight), shape.OutputStride);
            Floats(json, "bias2").CopyTo(initial.AsSpan((int)shape.OutputBias));
            Matrix x = new(n, d, Floats(json, "x"));
            uint[] masks = MemoryMarshal.Cast<byte, uint>(json.GetProperty("masks").GetBytesFromBase64()).ToArray();
            int[] labels = Ints(json.GetProperty("y"));
            using IMlpNetwork network = MlpClassifier.Network(x, labels, [.. labels.Select(_ => 1f)], shape, initial);
            double[] losses = [.. json.GetProperty("losses").EnumerateArray().Select(value => value.GetDouble())];
            foreach ((JsonElement batch, double loss) in json.GetProperty("batches").EnumerateArray().Zip(losses))
            {
                int[] rows = Ints(batch);
                Assert.AreEqual(loss,
                    network.Step(rows, [.. rows.Select(row => masks[row])], json.GetProperty("learning_rate").GetDouble()), 2e-5);
            }
            double[,] probabilities = network.Snapshot().Probabilities(x);
            float[] expected = Floats(json, "probabilities");
            for (int i = 0; i < n; i++)
                for (int c = 0; c < classes; c++)
                    Assert.AreEqual(expected[i * classes + c], probabilities[i, c], 2e-5);
        }
    }

    [TestMethod]
    public void Register_widths_do_not_change_a_bit()
    {
        (Matrix x, int[] labels) = Blobs.Make([60, 30, 10], 13, 1);
        MlpShape shape = new(13, 3);
        float[] weights = [.. labels.Select(_ => 1f)];
        float[] Run(IMlpNetwork network)
        {
            using (network)
            {
                for (int step = 0; step < 20; step++)
                    network.Step([.. Enumerable.Range(step, 32)], [.. Enumerable.Range(step, 32).Select(i => 0x9E3779B9u * (uint)i)], 1e-3);
                return network.Parameters.ToArray();
            }
        }
        float[] expected = Run(new MlpNetwork<Simd512>(x, labels, weights, shape, shape.Initial(1)));
        CollectionAssert.AreEqual(expected, Run(new MlpNetwork<Simd256>(x, labels, weights, shape, shape.Initial(1))));
        if (Simd.Fuses)
            CollectionAssert.AreEqual(expected, Run(new MlpNetwork<Simd128>(x, labels, weights, shape, shape.Initial(1))));
    }

    [TestMethod]
    public void Stopping_rows_decide_which_epoch_is_kept()
    {
        // The rows to stop on say the opposite of the rows to learn from: the first epochs, that know least, do best on them.
        (Matrix x, int[] labels) = Blobs.Make([100, 100], 5, 3);
        (Matrix stop, int[] stopLabels) = Blobs.Make([40, 40], 5, 3, seed: 2);
        IEarlyStoppingClassifier mlp = (IEarlyStoppingClassifier)Classifiers.Create("mlp");
        double Right(int[] labelsToStopOn)
        {
            using IFittedClassifier fitted = mlp.Fit(x, labels, [], 2, stop, labelsToStopOn, 1, default);
            double[,] probabilities = fitted.Probabilities(stop);
            return Enumerable.Range(0, stop.Rows).Average(i => probabilities[i, stopLabels[i]]);
        }
        Assert.IsLessThan(Right(stopLabels) - 0.05, Right([.. stopLabels.Select(label => 1 - label)]));
        Assert.ThrowsExactly<ArgumentException>(() => mlp.Fit(x, labels, [], 2, new(40, 4), stopLabels.AsSpan(40), 1, default));
    }

    [TestMethod]
    public void Stopping_rows_of_classes_that_are_not_trained_on_are_left_out()
    {
        (Matrix x, int[] labels) = Blobs.Make([30, 30, 0], 5, 3);
        (Matrix stop, int[] stopLabels) = Blobs.Make([10, 10, 10], 5, 3, seed: 2);
        using IFittedClassifier fitted = ((IEarlyStoppingClassifier)Classifiers.Create("mlp"))
            .Fit(x, labels, [], 3, stop, stopLabels, 1, default);
        Assert.AreEqual(0, fitted.Probabilities(stop)[0, 2]);
    }

    static void Transpose(float[] rows, int outputs, Span<float> to, int stride)
    {
        int inputs = rows.Length / outputs;
        for (int i = 0; i < inputs; i++)
            for (int j = 0; j < outputs; j++)
                to[i * stride + j] = rows[j * inputs + i];
    }

    static int[] Ints(JsonElement json) => [.. json.EnumerateArray().Select(value => value.GetInt32())];

    static float[] Floats(JsonElement json, string name) => MemoryMarshal.Cast<byte, float>(json.GetProperty(name).GetBytesFromBase64())
        .ToArray();
}
