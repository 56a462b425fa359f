namespace LeoCvae.Training.Tests.Constraints;

/// <summary>Names that occur only where another column has some name.</summary>
[TestClass]
public class ImplicationTests
{
    static readonly Table Table = Contracts(900, noise: false);
    static readonly TrainingResult Fitted = LeoTrainer.Fit(Table, TrainingOptions.Default with { MaxEpochs = 15 });

    [ClassCleanup]
    public static void Free() => Fitted.Dispose();

    [TestMethod]
    public void Names_that_go_together_in_every_row_are_found_and_what_chance_could_do_is_not()
    {
        Assert.AreEqual("security = 'no internet' exactly where internet = 'No'; backup = 'no internet' exactly where internet = 'No'; " +
            "support = 'gold' only where security = 'Yes'",
            string.Join("; ", ConstraintFinder.Find(Table)));
        // One row that breaks it; too few rows; names in any order.
        Assert.IsEmpty(ConstraintFinder.Find(Contracts(900, noise: true)));
        Assert.IsEmpty(ConstraintFinder.Find(Table.Select([.. Enumerable.Range(0, 40)])));
        int[] columns = [.. Enumerable.Range(0, Table.Schema.Columns.Count)], rows = [.. Enumerable.Range(0, Table.RowCount)];
        Random random = new(1);
        random.Shuffle(rows);
        Assert.AreEqual(string.Join("; ", ConstraintFinder.Find(Table)),
            string.Join("; ", ConstraintFinder.Find(RandomTables.Turned(Table, rows, columns, random))));
    }

    [TestMethod]
    [DataRow(Evaluator.Managed)]
    [DataRow(Evaluator.OnnxRuntime)]
    public void Every_generated_row_holds_them_and_names_that_are_drawn_again_come_as_often_as_they_do(Evaluator evaluator)
    {
        using TempFolder folder = new();
        Fitted.Model.Save(folder["model"]);
        using LeoModel model = LeoModel.Load(folder["model"], new() { Evaluator = evaluator });
        Table rows = model.Generate(new Dictionary<string, int> { ["stays"] = 6000, ["leaves"] = 6000 });
        foreach (RowConstraint constraint in model.Manifest.Constraints!)
            Assert.AreEqual(-1, new ColumnValues(rows).Violation(constraint, [.. constraint.Columns.Select(Place)]), constraint.ToString());
        double Share(Table table, string column, double name) => Enumerable.Range(0, table.RowCount)
            .Where(row => table.Row(row)[0] != 0).Average(row => table.Row(row)[Place(column)] == name ? 1.0 : 0);
        foreach (string column in (string[])["security", "backup"])
            Assert.AreEqual(Share(Table, column, 1), Share(rows, column, 1), 0.08, column);
    }

    [TestMethod]
    public void Both_evaluators_repair_alike()
    {
        using TempFolder folder = new();
        Fitted.Model.Save(folder["model"]);
        using LeoModel onnx = LeoModel.Load(folder["model"], new() { Evaluator = Evaluator.OnnxRuntime });
        Dictionary<string, int> counts = new() { ["leaves"] = 2000 };
        (Table managed, Table other) = (Fitted.Model.Generate(counts), onnx.Generate(counts));
        Assert.IsLessThan(managed.Values.Length / 1000,
            Enumerable.Range(0, managed.Values.Length).Count(i => !managed.Values[i].Equals(other.Values[i])));
    }

