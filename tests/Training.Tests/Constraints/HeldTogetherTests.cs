namespace LeoCvae.Training.Tests.Constraints;

/// <summary>Constraints that share columns: what is said to be held is held by every row, in both evaluators.</summary>
[TestClass]
public class HeldTogetherTests
{
    static readonly Table Table = Bills(400);

    [TestMethod]
    public void Sums_in_sums_orders_on_them_and_flags_of_true_and_false_are_found()
    {
        string[] found = [.. ConstraintFinder.Find(Table).Select(constraint => constraint.ToString())];
        CollectionAssert.AreEquivalent((string[])["one of color_blue, color_light red, color_red", "at most one of size_big, size_small",
            "item determines price", "goods + service = subtotal",
            "subtotal + tax = total", "total = charged", "net + shipping = sum", "discount <= subtotal",
            "used <= whole", "released <= sold", "item determines released"], found,
            string.Join("; ", found));
    }

    [TestMethod]
    [DataRow(Evaluator.Managed)]
    [DataRow(Evaluator.OnnxRuntime)]
    public void Every_generated_row_holds_them(Evaluator evaluator)
    {
        using TrainingResult fitted = LeoTrainer.Fit(Table, TrainingOptions.Default with { MaxEpochs = 5 });
        using TempFolder folder = new();
        fitted.Model.Save(folder["model"]);
        using LeoModel model = LeoModel.Load(folder["model"], new() { Evaluator = evaluator });
        Table rows = model.Generate(new Dictionary<string, int> { ["paid"] = 2000, ["open"] = 2000 });
        ColumnValues values = new(rows.With(Table.Schema));
        Assert.HasCount(11, model.Manifest.Constraints!);
        foreach (RowConstraint constraint in model.Manifest.Constraints!)
            Assert.AreEqual(-1, values.Violation(constraint, RepairPlan.Places(Table.Schema.Columns, constraint)), constraint.ToString());
        for (int i = 0; i < rows.RowCount; i++)
            foreach ((int j, ColumnSpec column) in Table.Schema.Columns.Index())
            {
                Assert.IsInRange(column.Minimum, column.Maximum, rows.Row(i)[j], column.Name);
                if (column.Values is { } few)
                    Assert.Contains(rows.Row(i)[j], few, column.Name);
                else if (column.Decimals is int decimals)
                    Assert.AreEqual(Math.Round(rows.Row(i)[j], decimals), rows.Row(i)[j], column.Name);
            }
    }

    [TestMethod]
    public void What_is_held_together_holds_whatever_a_row_was()
    {
        string[] names = ["a", "b", "c", "d", "e", "f"];
        int held = 0;
        for (ulong seed = 0; seed < 2000; seed++)
        {
            CounterRandom random = new(seed, (RandomStream)1005);
            int Draw(int n, int draw) => (int)(n * random.Uniform(1, draw));
            ColumnSpec[] columns = [.. names.Select((name, j) => new ColumnSpec
            {
                Name = name,
                Minimum = 0,
                Maximum = 10 * (j + 1),
                Decimals = Draw(3, 50 + j),
                Values = Draw(4, 60 + j) == 0 ? [0, 5, 10 * (j + 1)] : null,
            })];
            HeldConstraints together = new(columns);
            for (int k = 0; k < 4; k++)
            {
                string[] some = [.. names.OrderBy(name => random.Uniform((ulong)k + 2, Array.IndexOf(names, name)))];
                RowConstraint constraint = Draw(2, 100 + k) == 0 ? new() { Kind = ConstraintKind.Order, Columns = [.. some[..2].Order()] }
                    : new() { Kind = ConstraintKind.Sum, Columns = [.. some[..(2 + Draw(2, 110 + k))].Order()] };
                // The largest column can hold the sum of the others only where these are small enough.
                int[] places = RepairPlan.Places(columns, constraint);
                if (RowCoherence.Misfit(constraint, columns) is null && (constraint.Kind == ConstraintKind.Order
                    || places[..^1].Sum(place => columns[place].Minimum) <= columns[places[^1]].Maximum))
                    _ = together.TryAdd(constraint);
            }
            held += together.All.Count;
            RowCoherence coherence = new(columns, together.All);
            double[] row = new double[columns.Length];
            for (int i = 0; i < 20; i++)
            {
                for (int j = 0; j < row.Length; j++)
                    row[j] = columns[j].Values is { } few ? few[(int)(few.Count * random.Uniform((ulong)i + 20, j))]
                        : Math.Round(columns[j].Maximum * random.Uniform((ulong)i + 20, j), columns[j].Decimals!.Value);
                coherence.Apply(row, []);
                foreach (RowConstraint constraint in together.All)
                    Assert.IsTrue(RowCoherence.Holds(constraint, row, RepairPlan.Places(columns, constraint)),
                        $"seed {seed}: {constraint} of {string.Join("; ", together.All)} in {string.Join(" ", row)}");
            }
        }
        Assert.IsGreaterThan(2000, held);
    }

