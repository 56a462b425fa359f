namespace LeoCvae.Runtime.Tests;

[TestClass]
public class MatrixTests
{
    [TestMethod]
    public void An_array_is_copied_row_by_row()
    {
        float[,] values = { { 1, 2, 3 }, { 4, 5, 6 } };
        Matrix matrix = Matrix.FromArray(values);
        values[0, 0] = 9;
        Assert.AreEqual((2, 3), (matrix.Rows, matrix.Columns));
        Assert.AreSequenceEqual([1f, 2, 3], matrix[0].ToArray());
        Assert.AreSequenceEqual([4f, 5, 6], matrix[1].ToArray());
        Assert.AreEqual((0, 3), (Matrix.FromArray(new float[0, 3]).Rows, Matrix.FromArray(new float[0, 3]).Columns));
    }
}