    [TestMethod]
    public void A_row_is_repaired_by_the_digits_of_its_uniform_number()
    {
        // Columns internet (No, DSL, Fiber), security (no internet, Yes, No).
        RowConstraint exact = new()
        {
            Kind = ConstraintKind.Implication,
            Columns = ["internet", "security"],
            Names = ["No", "no internet"],
            Exactly = true,
            Map = [0, 0, 1, 2, 2, 2],
        };
        IReadOnlyList<ColumnSpec> columns = [.. Table.Schema.Columns.Take(2)];
        Assert.IsNull(RowCoherence.Misfit(exact, columns));
        RowCoherence coherence = new(columns, [exact]);
        double Repaired(double internet, double security, float choice)
        {
            double[] row = [internet, security];
            coherence.Apply(row, [0, choice]);
            Assert.IsTrue(RowCoherence.Holds(exact, row, [0, 1]));
            return row[1];
        }
        Assert.AreEqual(0, Repaired(0, 2, 0.5f));
        Assert.AreEqual(0, Repaired(0, double.NaN, 0.5f));
        Assert.AreEqual(2, Repaired(1, 2, 0.5f));
        Assert.IsTrue(double.IsNaN(Repaired(2, double.NaN, 0.5f)));
        // Uniform numbers of a narrow interval still draw all of them, a quarter Yes.
        double[] drawn = [.. Enumerable.Range(0, 4000).Select(i => Repaired(1, 0, 0.4f + i / 4000f * 0.1f))];
        Assert.AreEqual(0.25, drawn.Count(name => name == 1) / 4000.0, 0.02);
        Assert.DoesNotContain(0, drawn);

        foreach (RowConstraint wrong in (RowConstraint[])[exact with { Map = null }, exact with { Map = [0, 0] },
            exact with { Map = [0, 0, 0] }, exact with { Map = [0, 0, 3] }, exact with { Map = [3, 0, 1] }, exact with { Map = [1, 0, 1] },
            exact with { Map = [0, 0, null] }, exact with { Names = ["No"] }, exact with { Names = null },
            exact with { Names = ["Yes", "no internet"] }, exact with { Columns = ["internet", "charge"] }])
            Assert.IsNotNull(RowCoherence.Misfit(wrong, Table.Schema.Columns), wrong.ToString());
        Expect.Throws<ArgumentException>(() => LeoTrainer.Fit(Table, TrainingOptions.Default with { Constraints = [exact] }),
            "is found, and can't be given");
    }

    static int Place(string name) => Table.Schema.Columns.Index().First(column => column.Item.Name == name).Index;

    // Contracts with internet or without, what goes with it, and a gold support only for those with security.
    static Table Contracts(int rows, bool noise)
    {
        Random random = new(8);
        string[] T(Func<int, string> cell) => [.. Enumerable.Range(0, rows).Select(cell)];
        string[] labels = T(_ => random.Next(5) == 0 ? "leaves" : "stays"),
            internet = ["No", "DSL", "Fiber", .. T(i => random.Next(3) == 0 ? "No" : random.Next(labels[i] == "stays" ? 2 : 5) == 0 ? "DSL"
                : "Fiber")[3..]],
            security = T(i => internet[i] == "No" ? "no internet" : random.Next(10) < 7 ? "Yes" : "No"),
            backup = T(i => internet[i] == "No" ? "no internet" : random.Next(10) < 3 ? "Yes" : "No"),
            support = T(i => security[i] == "Yes" && random.Next(3) == 0 ? "gold" : random.Next(2) == 0 ? "phone" : "letter");
        if (noise)
        {
            int[] yes = [.. Enumerable.Range(0, rows).Where(i => internet[i] != "No")],
                no = [.. Enumerable.Range(0, rows).Where(i => internet[i] == "No")];
            (security[no[0]], backup[no[1]], security[yes[0]], backup[yes[1]]) = ("Yes", "Yes", "no internet", "no internet");
            (support[no[0]], support[no[2]]) = ("letter", "gold");
            (support[yes[0]], support[Array.IndexOf(security, "No")]) = ("gold", "gold");
        }
        return Table.FromColumns([TableColumn.Of("internet", internet), TableColumn.Of("security", security),
            TableColumn.Of("backup", backup), TableColumn.Of("support", support),
            TableColumn.Of("charge", Enumerable.Range(0, rows).Select(i => Math.Round(20 + 60 * random.NextDouble(), 2)))], labels);
    }
}