    [TestMethod]
    public void What_was_given_comes_before_what_is_found_and_is_refused_where_it_cannot_be_held()
    {
        RowConstraint Sum(params string[] columns) => new() { Kind = ConstraintKind.Sum, Columns = columns };
        TrainingOptions options = TrainingOptions.Default with { MaxEpochs = 1 };
        using TrainingResult given = LeoTrainer.Fit(Table, options with { Constraints = [Sum("charged", "total")] });
        Assert.AreEqual("charged = total", given.Model.Manifest.Constraints![0].ToString());
        Assert.DoesNotContain("total = charged", string.Join("; ", given.Model.Manifest.Constraints!));
        RowConstraint[] both = [Sum("total", "charged"), Sum("charged", "total")];
        Expect.Throws<ArgumentException>(() => LeoTrainer.Fit(Table, options with { Constraints = both }),
            ["'charged = total' can't be held beside those given before it", "settle 'total'"]);
    }

    // Bills: an item with its price and date, sums in sums, a few prices of shipping, one-hot columns of false and true and of 0 and 1.
    static Table Bills(int rows)
    {
        CounterRandom random = new(9, (RandomStream)1006);
        float U(int row, int draw) => random.Uniform((ulong)row, draw);
        int Whole(int row, int draw, int n) => (int)(n * U(row, draw));
        T[] Column<T>(Func<int, T> cell) => [.. Enumerable.Range(0, rows).Select(cell)];
        double[] goods = Column(i => Math.Round(5 + 90.0 * U(i, 0), 2)), service = Column(i => Math.Round(40.0 * U(i, 1), 2)),
            shipping = Column(i => ((double[])[0, 4.99, 9.99])[Whole(i, 2, 3)]),
            subtotal = Column(i => Math.Round(goods[i] + service[i], 2)),
            tax = Column(i => Math.Round(9.0 * U(i, 12), 2)), total = Column(i => Math.Round(subtotal[i] + tax[i], 2)),
            net = Column(i => Math.Round(70.0 * U(i, 13), 2)), used = Column(i => Math.Round(100.0 * U(i, 3), 2));
        int[] item = Column(i => Whole(i, 4, 12)), color = Column(i => Whole(i, 5, 3)), size = Column(i => Whole(i, 6, 3));
        DateOnly start = new(2024, 1, 1);
        return Table.FromColumns([
            TableColumn.Of("item", Column(i => FormattableString.Invariant($"i{item[i]}"))),
            TableColumn.Of("price", Column(i => Math.Round(3.17 * (item[i] + 1), 2))),
            TableColumn.Of("released", Column(i => start.AddDays(7 * item[i]))),
            TableColumn.Of("sold", Column(i => start.AddDays(7 * item[i] + Whole(i, 7, 60)))),
            TableColumn.Of("goods", goods), TableColumn.Of("service", service), TableColumn.Of("subtotal", subtotal),
            TableColumn.Of("tax", tax), TableColumn.Of("total", total), TableColumn.Of("charged", total), TableColumn.Of("net", net),
            TableColumn.Of("shipping", shipping), TableColumn.Of("sum", Column(i => Math.Round(net[i] + shipping[i], 2))),
            TableColumn.Of("discount", Column(i => U(i, 8) < 0.1 ? subtotal[i] : Math.Round(subtotal[i] * U(i, 9), 2))),
            TableColumn.Of("used", Column(i => U(i, 10) < 0.1 ? Math.Ceiling(used[i]) : used[i])),
            TableColumn.Of("whole", Column(i => Math.Ceiling(used[i]) + (U(i, 10) < 0.1 ? 0 : Whole(i, 11, 30)))),
            TableColumn.Of("color_blue", Column(i => color[i] == 0)), TableColumn.Of("color_light red", Column(i => color[i] == 1)),
            TableColumn.Of("color_red", Column(i => color[i] == 2)),
            TableColumn.Of("size_big", Column(i => size[i] == 0 ? 1 : 0)), TableColumn.Of("size_small", Column(i => size[i] == 1 ? 1 : 0))],
            Column(i => i % 3 == 0 ? "open" : "paid"));
    }
}
