namespace LeoCvae.Training.Tests.Constraints;

/// <summary>What holds in every training row is found, and holds in every generated row.</summary>
[TestClass]
public class ConstraintTests
{
    static readonly Table Table = Trips(600);
    static readonly TrainingOptions Options = TrainingOptions.Default with { MaxEpochs = 30 };
    static readonly TrainingResult Fitted = LeoTrainer.Fit(Table, Options);

    [ClassCleanup]
    public static void Free() => Fitted.Dispose();

    [TestMethod]
    public void What_holds_in_every_row_is_found_and_nothing_else()
    {
        string[] found = [.. ConstraintFinder.Find(Table).Select(constraint => constraint.ToString())];
        // What zip determines, city needs not.
        CollectionAssert.AreEquivalent((string[])["zip determines city", "zip determines state", "zip determines fee",
            "area determines state", "one of paid_card, paid_cash, paid_none", "work + travel + pause = hours", "start <= end"], found);
    }

    [TestMethod]
    public void Independent_columns_hold_nothing()
    {
        CounterRandom random = new(5, (RandomStream)1003);
        string[] names = ["a", "b", "c", "d"];
        ColumnSpec Category(string name) => new()
        {
            Name = name,
            Kind = ColumnKind.Category,
            Minimum = 0,
            Maximum = 3,
            Categories = ["p", "q", "r", "s"],
        };
        for (int n = 4; n <= 256; n *= 2)
        {
            TableSchema schema = new([.. names.Select(Category), .. names.Select(name => new ColumnSpec { Name = $"{name}1", Minimum = 0,
                Maximum = 9, Decimals = 0 })], "y", ["x", "z"]);
            double[] values = [.. Enumerable.Range(0, n * 8).Select(i => Math.Floor(random.Uniform((ulong)i, n) * (i % 8 < 4 ? 4 : 10)))];
            Table table = new Table(schema, values, [.. Enumerable.Range(0, n).Select(i => i % 2)]).Select([.. Enumerable.Range(0, n)]);
            Assert.IsEmpty(ConstraintFinder.Find(table), $"{n} rows");
        }
    }

    [TestMethod]
    [DataRow(Evaluator.Managed)]
    [DataRow(Evaluator.OnnxRuntime)]
    public void Every_generated_row_holds_them(Evaluator evaluator)
    {
        using TempFolder folder = new();
        Fitted.Model.Save(folder["model"]);
        using LeoModel model = LeoModel.Load(folder["model"], new() { Evaluator = evaluator });
        Table rows = model.Generate(new Dictionary<string, int> { ["on time"] = 5000, ["late"] = 5000 });
        IReadOnlyList<RowConstraint> constraints = model.Manifest.Constraints!;
        Assert.IsGreaterThan(4, constraints.Count);
        ColumnValues values = new(rows.With(Table.Schema));
        foreach (RowConstraint constraint in constraints)
            Assert.AreEqual(-1, values.Violation(constraint, [.. constraint.Columns.Select(Place)]), constraint.ToString());
        // Repaired values are in range, and on the grid of their column's decimals.
        for (int i = 0; i < rows.RowCount; i++)
            for (int j = 0; j < Table.Schema.Columns.Count; j++)
                if (rows.Row(i)[j] is double cell && !double.IsNaN(cell))
                {
                    Assert.IsInRange(Table.Schema.Columns[j].Minimum, Table.Schema.Columns[j].Maximum, cell, Table.Schema.Columns[j].Name);
                    Assert.AreEqual(Math.Round(cell, Table.Schema.Columns[j].Decimals ?? 15), cell, Table.Schema.Columns[j].Name);
                }
    }

    [TestMethod]
    public void Both_evaluators_repair_alike_and_embed_flags_alike()
    {
        using TempFolder folder = new();
        Fitted.Model.Save(folder["model"]);
        using LeoModel onnx = LeoModel.Load(folder["model"], new() { Evaluator = Evaluator.OnnxRuntime });
        Dictionary<string, int> counts = new() { ["late"] = 1000 };
        (Table managed, Table other) = (Fitted.Model.Generate(counts), onnx.Generate(counts));
        int differ = Enumerable.Range(0, managed.Values.Length).Count(i => !managed.Values[i].Equals(other.Values[i]));
        Assert.IsLessThan(managed.Values.Length / 1000, differ);
        (Matrix means, Matrix expected) = (Fitted.Model.Embed(Table), onnx.Embed(Table));
        for (int i = 0; i < means.Values.Length; i++)
            Assert.AreEqual(expected.Values[i], means.Values[i], 1e-5);
    }

