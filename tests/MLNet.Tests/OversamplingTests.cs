using LeoCvae.Training;
using Microsoft.Data.Analysis;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace LeoCvae.MLNet.Tests;

[TestClass]
public class OversamplingTests
{
    static readonly MLContext Context = new(seed: 1);
    static readonly TrainingOptions Quick = TrainingOptions.Default with { MaxEpochs = 5 };

    public sealed class Patient
    {
        public float Weight { get; set; }

        public double Pressure { get; set; }

        public int Visits { get; set; }

        public bool Smokes { get; set; }

        public string City { get; set; } = "";

        public DateTime Seen { get; set; }

        [VectorType(3)]
        public float[] Genes { get; set; } = [];

        public string Label { get; set; } = "";
    }

    static readonly Patient[] Patients = [.. Enumerable.Range(0, 60).Select(i => new Patient
    {
        Weight = 50.5f + i % 13 + (i % 4 == 0 ? 9 : 0),
        Pressure = i == 5 ? double.NaN : 100 + i % 17 / 10.0,
        Visits = i % 6,
        Smokes = i % 3 == 0,
        City = i % 7 == 0 ? "" : i % 4 == 0 ? "Köln" : "Ulm",
        Seen = new DateTime(2024, 1, 1).AddDays(i),
        Genes = [i % 5, i % 4 == 0 ? 2.5f : 0.5f, i / 10f],
        Label = i % 4 == 0 ? "ill" : "well",
    })];

    static IDataView View => Context.Data.LoadFromEnumerable(Patients);

    [TestMethod]
    public void Real_rows_stay_and_synthetic_ones_follow_in_the_same_columns()
    {
        IDataView balanced = Context.Data.Oversample(View, options: Quick);
        Patient[] rows = [.. Context.Data.CreateEnumerable<Patient>(balanced, reuseRowObject: false)];
        Assert.HasCount(90, rows);
        Assert.AreEqual(90L, balanced.GetRowCount());
        Assert.AreSequenceEqual(View.Schema.Select(column => $"{column.Name} {column.Type}"),
            balanced.Schema.Select(column => $"{column.Name} {column.Type}"));
        for (int i = 0; i < 60; i++)
        {
            (Patient real, Patient row) = (Patients[i], rows[i]);
            Assert.AreEqual((real.Weight, real.Pressure, real.Visits, real.Smokes, real.City, real.Seen, real.Label),
                (row.Weight, row.Pressure, row.Visits, row.Smokes, row.City, row.Seen, row.Label));
            Assert.AreSequenceEqual(real.Genes, row.Genes);
        }
        foreach (Patient row in rows[60..])
        {
            Assert.AreEqual("ill", row.Label);
            Assert.IsInRange(50.5f, 71.5f, row.Weight);
            Assert.IsInRange(0, 5, row.Visits);
            Assert.Contains(row.City, (string[])["", "Köln", "Ulm"]);
            Assert.IsInRange(new DateTime(2024, 1, 1), new DateTime(2024, 2, 29), row.Seen);
            Assert.IsInRange(0, 4, row.Genes[0]);
            Assert.Contains(row.Genes[1], (float[])[0.5f, 2.5f]);
        }
        // The same again.
        Assert.AreSequenceEqual(rows.Select(row => row.Pressure), Context.Data.CreateEnumerable<Patient>(
            Context.Data.Oversample(View, options: Quick), reuseRowObject: false).Select(row => row.Pressure));
    }

