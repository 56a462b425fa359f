using System.Text.Json;

namespace LeoCvae.Evaluation.Tests.Metrics;

/// <summary>Measures against scikit-learn and imbalanced-learn (tools/parity/metrics.py).</summary>
[TestClass]
public class MetricOracleTests
{
    const string File = "metrics.json";

    public static IEnumerable<object[]> Cases => Oracle.CaseNames(File);

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Scores_are_those_of_the_oracle(string name)
    {
        JsonElement json = Oracle.Case(File, name);
        ClassificationScores scores = ClassificationScores.Of(json.GetProperty("p").Matrix(), json.GetProperty("y").Ints(),
            json.GetProperty("positive").GetInt32());
        foreach (JsonProperty expected in json.GetProperty("expected").EnumerateObject())
            if (expected.Value.ValueKind == JsonValueKind.Null)
                Assert.AreEqual(double.NaN, Metric.Named(expected.Name).Of(scores), expected.Name);
            else
                Assert.AreEqual(expected.Value.GetDouble(), Metric.Named(expected.Name).Of(scores), 1e-9, expected.Name);
    }

    [TestMethod]
    public void The_oracle_covers_every_measure_but_the_calibration_error()
    {
        string[] covered =
            [.. Oracle.Read(File).GetProperty("cases")[0].GetProperty("expected").EnumerateObject().Select(expected => expected.Name)];
        Assert.AreSequenceEqual(Metric.All.Select(metric => metric.Name).Where(metric => metric != "ece").Order(), covered.Order());
        Assert.HasCount(typeof(ClassificationScores).GetProperties().Length, Metric.All);
    }
}
