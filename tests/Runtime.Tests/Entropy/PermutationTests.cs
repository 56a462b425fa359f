namespace LeoCvae.Runtime.Tests;

[TestClass]
public class PermutationTests
{
    [TestMethod]
    public void Another_order_of_rows_columns_and_categories_is_another_order_of_the_same_scores()
    {
        for (int seed = 0; seed < 120; seed++)
        {
            Table table = RandomTables.Of(seed, rows: 40 + seed % 7);
            Random random = new(seed);
            int[] rows = [.. Enumerable.Range(0, table.RowCount)], columns = [.. Enumerable.Range(0, table.Schema.Columns.Count)];
            random.Shuffle(rows);
            random.Shuffle(columns);
            EntropyScores scores = LocalEntropy.Score(table),
                turned = LocalEntropy.Score(RandomTables.Turned(table, rows, columns, random));
            for (int i = 0; i < rows.Length; i++)
            {
                Assert.AreEqual(scores.Bits[rows[i]], turned.Bits[i], 1e-12, $"table {seed}, row {rows[i]}");
                for (int c = 0; c < table.Schema.Classes.Count; c++)
                    Assert.AreEqual(scores.Frequencies(rows[i])[c], turned.Frequencies(i)[c], 1e-12, $"table {seed}, row {rows[i]}");
            }
        }
    }
}