    [TestMethod]
    public void Cross_validation_tests_on_real_rows_only()
    {
        IEstimator<ITransformer> pipeline = Context.Transforms.Conversion.MapValueToKey("Label")
            .Append(Context.Transforms.Concatenate("Features", "Weight", "Genes"))
            .Append(Context.MulticlassClassification.Trainers.LbfgsMaximumEntropy(
                new LbfgsMaximumEntropyMulticlassTrainer.Options { NumberOfThreads = 1, MaximumNumberOfIterations = 50 }));
        List<string[]> tested = [];
        MulticlassClassificationMetrics Evaluate(IDataView predictions)
        {
            tested.Add([.. predictions.GetColumn<DateTime>("Seen").Select(seen => $"{seen:O}")]);
            return Context.MulticlassClassification.Evaluate(predictions);
        }
        IReadOnlyList<OversampledFold<MulticlassClassificationMetrics>> folds =
            Context.CrossValidateOversampled(View, pipeline, Evaluate, numberOfFolds: 3, options: Quick);
        Assert.AreSequenceEqual((int[])[0, 1, 2], folds.Select(fold => fold.Fold));
        // Each row once, of each class alike many.
        CollectionAssert.AreEquivalent(Patients.Select(patient => $"{patient.Seen:O}").ToArray(),
            tested.SelectMany(rows => rows).ToArray());
        Assert.IsTrue(tested.All(rows => rows.Length == 20));
        Assert.IsTrue(folds.All(fold => fold.Metrics.MacroAccuracy > 0.5));
    }

    [TestMethod]
    public void Local_entropy_is_a_column()
    {
        IDataView scored = Context.Data.AddLocalEntropy(Context.Transforms.DropColumns("Pressure").Fit(View).Transform(View), neighbors: 5);
        float[] bits = [.. scored.GetColumn<float>("LocalEntropy")];
        Assert.HasCount(60, bits);
        Assert.IsTrue(bits.All(value => value is >= 0 and <= 1));
        Assert.IsGreaterThan(1, bits.Distinct().Count());
        Expect.Throws<ArgumentException>(() => Context.Data.AddLocalEntropy(scored), "got 'LocalEntropy', which is a column");
    }

    [TestMethod]
    public void A_data_frame_is_oversampled_to_one()
    {
        DataFrame frame = new(new DoubleDataFrameColumn("x", Enumerable.Range(0, 40).Select(i => i / 4.0)),
            new StringDataFrameColumn("kind", Enumerable.Range(0, 40).Select(i => i % 5 == 0 ? "rare" : "frequent")));
        DataFrame balanced = frame.Oversample("kind", options: Quick);
        Assert.AreEqual(64, balanced.Rows.Count);
        Assert.AreSequenceEqual((string[])["x", "kind"], balanced.Columns.Select(column => column.Name));
        Assert.AreEqual(3.25, balanced["x"][13]);
        Assert.AreEqual("rare", balanced["kind"][63]);
    }

    [TestMethod]
    public void Labels_may_be_numbers_or_keys()
    {
        IDataView keys = Context.Transforms.Conversion.MapValueToKey("Label").Fit(View).Transform(View);
        IDataView balanced = Context.Data.Oversample(keys, options: Quick);
        Assert.AreEqual(45, balanced.GetColumn<uint>("Label").Count(key => key == 1));
        Assert.AreEqual(45, balanced.GetColumn<uint>("Label").Count(key => key == 2));
        // The names of keys come along.
        IDataView names = Context.Transforms.Conversion.MapKeyToValue("Label").Fit(balanced).Transform(balanced);
        Assert.AreEqual("ill", names.GetColumn<string>("Label").Last());
        Assert.AreEqual(120L, Context.Data.Oversample(View, "Smokes", SamplingStrategy.FinalCounts(
            new Dictionary<string, int> { ["True"] = 60, ["False"] = 60 }), Quick).GetRowCount());
    }

    [TestMethod]
    public void What_no_table_holds_is_refused_by_name()
    {
        Expect.Throws<ArgumentException>(() => Context.Data.Oversample(View, "Labels"), "no column 'Labels'");
        Expect.Throws<ArgumentException>(() => Context.Data.Oversample(View, "Genes"), "label column 'Genes': got a vector");
        IDataView tokens = Context.Transforms.Text.TokenizeIntoWords("Words", "City").Fit(View).Transform(View);
        Expect.Throws<ArgumentException>(() => Context.Data.Oversample(tokens), "column 'Words'", "Transforms.DropColumns");
        IDataView without = Context.Data.LoadFromEnumerable(Patients.Select(patient => new Patient { Label = "", Genes = patient.Genes }));
        Expect.Throws<ArgumentException>(() => Context.Data.Oversample(without), "row 0, label column 'Label': the value is missing");
    }
}