    [TestMethod]
    public void Without_constraints_rows_are_drawn_freely_and_given_ones_are_checked()
    {
        using TrainingResult free = LeoTrainer.Fit(Table, Options with { GivenConstraintsOnly = true });
        Assert.IsNull(free.Model.Manifest.Constraints);
        Table rows = free.Model.Generate(new Dictionary<string, int> { ["late"] = 2000 });
        RowConstraint order = new() { Kind = ConstraintKind.Order, Columns = ["start", "end"] };
        Assert.IsGreaterThanOrEqualTo(0, new ColumnValues(rows).Violation(order, [Place("start"), Place("end")]));
        using TrainingResult given = LeoTrainer.Fit(Table,
            Options with { MaxEpochs = 2, Constraints = [order], GivenConstraintsOnly = true });
        Assert.AreEqual("start <= end", string.Join("; ", given.Model.Manifest.Constraints!));
        (RowConstraint Wrong, string[] Message)[] wrong =
        [
            (order with { Columns = ["end", "start"] }, ["'end <= start' doesn't hold in row ", "end 2", "start 2"]),
            (order with { Columns = ["start", "stop"] }, ["no column 'stop'"]),
            (order with { Columns = ["start"] }, ["got 1 columns, expected 2"]),
            (order with { Columns = ["start", "city"] }, ["expected two numbers"]),
            (new() { Kind = ConstraintKind.Dependency, Columns = ["state", "city"] }, ["'state determines city' doesn't hold in row"]),
            (new() { Kind = ConstraintKind.Flags, Columns = ["paid_card", "paid_cash"] }, ["doesn't hold in row"]),
        ];
        foreach ((RowConstraint constraint, string[] message) in wrong)
            Expect.Throws<ArgumentException>(() => LeoTrainer.Fit(Table, Options with { Constraints = [constraint] }), message);
    }

    static int Place(string name) => Table.Schema.Columns.Index().First(column => column.Item.Name == name).Index;

    // Trips with a zip code in a city in a state, an area code of the state, days, hours that add up, and one of three flags.
    static Table Trips(int rows)
    {
        ColumnSpec Category(string name, string[] names) => new()
        {
            Name = name,
            Kind = ColumnKind.Category,
            Minimum = 0,
            Maximum = names.Length - 1,
            Categories = names
        };
        ColumnSpec Number(string name, ColumnKind kind = ColumnKind.Numeric) => new()
        {
            Name = name,
            Kind = kind,
            Minimum = -1e5,
            Maximum = 1e5,
            Format = kind == ColumnKind.Date ? "yyyy-MM-dd" : null
        };
        string[] Names(string start, int count) => [.. Enumerable.Range(0, count).Select(i => FormattableString.Invariant($"{start}{i}"))];
        TableSchema schema = new([Category("zip", Names("z", 24)), Category("city", Names("c", 8)), Category("state", Names("s", 4)),
            Category("area", Names("a", 12)), Number("start", ColumnKind.Date), Number("end", ColumnKind.Date), Number("work"),
            Number("travel"), Number("pause"), Number("hours"), Number("paid_card"), Number("paid_cash"), Number("paid_none"),
            Number("score"), Number("fee")], "outcome", ["on time", "late"]);
        CounterRandom random = new(3, (RandomStream)1004);
        double[] values = new double[rows * schema.Columns.Count];
        int[] labels = new int[rows];
        for (int i = 0; i < rows; i++)
        {
            float U(int draw) => random.Uniform((ulong)i, draw);
            bool late = U(0) > 0.7;
            labels[i] = late ? 1 : 0;
            Span<double> row = values.AsSpan(i * schema.Columns.Count, schema.Columns.Count);
            double zip = Math.Floor(24 * (late ? U(1) * U(1) : U(1))), state = Math.Floor(zip / 6);
            (row[0], row[1], row[2], row[3]) = (zip, Math.Floor(zip / 3), state, state * 3 + Math.Floor(3 * U(2)));
            row[4] = 20_000 + Math.Floor(300 * U(3));
            row[5] = row[4] + Math.Floor((late ? 20 : 6) * U(4));
            (row[6], row[7], row[8]) = (Math.Round(2 + 6 * U(5), 1), Math.Round(4 * U(6), 1), Math.Round(2 * U(7), 1));
            row[9] = Math.Round(row[6] + row[7] + row[8], 1);
            row[10 + (int)(3 * (late ? U(8) * U(8) : U(8)))] = 1;
            row[13] = Math.Round(U(9) + (late ? 1 : 0), 2);
            row[14] = zip * zip % 7 + 0.25;
        }
        return new Table(schema, values, labels).Select([.. Enumerable.Range(0, rows)]);
    }
}
