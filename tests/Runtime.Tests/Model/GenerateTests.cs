using System.Globalization;
using System.Numerics;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace LeoCvae.Runtime.Tests;

[TestClass]
public class GenerateTests
{
    [TestMethod]
    public void Rows_come_in_the_order_of_the_models_classes_in_the_numbers_asked_for()
    {
        using LeoModel model = TestModel.Load();
        Table table = model.Generate(TestModel.Counts(malignant: 7, benign: 1500));
        Assert.AreEqual(1507, table.RowCount);
        Assert.AreEqual(0, table.RealRows);
        Assert.IsTrue(table.IsSynthetic(0));
        Assert.AreSequenceEqual(model.Schema.Classes.SelectMany(name => Enumerable.Repeat(name, name == TestModel.Benign ? 1500 : 7)),
            Enumerable.Range(0, 1507).Select(table.Label));
        Assert.AreEqual(3, model.Generate(new Dictionary<string, int> { [TestModel.Malignant] = 3 }).RowCount);
        Assert.AreEqual(0, model.Generate(new Dictionary<string, int>()).RowCount);
    }

    [TestMethod]
    public void Values_stay_in_the_columns_range_and_have_its_decimals()
    {
        using LeoModel model = TestModel.Load();
        Table table = model.Generate(TestModel.Counts(3000, 3000), seed: 7);
        for (int row = 0; row < table.RowCount; row++)
            for (int i = 0; i < model.Schema.Columns.Count; i++)
            {
                ColumnSpec column = model.Schema.Columns[i];
                double value = table.Row(row)[i];
                Assert.IsTrue(value >= column.Minimum && value <= column.Maximum, $"row {row}, {column.Name}: {value:R}");
                if (column.Decimals is int decimals)
                    Assert.AreEqual(Math.Round(value, decimals), value, $"row {row}, {column.Name}");
            }
    }

    [TestMethod]
    public void Rows_differ_from_each_other_and_from_the_training_rows()
    {
        using LeoModel model = TestModel.Load();
        Table table = model.Generate(TestModel.Counts(500, 500));
        HashSet<string> seen =
            [.. Enumerable.Range(0, TestModel.Training.RowCount).Select(row => string.Join(' ', TestModel.Training.Row(row).ToArray()))];
        for (int row = 0; row < table.RowCount; row++)
            Assert.IsTrue(seen.Add(string.Join(' ', table.Row(row).ToArray())), $"row {row} is a copy");
    }

    [TestMethod]
    public void Seeds_are_training_rows_of_the_class_and_many_of_them_are_used()
    {
        using LeoModel model = TestModel.Load();
        Table table = model.Generate(TestModel.Counts(3000, 3000));
        for (int row = 0; row < table.RowCount; row++)
            Assert.AreEqual(table.Label(row), TestModel.Training.Label(table.SourceRow(row)!.Value));
        Assert.IsGreaterThan(500, Enumerable.Range(0, table.RowCount).Select(table.SourceRow).Distinct().Count());
    }

    [TestMethod]
    public void Threads_do_not_change_a_bit()
    {
        using LeoModel one = TestModel.Load(threads: 1), two = TestModel.Load(threads: 2), all = TestModel.Load();
        Table expected = one.Generate(TestModel.Counts(5000, 2500), seed: 3);
        TestModel.AreSame(expected, two.Generate(TestModel.Counts(5000, 2500), seed: 3));
        TestModel.AreSame(expected, all.Generate(TestModel.Counts(5000, 2500), seed: 3));
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(10)]
    [DataRow(15)]
    [DataRow(16)]
    [DataRow(17)]
    [DataRow(1023)]
    [DataRow(1024)]
    [DataRow(1025)]
    [DataRow(4999)]
    public void Fewer_rows_are_the_first_of_more_whatever_the_other_classes_get(int rows)
    {
        using LeoModel model = TestModel.Load();
        Table many = model.Generate(new Dictionary<string, int> { [TestModel.Benign] = 5000 }),
            few = model.Generate(TestModel.Counts(malignant: 3, benign: rows));
        int first = Enumerable.Range(0, few.RowCount).First(row => few.Label(row) == TestModel.Benign);
        for (int row = 0; row < rows; row++)
        {
            Assert.IsTrue(many.Row(row).SequenceEqual(few.Row(first + row)), $"row {row}");
            Assert.AreEqual(many.SourceRow(row), few.SourceRow(first + row));
        }
    }

