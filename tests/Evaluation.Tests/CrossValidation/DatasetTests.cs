namespace LeoCvae.Evaluation.Tests.CrossValidation;

[TestClass]
public class DatasetTests
{
    [TestMethod]
    public void Missing_values_become_the_median_of_the_training_rows()
    {
        double[,] values = { { 1, double.NaN }, { 3, double.NaN }, { double.NaN, double.NaN }, { 8, double.NaN } };
        Table data = Table.FromArrays(values, ["a", "b", "a", "b"], allowMissing: true);
        Preparation preparation = Preparation.Fit(data, [0, 1, 3], 0, default, 1, CancellationToken.None);
        Assert.AreSequenceEqual((double[])[3, 0, 8, 0], preparation.Values(data, [2, 3], imputed: true));
        Assert.AreSequenceEqual((double[])[4.5, 0],
            Preparation.Fit(data, [0, 3], 0, default, 1, CancellationToken.None).Values(data, [2], imputed: true));
    }

    [TestMethod]
    public void Bad_input_is_refused_in_one_line()
    {
        Expect.Throws<ArgumentException>(() => new Dataset(Table.FromArrays(new double[1, 1], ["a"]), groups: ["g", "h"]),
            "2 groups, expected 1");
        Expect.Throws<ArgumentException>(() => new Dataset(Table.Unlabeled(new double[1, 1])), "no labels");
    }
}
