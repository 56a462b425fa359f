using System.Text.Json;

namespace LeoCvae.Evaluation.Tests.Resampling;

/// <summary>SMOTE-NC and SMOTEN against imbalanced-learn, random numbers given (tools/parity/oversampling_nominal.py).</summary>
[TestClass]
public class NominalOracleTests
{
    const string File = "oversampling-nominal.json";

    public static IEnumerable<object[]> Cases => Oracle.CaseNames(File);

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Neighbors_are_those_of_the_oracle(string name)
    {
        JsonElement json = Oracle.Case(File, name);
        Table table = Read(json);
        bool hasNumbers = NominalSpace.Of(table)!.HasNumbers;
        foreach ((JsonElement expected, ClassRows group) in Groups(json, table))
        {
            NeighborLists lists = group.WithinClass();
            for (int i = 0; i < group.Rows.Length; i++)
            {
                int[] ours = [.. lists.Ids(i).ToArray().Select(id => group.Rows[id])];
                // SMOTEN counts a row as its own first neighbor.
                Assert.AreSequenceEqual(expected.GetProperty("neighbors")[i].Ints(), hasNumbers ? ours : [group.Rows[i], .. ours]);
                if (!hasNumbers)
                    foreach ((double theirs, double own) in expected.GetProperty("distances")[i].Doubles().Skip(1)
                        .Zip(lists.SquaredDistances(i).ToArray()))
                        Assert.AreEqual(theirs, own, 1e-12 * theirs);
            }
        }
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Rows_of_given_bases_neighbors_and_steps_are_those_of_the_oracle(string name)
    {
        JsonElement json = Oracle.Case(File, name);
        Table table = Read(json);
        int numbers = table.Schema.Columns.Count(column => column.Categories is null);
        foreach ((JsonElement expected, ClassRows group) in Groups(json, table))
            foreach (JsonElement made in expected.GetProperty("made").EnumerateArray())
            {
                int from = made.GetProperty("from").GetInt32();
                for (int j = 0; j < table.Schema.Columns.Count - numbers; j++)
                    Assert.AreSequenceEqual(made.GetProperty("categories")[j].EnumerateArray().Select(item => item.GetString()),
                        (numbers > 0 ? group.MostFrequent(from, numbers + j) : group.MostFrequent(from, j)[..1])
                            .Select(k => table.Schema.Columns[numbers + j].Categories![k]));
                if (numbers == 0)
                    continue;
                Assert.Contains(made.GetProperty("to").GetInt32(),
                    group.WithinClass().Ids(Array.IndexOf(group.Rows, from)).ToArray().Select(id => group.Rows[id]));
                ReadOnlySpan<double> start = table.Row(from), end = table.Row(made.GetProperty("to").GetInt32());
                double[] theirs = made.GetProperty("numbers").Doubles();
                for (int j = 0; j < numbers; j++)
                    Assert.AreEqual(theirs[j], start[j] + made.GetProperty("step").GetDouble() * (end[j] - start[j]), 1e-12);
            }
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Synthetic_rows_are_such_rows(string name)
    {
        JsonElement json = Oracle.Case(File, name);
        Table table = Read(json), resampled = Resamplers.Smote.Resample(new(table), 3, CancellationToken.None);
        Assert.AreEqual(table.ClassCounts().Length * table.ClassCounts().Max(), resampled.RowCount);
        int[] categories = NominalSpace.Of(table)!.Columns;
        int numbers = table.Schema.Columns.Count - categories.Length;
        Dictionary<string, ClassRows> groups = Groups(json, table).ToDictionary(pair => table.Schema.Classes[pair.Group.Class],
            pair => pair.Group);
        for (int row = resampled.RealRows; row < resampled.RowCount; row++)
        {
            ClassRows group = groups[resampled.Label(row)];
            int from = resampled.SourceRow(row)!.Value;
            foreach (int j in categories)
                Assert.Contains((int)resampled.Row(row)[j], group.MostFrequent(from, j));
            double[] made = resampled.Row(row)[..numbers].ToArray();
            if (numbers > 0)
                Assert.IsTrue(group.WithinClass().Ids(Array.IndexOf(group.Rows, from)).ToArray().Any(id => OversamplingOracleTests.Step(
                    table.Row(from)[..numbers], table.Row(group.Rows[id])[..numbers], made) is >= 0 and < 1
                    || table.Row(group.Rows[id])[..numbers].SequenceEqual(made)));
        }
    }

    static IEnumerable<(JsonElement Expected, ClassRows Group)> Groups(JsonElement json, Table table) =>
        json.GetProperty("classes").EnumerateArray().Select(expected => (expected, Tables.ClassRows(table,
            table.Schema.ClassIndex($"c{expected.GetProperty("class").GetInt32()}"), json.GetProperty("k").GetInt32())));

    static Table Read(JsonElement json)
    {
        double[][] numbers = [.. json.GetProperty("numbers").EnumerateArray().Select(row => row.Doubles())];
        string[][] categories = [.. json.GetProperty("categories").EnumerateArray()
            .Select(row => row.EnumerateArray().Select(item => item.GetString()!).ToArray())];
        return MixedTables.Of(numbers.Length, json.GetProperty("y").Ints(),
        [
            .. Enumerable.Range(0, numbers[0].Length).Select(j => MixedTables.Numbers($"x{j}", i => numbers[i][j])),
            .. Enumerable.Range(0, categories[0].Length).Select(j =>
            {
                string[] names = [.. categories.Select(row => row[j]).Distinct()];
                return MixedTables.Category($"c{j}", i => Array.IndexOf(names, categories[i][j]), names);
            }),
        ]);
    }
}
