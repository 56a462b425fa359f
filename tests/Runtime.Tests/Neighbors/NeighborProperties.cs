using CsCheck;

namespace LeoCvae.Runtime.Tests.Neighbors;

/// <summary>
/// Every search against its brute-force twin on random tables. A failure prints its seed: CsCheck_Seed=... in the environment runs that
/// case first.
/// </summary>
[TestClass]
public class NeighborProperties
{
    static readonly ParallelOptions Two = new() { MaxDegreeOfParallelism = 2 };

    [TestMethod]
    public void Exact_neighbors_of_all_rows_are_the_twins_for_every_register_width() => TableCase.Any.Sample(c =>
    {
        (Matrix x, _) = c.Make();
        NeighborLists lists = ExactNeighbors.AllRows(x, c.K, 1);
        for (int row = 0; row < x.Rows; row++)
            BruteForce.RequireNearest(x[row], x, c.K, row, lists.Ids(row), lists.SquaredDistances(row));
        GraphData.AreSame(lists, ExactNeighbors.AllRows<Simd512>(x, c.K, Two), x.Rows);
        GraphData.AreSame(lists, ExactNeighbors.AllRows<Simd256>(x, c.K, Two), x.Rows);
        GraphData.AreSame(lists, ExactNeighbors.AllRows<Simd128>(x, c.K, Two), x.Rows);
    }, iter: 300);

    [TestMethod]
    public void Exact_neighbors_of_some_and_of_new_rows_are_the_twins_for_every_register_width() => TableCase.Any.Sample(c =>
    {
        (Matrix x, Matrix newRows) = c.Make();
        int[] some = [.. Enumerable.Range(0, c.NewRows).Select(i => (int)((c.Seed + 7L * i * i) % x.Rows))];
        NeighborLists own = ExactNeighbors.SomeRows(x, some, c.K, 2), others = ExactNeighbors.NewRows(newRows, x, c.K, 2);
        for (int i = 0; i < c.NewRows; i++)
        {
            BruteForce.RequireNearest(x[some[i]], x, c.K, some[i], own.Ids(i), own.SquaredDistances(i));
            BruteForce.RequireNearest(newRows[i], x, c.K, -1, others.Ids(i), others.SquaredDistances(i));
        }
        void RequireSame<T>() where T : struct, ISimd<T>
        {
            GraphData.AreSame(own, new ExactQueries<T>(x, some, x, excludeSelf: true, own.K).Search(Two), c.NewRows);
            GraphData.AreSame(others, new ExactQueries<T>(newRows, [.. Enumerable.Range(0, c.NewRows)], x, excludeSelf: false, others.K)
                .Search(Two), c.NewRows);
        }
        RequireSame<Simd512>();
        RequireSame<Simd256>();
        RequireSame<Simd128>();
    }, iter: 300);

    // Enough rows for several leaves, few enough for the gate to check them all.
    static readonly Gen<TableCase> Large = TableCase.Of(Gen.Select(Gen.Int[1, 400], Gen.Int[1, 24]), Gen.Int[1, 6], Gen.Enum<TableKind>());

    [TestMethod]
    public void The_gate_measures_the_share_of_the_twins_neighbors_and_what_the_graph_lists_is_true() => Large.Sample(c =>
    {
        (Matrix x, _) = c.Make();
        NeighborLists lists = NeighborGraph.AllRows(x, c.K, new() { LeafSize = 8, Trees = 2, Spare = 2, Rounds = 1, Sample = 2 }, 2);
        Assert.AreEqual(Math.Min(c.K, x.Rows - 1), lists.K);
        // Sums that run in another order may order near ties otherwise.
        (double fewest, double most) = (0, 0);
        for (int row = 0; row < x.Rows; row++)
        {
            BruteForce.RequireSorted(x[row], x, row, lists.Ids(row), lists.SquaredDistances(row));
            (double Distance, int Row)[] nearest = BruteForce.Nearest(x[row], x, c.K, row);
            double Right(double rounding) => nearest.Length == 0 ? 1
                : lists.SquaredDistances(row).ToArray().Average(distance => distance <= nearest[^1].Distance * (1 + rounding) ? 1.0 : 0);
            fewest += Right(-1e-12);
            most += Right(1e-12);
        }
        Assert.IsInRange(fewest / x.Rows - 1e-9, most / x.Rows + 1e-9, RecallGate.Measure(x, lists, 2).Mean);
    }, iter: 120);

