using System.Text.Json;

namespace LeoCvae.Evaluation.Tests.Resampling;

/// <summary>Baselines against imbalanced-learn (tools/parity/oversampling.py).</summary>
[TestClass]
public class OversamplingOracleTests
{
    const string File = "oversampling.json";

    public static IEnumerable<object[]> Cases => Oracle.CaseNames(File);

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Neighbors_rows_in_danger_and_shares_are_those_of_the_oracle(string name)
    {
        JsonElement json = Oracle.Case(File, name);
        Table table = Read(json);
        int[] counts = table.ClassCounts();
        foreach (JsonElement expected in json.GetProperty("classes").EnumerateArray())
        {
            int c = table.Schema.ClassIndex($"c{expected.GetProperty("class").GetInt32()}");
            ClassRows group = Tables.ClassRows(table, c, json.GetProperty("k").GetInt32());
            Assert.AreSequenceEqual(expected.GetProperty("rows").Ints(), group.Rows);
            NeighborLists lists = group.WithinClass(group.Rows);
            for (int i = 0; i < group.Rows.Length; i++)
                Assert.AreSequenceEqual(expected.GetProperty("neighbors")[i].Ints(), lists.Ids(i).ToArray().Select(id => group.Rows[id]),
                    $"row {group.Rows[i]}");

            Assert.AreSequenceEqual(expected.GetProperty("danger").Ints(), BorderlineSmoteResampler.InDanger(group));
            (int[] others, int m) = group.Strangers(10);
            Assert.AreSequenceEqual(expected.GetProperty("noise").Ints(), group.Rows.Where((_, i) => others[i] == m));

            Assert.AreSequenceEqual(expected.GetProperty("strangers").Ints(), group.Strangers(group.K).Others);
            Assert.AreSequenceEqual(expected.GetProperty("adasyn_rows").Ints(),
                AdasynResampler.RowsOfEach(group, counts.Max() - counts[c]));
        }
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Classes_gain_as_many_rows_as_in_the_oracle(string name)
    {
        JsonElement json = Oracle.Case(File, name);
        Table table = Read(json);
        foreach (JsonProperty expected in json.GetProperty("added").EnumerateObject())
        {
            Table resampled = Resamplers.Named(expected.Name).Resample(new(table), 1, CancellationToken.None);
            int[] added = Tables.AddedRows(table, resampled), wanted = expected.Value.Ints();
            for (int c = 0; c < wanted.Length; c++)
                Assert.AreEqual(wanted[c], added[table.Schema.ClassIndex($"c{c}")], $"{expected.Name}, class {c}");
        }
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Synthetic_rows_lie_between_a_permitted_row_and_one_of_its_neighbors(string name)
    {
        JsonElement json = Oracle.Case(File, name);
        Table table = Read(json);
        foreach (string method in (string[])["smote", "bsmote", "adasyn"])
        {
            Table resampled = Resamplers.Named(method).Resample(new(table), 2, CancellationToken.None);
            for (int row = resampled.RealRows; row < resampled.RowCount; row++)
            {
                int from = resampled.SourceRow(row)!.Value;
                JsonElement group = json.GetProperty("classes").EnumerateArray()
                    .Single(item => $"c{item.GetProperty("class").GetInt32()}" == resampled.Label(row));
                int at = Array.IndexOf(group.GetProperty("rows").Ints(), from);
                Assert.IsGreaterThanOrEqualTo(0, at);
                if (method == "bsmote")
                    Assert.Contains(from, group.GetProperty("danger").Ints());
                if (method == "adasyn")
                    Assert.IsGreaterThan(0, group.GetProperty("strangers").Ints()[at]);
                Assert.IsTrue(group.GetProperty("neighbors")[at].Ints()
                    .Any(to => Step(table.Row(from), table.Row(to), resampled.Row(row)) is >= 0 and < 1), $"{method}, row {row}");
            }
        }
    }

    // Where a point lies between two others; NaN off the line.
    internal static double Step(ReadOnlySpan<double> from, ReadOnlySpan<double> to, ReadOnlySpan<double> point)
    {
        double along = 0, length = 0, off = 0;
        for (int j = 0; j < from.Length; j++)
            (along, length) = (along + (point[j] - from[j]) * (to[j] - from[j]), length + (to[j] - from[j]) * (to[j] - from[j]));
        double step = along / length;
        for (int j = 0; j < from.Length; j++)
            off = Math.Max(off, Math.Abs(from[j] + step * (to[j] - from[j]) - point[j]));
        return off < 1e-9 * Math.Sqrt(length) ? step : double.NaN;
    }

    static Table Read(JsonElement json) => Tables.Of(json.GetProperty("x").Matrix(), json.GetProperty("y").Ints());
}
