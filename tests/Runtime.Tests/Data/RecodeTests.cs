namespace LeoCvae.Runtime.Tests;

/// <summary>Tables whose categories have another order, and their hashes.</summary>
[TestClass]
public class RecodeTests
{
    static readonly Table Model = Make(["Ulm", "Köln", "Bonn"], [1, 2, 3]);

    static Table Make(string?[] cities, int?[] numbers) => Table.FromColumns(
        [TableColumn.Of("city", cities), TableColumn.Of("n", numbers)], [.. cities.Select((_, row) => row % 2 == 0 ? "p" : "q")]);

    [TestMethod]
    public void Categories_are_told_by_their_names_and_those_unknown_are_none()
    {
        Table table = Make(["Bonn", "Kiel", null, "Ulm"], [7, null, 8, 9]), recoded = table.Recode(Model.Schema);
        Assert.AreSequenceEqual([2, 7, -1, double.NaN, double.NaN, 8, 0, 9], recoded.Values.ToArray());
        Assert.AreSequenceEqual(["Ulm", "Köln", "Bonn"], recoded.Schema.Columns[0].Categories!);
        Assert.IsTrue(recoded.Schema.Columns[0].HasMissing);
        Assert.AreSequenceEqual(table.Labels.ToArray(), recoded.Labels.ToArray());
        Assert.AreSequenceEqual(Model.Values.ToArray(), Model.Recode(Model.Schema).Values.ToArray());
    }

    [TestMethod]
    public void Numbers_stay_the_very_same_table()
    {
        Table table = TestModel.Training;
        Assert.AreSame(table, table.Recode(table.Select([0, 1]).Schema));
    }

    [TestMethod]
    public void Another_kind_is_refused_unless_every_value_is_missing_or_the_column_names_rows()
    {
        Expect.Throws<ArgumentException>(() => Table.FromColumns([TableColumn.Of("city", new[] { 1 }), TableColumn.Of("n", new[] { 1 })])
            .Recode(Model.Schema), "column 'city': got numbers, expected categories");
        Expect.Throws<ArgumentException>(() => Table.FromColumns([TableColumn.Of("city", new[] { "Ulm" }),
            TableColumn.Of("n", new[] { new DateOnly() })]).Recode(Model.Schema), "column 'n': got dates, expected numbers");
        Table none = Table.FromColumns([TableColumn.Of("city", new double?[] { null }), TableColumn.Of("n", new string?[] { null })]);
        Assert.AreSequenceEqual([double.NaN, double.NaN], none.Recode(Model.Schema).Values.ToArray());
        Table named = Table.FromColumns([TableColumn.Identifiers("city", ["x"]), TableColumn.Of("n", new[] { 1 })]);
        Assert.AreSequenceEqual([0.0, 5], Make(["Kiel"], [5]).Recode(named.Schema).Values.ToArray());
    }

    [TestMethod]
    public void A_model_of_numbers_says_which_column_is_of_another_kind()
    {
        using LeoModel model = TestModel.Load();
        TableColumn[] columns = [.. model.Schema.Columns.Select((column, j) => j == 3 ? TableColumn.Of(column.Name, new[] { "large" })
            : TableColumn.Of(column.Name, new[] { 1.5 }))];
        Table table = Table.FromColumns(columns, ["benign"], model.Schema.Target!);
        string said = $"column '{columns[3].Name}': got categories, expected numbers";
        Expect.Throws<ArgumentException>(() => model.Embed(table), said);
        Expect.Throws<ArgumentException>(() => model.Score(table), said);
        Expect.Throws<ArgumentException>(() => model.Oversample(table), said);
    }

    [TestMethod]
    public void Names_kinds_and_missing_values_count_in_the_hash()
    {
        Table[] tables = [Model, Make(["Ulm", "Köln", "Kiel"], [1, 2, 3]), Make(["Ulm", "Köln", null], [1, 2, 3]),
            Make(["Ulm", "Köln", "Bonn"], [1, 2, null]), Table.FromColumns([TableColumn.Of("city", new[] { 0, 1, 2 }),
            TableColumn.Of("n", new[] { 1, 2, 3 })], ["p", "q", "p"])];
        Assert.HasCount(tables.Length, tables.Select(table => table.Sha256()).Distinct().ToArray());
        Assert.AreEqual(Model.Sha256(), Make(["Ulm", "Köln", "Bonn"], [1, 2, 3]).Sha256());
        Assert.AreEqual(Model.Sha256(), Model.Select([0, 1, 2]).Sha256());
    }
}
