namespace LeoCvae.Evaluation.Tests;

/// <summary>What classifiers do with tables of more than 1,000 columns.</summary>
[TestClass]
public class WideTests
{
    const int Columns = 1200;

    static IEnumerable<object[]> NamesAndClasses =>
        Classifiers.Names.SelectMany(name => new int[][] { [40, 25], [30, 25, 20] }.Select(counts => (object[])[name, counts]));

    [TestMethod]
    [DynamicData(nameof(NamesAndClasses))]
    public void Classes_of_a_wide_table_are_learned_with_the_same_bits_in_parallel(string name, int[] counts)
    {
        (Matrix x, int[] labels) = Told(counts, seed: 1);
        (Matrix test, int[] testLabels) = Told(counts, seed: 2);
        double[][,] runs = new double[3][,];
        Parallel.For(0, runs.Length, i => runs[i] = Fit(name, x, labels, counts.Length, test));
        Assert.IsGreaterThan(0.9, Blobs.Accuracy(runs[0], testLabels));
        foreach (double[,] run in runs)
            CollectionAssert.AreEqual(runs[0], run);
    }

    [TestMethod]
    [DataRow("mlp")]
    [DataRow("logreg")]
    [DataRow("lightgbm")]
    [DataRow("forest")]
    public void Rows_that_tell_nothing_give_the_share_of_a_class(string name)
    {
        double[,] probabilities =
            Fit(name, new(40, Columns), [.. Enumerable.Range(0, 40).Select(i => i % 4 == 0 ? 1 : 0)], 2, new(1, Columns));
        Assert.AreEqual(0.25, probabilities[0, 1], 0.1);
        Assert.AreEqual(1, probabilities[0, 0] + probabilities[0, 1], 1e-12);
    }

    [TestMethod]
    [DataRow(new[] { 60, 40 })]
    [DataRow(new[] { 60, 40, 30 })]
    public void Logreg_says_the_same_of_a_table_that_columns_of_zeros_make_wide(int[] counts)
    {
        (Matrix x, int[] labels) = Blobs.Make(counts, 300, 0.3f);
        Matrix test = Blobs.Make(counts, 300, 0.3f, seed: 2).X;
        AssertNear(Fit("logreg", x, labels, counts.Length, test),
            Fit("logreg", Widened(x), labels, counts.Length, Widened(test)), 1e-4);
    }

    [TestMethod]
    public void Lightgbm_says_the_same_of_two_classes_in_a_table_that_columns_of_zeros_make_wide()
    {
        // Of few values, so that bins are the same wherever 0 lies, and two columns, so that hardly ever do two splits do the same.
        (Matrix x, int[] labels) = Blobs.Make([600, 400], 2, 0.5f);
        for (int i = 0; i < x.Values.Length; i++)
            x.Values[i] = Math.Clamp(MathF.Round(3 * x.Values[i]), -6, 6);
        AssertNear(Fit("lightgbm", x, labels, 2, x), Fit("lightgbm", Widened(x), labels, 2, Widened(x)), 1e-5);
    }

    [TestMethod]
    public void A_row_space_has_as_many_coordinates_as_rows_are_independent_and_keeps_all_products()
    {
        const int Rows = 20;
        Matrix x = new(Rows, 1001), other = Blobs.Make([5], 1001, 1, seed: 3).X;
        Blobs.Make([Rows], 1001, 1).X.Values.CopyTo(x.Values);
        // A copy, a blend and a row of zeros.
        x[0].CopyTo(x.Row(7));
        for (int j = 0; j < x.Columns; j++)
            (x.Row(9)[j], x.Row(11)[j]) = (0.25f * x[1][j] + 0.75f * x[2][j], 0);
        RowSpace space = new(x);
        Matrix of = space.Of(other);
        Assert.AreEqual(Rows - 3, space.Fitted.Columns);
        for (int i = 0; i < Rows; i++)
        {
            for (int k = 0; k < Rows; k++)
                Assert.AreEqual(Product(x[i], x[k]), Product(space.Fitted[i], space.Fitted[k]), 1e-3);
            for (int k = 0; k < other.Rows; k++)
                Assert.AreEqual(Product(x[i], other[k]), Product(space.Fitted[i], of[k]), 1e-3);
        }
    }

    [TestMethod]
    public void Turned_rows_keep_all_products_and_no_coordinate_stands_out()
    {
        const int Rows = 100;
        Matrix x = Blobs.Make([Rows], Columns, 0).X, other = Blobs.Make([5], Columns, 0, seed: 3).X;
        // Without turning, most of its length lies in the first coordinate.
        for (int j = 0; j < Columns; j++)
            x.Row(0)[j] *= 10;
        TurnedRows turned = new(x, seed: 1);
        Matrix rows = turned.Fitted, of = turned.Of(other);
        Assert.AreEqual(128, turned.Columns);
        RowSpace space = new(x);
        Matrix untouched = space.Of(other);
        for (int i = 0; i < Rows; i++)
        {
            Assert.AreEqual(Product(x[i], x[0]), Product(rows[i], rows[0]), 0.1);
            for (int k = 0; k < other.Rows; k++)
                Assert.AreEqual(Product(space.Fitted[i], untouched[k]), Product(rows[i], of[k]), 0.01);
        }
        for (int j = 0; j < turned.Columns; j++)
        {
            double squares = Enumerable.Range(0, Rows).Sum(i => (double)rows[i][j] * rows[i][j]);
            double mean = x.Values.Sum(value => (double)value * value) / turned.Columns;
            Assert.IsTrue(squares > mean / 20 && squares < 20 * mean);
        }
    }

    [TestMethod]
    [DataRow(1, 1)]
    [DataRow(1000, 1)]
    [DataRow(1250, 0.7)]
    [DataRow(2000, 0.25)]
    [DataRow(2500, 0.2)]
    [DataRow(1000000, 0.2)]
    public void A_tree_of_a_wide_table_draws_500_columns_or_more_and_a_fifth_at_least(int columns, double expected) =>
        Assert.AreEqual(expected, Wide.Share(columns));

    static double Product(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double sum = 0;
        for (int j = 0; j < a.Length; j++)
            sum += (double)a[j] * b[j];
        return sum;
    }

    // Normals; a class is told by every so many columns.
    static (Matrix X, int[] Labels) Told(int[] counts, ulong seed)
    {
        (Matrix x, int[] labels) = Blobs.Make(counts, Columns, 0, seed);
        for (int i = 0; i < x.Rows; i++)
            for (int j = labels[i]; j < Columns; j += counts.Length)
                x.Row(i)[j] += 3;
        return (x, labels);
    }

    static Matrix Widened(Matrix x)
    {
        Matrix wide = new(x.Rows, 1001);
        for (int i = 0; i < x.Rows; i++)
            x[i].CopyTo(wide.Row(i));
        return wide;
    }

    static double[,] Fit(string name, Matrix x, int[] labels, int classes, Matrix test)
    {
        using IFittedClassifier fitted = Classifiers.Create(name).Fit(x, labels, [], classes, 1, default);
        return fitted.Probabilities(test);
    }

    static void AssertNear(double[,] expected, double[,] actual, double most)
    {
        for (int i = 0; i < expected.GetLength(0); i++)
            for (int c = 0; c < expected.GetLength(1); c++)
                Assert.AreEqual(expected[i, c], actual[i, c], most);
    }
}
