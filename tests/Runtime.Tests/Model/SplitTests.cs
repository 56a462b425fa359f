namespace LeoCvae.Runtime.Tests;

[TestClass]
public class SplitTests
{
    [TestMethod]
    [DataRow(0, 0, 0)]
    [DataRow(1, 1, 0)]
    [DataRow(4, 2, 2)]
    [DataRow(5, 3, 2)]
    public void An_equal_split_gives_the_remainder_to_the_rarer_class(int rows, int malignant, int benign)
    {
        using LeoModel model = TestModel.Load();
        IReadOnlyDictionary<string, int> split = model.SplitEqually(rows);
        Assert.AreEqual(malignant, split[TestModel.Malignant]);
        Assert.AreEqual(benign, split[TestModel.Benign]);
    }

    [TestMethod]
    [DataRow(569, 212, 357)]
    [DataRow(1138, 424, 714)]
    [DataRow(1, 0, 1)]
    [DataRow(2, 1, 1)]
    [DataRow(0, 0, 0)]
    [DataRow(int.MaxValue, 800116930, 1347366717)]
    public void A_split_like_training_keeps_its_shares(int rows, int malignant, int benign)
    {
        using LeoModel model = TestModel.Load();
        IReadOnlyDictionary<string, int> split = model.SplitLikeTraining(rows);
        Assert.AreEqual(malignant, split[TestModel.Malignant]);
        Assert.AreEqual(benign, split[TestModel.Benign]);
    }

    [TestMethod]
    public void Every_split_adds_up_and_is_off_by_less_than_a_row()
    {
        using LeoModel model = TestModel.Load();
        for (int rows = 0; rows < 700; rows++)
        {
            IReadOnlyDictionary<string, int> equal = model.SplitEqually(rows), like = model.SplitLikeTraining(rows);
            Assert.AreEqual(rows, equal.Values.Sum());
            Assert.AreEqual(rows, like.Values.Sum());
            Assert.IsLessThanOrEqualTo(1, equal[TestModel.Malignant] - equal[TestModel.Benign]);
            Assert.IsGreaterThanOrEqualTo(0, equal[TestModel.Malignant] - equal[TestModel.Benign]);
            Assert.IsLessThan(1, Math.Abs(like[TestModel.Malignant] - rows * 212 / 569d));
        }
    }

    [TestMethod]
    public void A_negative_number_of_rows_is_refused()
    {
        using LeoModel model = TestModel.Load();
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => model.SplitEqually(-1));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => model.SplitLikeTraining(-1));
    }
}
