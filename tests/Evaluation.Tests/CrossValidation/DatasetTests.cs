namespace LeoCvae.Evaluation.Tests.CrossValidation;

[TestClass]
public class DatasetTests
{
    [TestMethod]
    public void Missing_values_become_the_median_of_the_training_rows()
    {
        double[,] values = { { 1, double.NaN }, { 3, double.NaN }, { double.NaN, double.NaN }, { 8, double.NaN } };
        Dataset data = new(values, ["a", "b", "a", "b"]);
        Preparation preparation = Preparation.Fit(data, [0, 1, 3], 0, default, 1, CancellationToken.None);
        Assert.AreSequenceEqual((double[])[3, 0, 8, 0], preparation.Apply(data, [2, 3]));
        Assert.AreSequenceEqual((double[])[4.5, 0], Preparation.Fit(data, [0, 3], 0, default, 1, CancellationToken.None).Apply(data, [2]));
    }

    [TestMethod]
    public void A_table_becomes_a_dataset_with_the_same_rows_and_classes()
    {
        Table table = Tables.Blobs([7, 4], 3);
        Dataset data = Dataset.FromTable(table);
        Assert.AreSequenceEqual(table.Schema.Classes, data.Schema.Classes);
        Assert.AreSequenceEqual(table.Labels.ToArray(), data.Labels.ToArray());
        Assert.AreSequenceEqual(table.Row(5).ToArray(), data.Row(5).ToArray());
        Assert.AreEqual("label", data.Schema.Target);
    }

    [TestMethod]
    public void Bad_input_is_refused_in_one_line()
    {
        Expect.Throws<ArgumentException>(() => new Dataset(new double[2, 1], ["a"]), "1 labels, expected 2");
        Expect.Throws<ArgumentException>(() => new Dataset(new double[1, 2], ["a"], ["x"]), "1 column names, expected 2");
        Expect.Throws<ArgumentException>(() => new Dataset(new double[1, 1], ["a"], groups: ["g", "h"]), "2 groups, expected 1");
        Expect.Throws<ArgumentException>(() => new Dataset(new double[,] { { double.PositiveInfinity } }, ["a"], ["height"]), "row 0", "height", "Infinity");
        Expect.Throws<ArgumentException>(() => new Dataset(new double[1, 2], ["a"], ["x", "x"]), "'x' is given twice");
        Expect.Throws<ArgumentException>(() => Dataset.FromTable(Table.Unlabeled(new double[1, 1])), "no labels");
    }
}
