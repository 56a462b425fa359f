namespace LeoCvae.Training.Tests;

/// <summary>Random tables of every kind of column, whose rows, columns and categories come in any order.</summary>
[TestClass]
public class RandomTableTests
{
    [TestMethod]
    public void Generated_rows_are_valid_hold_what_holds_and_read_as_they_were_written_in_whatever_order_a_table_comes()
    {
        using TempFolder folder = new();
        for (int seed = 0; seed < 12; seed++)
        {
            Table plain = RandomTables.Of(seed, rows: 90);
            Random random = new(seed);
            int[] rows = [.. Enumerable.Range(0, plain.RowCount)], columns = [.. Enumerable.Range(0, plain.Schema.Columns.Count)];
            random.Shuffle(rows);
            random.Shuffle(columns);
            Table turned = RandomTables.Turned(plain, rows, columns, random);
            string[][] found = [.. new[] { plain, turned }.Select(table =>
            {
                TrainingOptions options = Samples.Quick with { Prior = seed % 2 == 0 ? LatentPrior.Seeds : LatentPrior.Mixture };
                using TrainingResult fitted = LeoTrainer.Fit(table, options);
                Table made = fitted.Model.Generate(table.Schema.Classes.Take(2).ToDictionary(name => name, _ => 200));
                Assert.IsNull(RandomTables.Fault(made, table.Schema), $"table {seed}");
                IReadOnlyList<RowConstraint> held = fitted.Model.Manifest.Constraints ?? [];
                foreach (RowConstraint constraint in held)
                    Assert.AreEqual(-1, new ColumnValues(made).Violation(constraint, [.. constraint.Columns.Select(name =>
                        table.Schema.Columns.Index().First(column => column.Item.Name == name).Index)]), $"table {seed}: {constraint}");
                TableFile.Write(made, folder["made.csv"], overwrite: true);
                Table read = TableFile.Read(folder["made.csv"], columns: new() { Like = made.Schema });
                Assert.AreSequenceEqual(made.Recode(read.Schema).Values.ToArray(), read.Values.ToArray(), $"table {seed}");
                return held.Select(constraint => constraint.ToString()).Order(StringComparer.Ordinal).ToArray();
            })];
            Assert.AreSequenceEqual(found[0], found[1], $"table {seed}");
        }
    }
}