    [TestMethod]
    public void Another_seed_gives_other_rows_and_the_default_seed_is_42()
    {
        using LeoModel model = TestModel.Load();
        TestModel.AreSame(model.Generate(TestModel.Counts(20, 20)), model.Generate(TestModel.Counts(20, 20), seed: 42));
        foreach (ulong seed in (ulong[])[0, 43, 42UL << 32, ulong.MaxValue])
            Assert.IsFalse(
                model.Generate(TestModel.Counts(20, 20)).Values.SequenceEqual(model.Generate(TestModel.Counts(20, 20), seed).Values));
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void A_row_is_what_the_documented_formula_gives(bool evenSeeds)
    {
        const int Rows = 40;
        byte[] generator = TestModel.Files()["generator.onnx"];
        if (!evenSeeds)
            generator = OnnxForge.Change(generator, metadata => metadata["leocvae.sampling"] = metadata["leocvae.sampling"]
                .Replace("\"even_seeds\":true", "\"even_seeds\":false", StringComparison.Ordinal));
        using LeoModel model = LeoModel.FromFiles(new Dictionary<string, byte[]> { ["generator.onnx"] = generator });
        SeedBank seeds = model.Seeds;
        using InferenceSession session = new(generator);
        for (int c = 0; c < 2; c++)
        {
            DenseTensor<long> seed = new([Rows]);
            DenseTensor<float> noise = new([Rows, model.Manifest.LatentSize]),
                factorNoise = new([Rows, model.Manifest.Sampling.NoiseFactors]), columnNoise = new([Rows, 30]);
            for (int i = 0; i < Rows; i++)
            {
                ulong row = ((ulong)c << 40) + (ulong)i;
                double[] weights = [.. seeds.Weights.Skip(seeds.Starts[c]).Take(seeds.Starts[c + 1] - seeds.Starts[c])];
                CounterRandom random = new(5, (RandomStream)7);
                BigInteger start = ((BigInteger)random.Word((ulong)c << 40, 0) << 32) + random.Word((ulong)c << 40, 1);
                double even = (double)((start + i * BigInteger.Parse("11400714819323198485",
                    CultureInfo.InvariantCulture)) % (BigInteger.One << 64) >> 11) / Math.Pow(2, 53);
                double wanted = (evenSeeds ? even : random.Uniform(row, 0)) * weights.Sum(), sum = 0;
                seed[i] = seeds.Starts[c] + weights.TakeWhile(weight => (sum += weight) <= wanted).Count();
                new CounterRandom(5, (RandomStream)8).FillNormal(row, noise.Buffer.Span.Slice(i * model.Manifest.LatentSize,
                    model.Manifest.LatentSize));
                new CounterRandom(5, (RandomStream)23).FillNormal(row,
                    factorNoise.Buffer.Span.Slice(i * factorNoise.Dimensions[1], factorNoise.Dimensions[1]));
                for (int j = 0; j < 30; j++)
                    columnNoise[i, j] = (float)((BitConverter.GetBytes(new CounterRandom(5, (RandomStream)24).Word(row, j))
                        .Sum(part => part) - 510) / Math.Sqrt(21845));
            }
            using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> outputs = session.Run([NamedOnnxValue.CreateFromTensor("seed",
                seed), NamedOnnxValue.CreateFromTensor("noise", noise),
                NamedOnnxValue.CreateFromTensor("factor_noise", factorNoise),
                    NamedOnnxValue.CreateFromTensor("column_noise", columnNoise)]);
            Table actual = model.Generate(new Dictionary<string, int> { [model.Schema.Classes[c]] = Rows }, seed: 5);
            double[] expected = [.. outputs.First(output => output.Name == "rows").AsEnumerable<double>()];
            for (int i = 0; i < expected.Length; i++)
                Assert.AreEqual(expected[i], actual.Values[i], 1e-4 * Math.Abs(expected[i])
                    + 1.01 * Math.Pow(10, -model.Schema.Columns[i % 30].Decimals!.Value));
            Assert.AreSequenceEqual([.. seed.Select(s => seeds.Rows[(int)s])], Enumerable.Range(0, Rows).Select(actual.SourceRow));
            Assert.IsTrue(outputs.First(output => output.Name == "class").AsEnumerable<long>().All(index => index == c));
        }
    }

    [TestMethod]
    public void Concurrent_calls_give_what_serial_calls_give()
    {
        using LeoModel model = TestModel.Load(threads: 2);
        Table[] serial = [.. Enumerable.Range(0, 12).Select(i => model.Generate(TestModel.Counts(100 * i, 1200), (ulong)i))];
        Table[] concurrent = new Table[12];
        Parallel.For(0, 12, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i =>
            concurrent[i] = model.Generate(TestModel.Counts(100 * i, 1200), (ulong)i));
        for (int i = 0; i < 12; i++)
            TestModel.AreSame(serial[i], concurrent[i]);
    }

    [TestMethod]
    public void Bad_counts_are_refused()
    {
        using LeoModel model = TestModel.Load();
        Expect.Throws<ArgumentException>(() => model.Generate(new Dictionary<string, int> { ["Malignant"] = 1 }),
            "unknown class 'Malignant'", "'malignant'", "'benign'");
        Expect.Throws<ArgumentException>(() => model.Generate(new Dictionary<string, int> { [TestModel.Malignant] = -1 }),
            "class 'malignant': got -1 rows");
        Expect.Throws<ArgumentException>(() => model.Generate(TestModel.Counts(int.MaxValue, int.MaxValue)),
            "got 4294967294 rows x 30 columns", "rows at a time");
        Assert.ThrowsExactly<ArgumentNullException>(() => model.Generate(null!));
    }

    [TestMethod]
    public void Progress_ends_at_the_number_of_rows_and_a_cancelled_token_stops()
    {
        using LeoModel model = TestModel.Load(threads: 1);
        Steps steps = new();
        model.Generate(TestModel.Counts(2500, 100), progress: steps);
        Assert.AreEqual(2600, steps.Seen[^1]);
        Assert.AreSequenceEqual(steps.Seen.Order(), steps.Seen);
        Assert.IsGreaterThan(2, steps.Seen.Count);

        using CancellationTokenSource source = new();
        Assert.ThrowsExactly<OperationCanceledException>(() =>
            model.Generate(TestModel.Counts(50_000, 0), progress: new Steps { OnReport = source.Cancel }, cancellation: source.Token));
        Assert.ThrowsExactly<OperationCanceledException>(() => model.Generate(TestModel.Counts(1, 0), cancellation: new(canceled: true)));
    }

    sealed class Steps : IProgress<long>
    {
        public List<long> Seen { get; } = [];

        public Action? OnReport { get; init; }

        public void Report(long value)
        {
            Seen.Add(value);
            OnReport?.Invoke();
        }
    }
}
