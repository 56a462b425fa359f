namespace LeoCvae.Runtime.Tests;

[TestClass]
public class NearCopiesTests
{
    // Class a on a line, one apart; class b two rows; class c one row.
    static readonly Table Real = Table.FromArrays(new double[,] { { 0 }, { 1 }, { 2 }, { 3 }, { 4 }, { 20 }, { 24 }, { 50 } },
        ["a", "a", "a", "a", "a", "b", "b", "c"]);

    static NearCopies Of(params (double Value, string Class)[] rows) => NearCopies.Of(Real.Append(new(
        Real.Schema, [.. rows.Select(row => row.Value)], [.. rows.Select(row => Real.Schema.ClassIndex(row.Class))], realRows: 0,
            new int[rows.Length])))!;

    [TestMethod]
    public void A_row_is_near_within_half_or_a_tenth_of_what_real_rows_are_apart()
    {
        NearCopies near = Of((0.05, "a"), (1.4, "a"), (2.5, "a"), (9, "a"));
        Assert.AreEqual(0.5, near.WithinHalf);
        Assert.AreEqual(0.25, near.WithinTenth);
        Assert.IsEmpty(near.OfFewRecords);
        Assert.Contains("50 % of the synthetic rows lie within half", near.ToString());
        Assert.Contains("25 % within a tenth", near.ToString());
    }

    [TestMethod]
    public void Only_real_rows_of_the_same_class_count() => Assert.AreEqual(0, Of((3.01, "b"), (27, "b")).WithinHalf);

    [TestMethod]
    public void Classes_of_few_records_are_named()
    {
        NearCopies near = Of((20.5, "b"), (23.5, "b"), (27, "b"), (-70, "c"));
        Assert.AreEqual(0.75, near.WithinHalf);
        Assert.AreSequenceEqual([("b", 2), ("c", 1)], near.OfFewRecords);
    }

    [TestMethod]
    public void Where_real_rows_repeat_each_other_a_repeat_is_near()
    {
        Table repeated = Table.FromArrays(new double[,] { { 1 }, { 1 }, { 1 }, { 5 } }, ["a", "a", "a", "b"]);
        NearCopies near = NearCopies.Of(repeated.Append(new(repeated.Schema, [1, 1.001], [0, 0], realRows: 0, [0, 0])))!;
        Assert.AreEqual(0.5, near.WithinHalf);
    }

    [TestMethod]
    public void Without_synthetic_rows_there_is_nothing_to_say() => Assert.IsNull(NearCopies.Of(Real));

    [TestMethod]
    public void Copies_of_every_row_are_near_and_those_of_a_smooth_model_are_not()
    {
        Table real = TestModel.Training;
        Table copies = real.Append(new(real.Schema, real.Values.ToArray(), real.Labels.ToArray(), realRows: 0, new int[real.RowCount]));
        Assert.AreEqual(1, NearCopies.Of(copies)!.WithinTenth);
        using LeoModel model = TestModel.Load();
        Table generated = model.Generate(TestModel.Counts(300, 300));
        Assert.AreEqual(0, NearCopies.Of(real.Append(generated))!.WithinTenth);
    }
}