    [TestMethod]
    public void Entropies_are_those_of_the_twins_neighbors_or_come_with_their_recall() =>
        Gen.Select(Large, Gen.Enum<NeighborSearch>()).Where((c, _) => c.Rows > 1).Sample((c, search) =>
    {
        (Matrix x, _) = c.Make();
        string[] classes = ["a", "b", "c"];
        int[] labels = [.. Enumerable.Range(0, x.Rows).Select(row => row * 5 % 7 % 3)];
        EntropyScores scores = LocalEntropy.Score(x, labels, classes, c.K, search, 2);
        Assert.AreEqual(Math.Min(c.K, x.Rows - 1), scores.Neighbors);
        Assert.IsInRange(NearestNeighbors.LowestRecall, 1, scores.Search.Recall);
        if (scores.Search.Used != NeighborSearch.Exact)
            Assert.AreEqual(x.Rows, scores.Search.CheckedRows);
        int wrong = 0;
        for (int row = 0; row < x.Rows; row++)
        {
            int[] near = [.. BruteForce.Nearest(x[row], x, c.K, row).Select(neighbor => labels[neighbor.Row])];
            double[] p = [.. Enumerable.Range(0, 3).Select(label => near.Count(other => other == label) / (double)near.Length)];
            if (!p.SequenceEqual(scores.Frequencies(row).ToArray()))
                wrong++;
            double[] stated = scores.Frequencies(row).ToArray();
            Assert.AreEqual(-stated.Where(share => share > 0).Sum(share => share * Math.Log2(share)), scores.Bits[row], 1e-12);
        }
        // A row with wrong frequencies misses at least one of its k neighbors. Among tied ones an approximate search may list others;
        // values near the smallest floats are tied.
        if (scores.Search.Used == NeighborSearch.Exact)
            Assert.AreEqual(0, wrong);
        else if (c.Kind == TableKind.Continuous && c.Exponent > -100)
            Assert.IsLessThanOrEqualTo((1 - scores.Search.Recall) * x.Rows * c.K + 1e-6, wrong);
    }, iter: 120);

    // The index keeps rows in one scale, in float: values 2^100 times smaller than others vanish.
    static readonly Gen<TableCase> OneScale = TableCase.Any.Where(c => c.Kind != TableKind.MixedMagnitudes);

    [TestMethod]
    public void An_index_that_is_searched_with_an_effort_of_all_rows_finds_the_twins() => OneScale.Sample(c =>
    {
        (Matrix x, Matrix newRows) = c.Make();
        HnswIndex index = HnswIndex.Build(x, new() { Links = 4, BuildEffort = 10, MaxDegreeOfParallelism = 1 });
        int[] ids = new int[c.K];
        double[] distances = new double[c.K];
        for (int i = 0; i < c.NewRows; i++)
        {
            int count = index.Search(newRows[i], ids, distances, x.Rows);
            BruteForce.RequireNearest(newRows[i], x, c.K, -1, ids.AsSpan(0, count), distances);
            int row = i * 11 % x.Rows;
            count = index.SearchRow(row, ids, distances, x.Rows);
            BruteForce.RequireNearest(x[row], x, c.K, row, ids.AsSpan(0, count), distances);
        }
    }, iter: 300);

    [TestMethod]
    public void Values_that_are_no_numbers_are_refused_by_every_search() =>
        Gen.Select(TableCase.Any, Gen.UInt, Gen.OneOf(float.NaN, float.PositiveInfinity, float.NegativeInfinity)).Sample((c, at, value) =>
    {
        (Matrix x, Matrix newRows) = c.Make();
        Matrix good = HnswData.Part(x, 0, x.Rows);
        int place = (int)(at % x.Values.Length), row = place / x.Columns;
        x.Values[place] = value;
        Refused(() => ExactNeighbors.AllRows(x, c.K, 2));
        Refused(() => NeighborGraph.AllRows(x, c.K, new(), 2));
        Refused(() => HnswIndex.Build(x));
        Refused(() => ExactNeighbors.NewRows(x, good, c.K, 2));
        if (newRows.Rows > 0)
            Refused(() => ExactNeighbors.NewRows(newRows, x, c.K, 2));
        if (x.Rows > 1)
            Refused(() => ExactNeighbors.SomeRows(x, [0], c.K, 2));
        Assert.Throws<ArgumentException>(() => HnswIndex.Build(good).Search(x[row], new int[1], new double[1]));

        void Refused(Action action) => Assert.Contains($"row {row}: got {value}", Assert.ThrowsExactly<ArgumentException>(action).Message);
    }, iter: 120);
}
