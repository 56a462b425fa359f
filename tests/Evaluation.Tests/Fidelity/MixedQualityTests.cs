namespace LeoCvae.Evaluation.Tests;

/// <summary>Fidelity and attacks on rows with categories and missing values.</summary>
[TestClass]
public class MixedQualityTests
{
    [TestMethod]
    public void Rows_of_the_same_kind_are_alike_and_others_are_told()
    {
        SyntheticScores alike = Measure(Only(MixedTables.Mixed(400, 7), "c1")), same = Measure(Only(MixedTables.Mixed(160, 1), "c1"));
        Assert.IsGreaterThan(0.8, alike.KsComplement);
        Assert.IsGreaterThan(0.85, alike.TotalVariationComplement);
        Assert.IsGreaterThan(0.7, alike.ContingencySimilarity);
        Assert.IsLessThan(0.1, alike.MissingDifference);
        Assert.IsLessThan(0.05, alike.InvalidValues);
        Assert.AreEqual(0.5, alike.TwoSampleAuc, 0.2);
        Assert.AreEqual(0, alike.ExactCopies);
        // The training rows themselves.
        Assert.AreEqual((1, 1, 1, 0, 0, 1, 40), (same.TotalVariationComplement, same.ContingencySimilarity, same.CorrelationSimilarity,
            same.MissingDifference, same.InvalidValues, same.NearCopies, same.ExactCopies));

        // Rows of the other class.
        SyntheticScores others = Measure(Only(MixedTables.Mixed(200, 7), "c0"));
        Assert.IsLessThan(alike.TotalVariationComplement - 0.2, others.TotalVariationComplement);
        Assert.IsLessThan(alike.ContingencySimilarity - 0.2, others.ContingencySimilarity);
        Assert.IsGreaterThan(0.9, others.TwoSampleAuc);
        Assert.IsGreaterThan(alike.MissingDifference + 0.05, others.MissingDifference);
    }

    [TestMethod]
    public void Contingency_is_of_pairs_with_a_category_and_lost_where_columns_are_drawn_apart()
    {
        Random random = new(2);
        double[] first = [.. Enumerable.Range(0, 400).Select(i => (double)(i % 2))],
            number = [.. first.Select(category => 10 * category + random.NextDouble())];
        double[] shuffled = [.. number];
        random.Shuffle(shuffled);
        Assert.AreEqual(1, Contingency.Similarity([first, number], [first, number], [true, false]));
        Assert.AreEqual(0.5, Contingency.Similarity([first, number], [first, shuffled], [true, false]), 0.05);
        // Shares 1/2, 1/2 against 3/4, 1/4, with a constant one.
        Assert.AreEqual(0.75, Contingency.Similarity([[0, 1], [0, 0]], [[0, 0, 0, 1], [0, 0, 0, 0]], [true, true]));
        Assert.IsTrue(double.IsNaN(Contingency.Similarity([number, number], [number, number], [false, false])));
        Assert.IsTrue(double.IsNaN(Contingency.Similarity([first], [first], [true])));
    }

    [TestMethod]
    public void Values_that_a_column_can_not_hold_are_counted_column_by_column()
    {
        Table real = MixedTables.Of(8, [0, 0, 0, 0, 0, 0, 1, 1], [MixedTables.Numbers("whole", i => i),
            MixedTables.Numbers("half", i => i / 2.0), MixedTables.Category("c", i => i % 2, "a", "b", "unseen"),
            MixedTables.Numbers("holes", i => i % 2 == 0 ? double.NaN : i)]);
        // Beyond the range, fractions of whole numbers and of fractions, a category that no row has, missing where none is and some are.
        double[] made = [8, 3.5, 0, 1, 2.5, 3.25, 2, double.NaN, double.NaN, 1, 1, 7, 3, 3.5, 0, 2];
        Table rows = new(real.Schema, [.. real.Values, .. made], [.. real.Labels, 1, 1, 1, 1], 8, new int[4]);
        MadeValues values = new(rows);
        Assert.AreSequenceEqual((double[])[0.75, 0, 0.25, 0], Enumerable.Range(0, 4).Select(values.Invalid));
        Assert.AreSequenceEqual((bool[])[false, false, false, true], Enumerable.Range(0, 4).Select(values.IsMissed));
        Assert.AreSequenceEqual([new MissingRates("c1", 0.5, 0.25)], values.Missing(3, [1]));
        SyntheticScores scores = SyntheticQuality.Measure(rows, real, 1, default)!;
        Assert.AreEqual(4 / 16.0, scores.InvalidValues);
        Assert.AreEqual(0.25, scores.MissingDifference);
    }

    [TestMethod]
    public void The_order_of_columns_and_categories_changes_no_figure()
    {
        Table real = MixedTables.Mixed(160), made = Only(MixedTables.Mixed(200, 7), "c1"), holdout = MixedTables.Mixed(100, 9);
        int[] order = [4, 2, 5, 0, 3, 1];
        Table rows = MixedTables.Append(real, made), turned = MixedTables.Turned(rows, order), also = MixedTables.Turned(holdout, order);
        SyntheticScores scores = SyntheticQuality.Measure(rows, holdout, 1, default)!,
            same = SyntheticQuality.Measure(turned, also, 1, default)!;
        foreach (Func<SyntheticScores, double> figure in (Func<SyntheticScores, double>[])[s => s.KsComplement,
            s => s.TotalVariationComplement, s => s.CorrelationSimilarity, s => s.ContingencySimilarity, s => s.MissingDifference,
            s => s.InvalidValues, s => s.ClosestDistance, s => s.HoldoutClosestDistance, s => s.NearerThanHoldout, s => s.NearCopies,
            s => s.ExactCopies])
            Assert.AreEqual(figure(scores), figure(same), 1e-9);
        // The forest draws columns by their numbers.
        Assert.AreEqual(scores.TwoSampleAuc, same.TwoSampleAuc, 0.1);
        AttackScores attacks = RowAttacks.Measure(rows, holdout)!, again = RowAttacks.Measure(turned, also)!;
        Assert.AreEqual(attacks.Synthetic, again.Synthetic);
        Assert.AreEqual(attacks.MembershipAuc, again.MembershipAuc, 1e-6);

        // The holdout's own order of categories, or one of more names.
        Table alone = MixedTables.Turned(holdout, [0, 1, 2, 3, 4, 5]);
        Assert.AreEqual(scores, SyntheticQuality.Measure(rows, alone, 1, default));
        Assert.AreEqual(attacks, RowAttacks.Measure(rows, alone));
        TableSchema more = new(holdout.Schema.Columns.Select(column => column.Name != "city" ? column
            : column with { Categories = ["Trier", .. column.Categories!], Maximum = 3 }), "label", holdout.Schema.Classes);
        Table named = new(more, [.. holdout.Values.ToArray().Select((cell, i) => i % 6 == 2 ? cell + 1 : cell)], holdout.Labels.ToArray());
        Assert.AreEqual(attacks, RowAttacks.Measure(rows, named));
        Table unknown = new(more, [.. holdout.Values.ToArray().Select((cell, i) => i % 6 == 2 ? 0 : cell)], holdout.Labels.ToArray());
        Assert.AreEqual(0, RowAttacks.Measure(rows, unknown)!.Holdout.Equal);
        TableSchema other = new(holdout.Schema.Columns.Select(column => column.Name != "city" ? column
            : column with { Kind = ColumnKind.Numeric, Categories = null }), "label", holdout.Schema.Classes);
        Table numbers = new(other, holdout.Values.ToArray(), holdout.Labels.ToArray());
        foreach (Action measure in (Action[])[() => SyntheticQuality.Measure(rows, numbers, 1, default),
            () => RowAttacks.Measure(rows, numbers)])
            Expect.Throws<ArgumentException>(measure, "column 'city': got numbers, expected categories");
    }

    [TestMethod]
    public void Rows_of_other_names_do_not_come_back_though_rare_names_share_a_level()
    {
        string[] names = [.. Enumerable.Range(0, 900).Select(i => $"n{i}")];
        Table Rows(int count, Func<int, double> name, int label) => MixedTables.Of(count, [.. Enumerable.Range(0, count).Select(i =>
            i == 0 ? 1 : label)], MixedTables.Category("name", name, names), MixedTables.Category("city", i => i % 2, "Ulm", "Bonn"));
        Table real = Rows(300, i => i, 1), made = Rows(300, i => 300 + i, 1), held = Rows(300, i => 600 + i, 1);
        AttackScores other = RowAttacks.Measure(MixedTables.Append(real, made), held)!,
            half = RowAttacks.Measure(MixedTables.Append(real, Rows(300, i => i < 150 ? i : 300 + i, 1)), held)!;
        Assert.AreEqual((1, 0, 0), (other.Alone, other.Synthetic.Equal, other.Holdout.Equal));
        Assert.AreEqual(0.5, half.Synthetic.Equal);
        // Two columns of two and three names: every row is there many times, and none is told.
        Table few = Rows(300, i => i % 3, 1);
        AttackScores none = RowAttacks.Measure(MixedTables.Append(few, few), few)!;
        Assert.AreEqual(0, none.Alone);
        Assert.IsTrue(double.IsNaN(none.Synthetic.Equal) && double.IsNaN(none.Holdout.Equal));
    }

    [TestMethod]
    public void Attacks_find_copies_and_lines_of_smote_nc_in_a_mixed_table()
    {
        Table real = Columns(MixedTables.Mixed(400)), holdout = Columns(MixedTables.Mixed(100, 9));
        real = Imputation.OfReal(real).Complete(real);
        AttackScores copies = RowAttacks.Measure(Resamplers.RandomCopies.Resample(new(real), 1, CancellationToken.None), holdout)!;
        Assert.IsGreaterThan(0.8, copies.Synthetic.Equal);
        Assert.IsGreaterThan(0.7, copies.MembershipAuc);
        Assert.AreEqual(0, copies.Holdout.Equal);
        // Lines show where a few rows of a class get many.
        Table few = real.Select([.. Enumerable.Range(0, 400).Where(row => row < 48 || real.Label(row) == "c0")]);
        AttackScores smote = RowAttacks.Measure(Resamplers.Smote.Resample(new(few), 1, CancellationToken.None), holdout)!;
        Assert.IsGreaterThan(0.1, smote.LinesRebuilt);
        Table others = Only(Columns(MixedTables.Mixed(400, 5)), "c1");
        others = Imputation.OfReal(others).Complete(others);
        AttackScores honest = RowAttacks.Measure(MixedTables.Append(real, others), holdout)!;
        Assert.AreEqual((0, 0), (honest.LinesRebuilt, honest.Synthetic.Equal));
    }

    [TestMethod]
    public void A_map_of_categories_alone_shows_all_rows()
    {
        Random random = new(3);
        Table table = MixedTables.Factorial().Select([.. Enumerable.Range(0, 1024).Where(_ => random.Next(3) > 0)]);
        RowMap map = RowMap.Of(table, new double[table.RowCount]);
        Assert.IsGreaterThan(5, map.Points.Select(point => Math.Round(point.X, 6)).Distinct().Count());
        Assert.IsTrue(map.VarianceShares.All(share => share is > 0 and < 1));
    }

    static SyntheticScores Measure(Table made) =>
        SyntheticQuality.Measure(MixedTables.Append(MixedTables.Mixed(160), made), MixedTables.Mixed(100, 9), 1, default)!;

    // Rows of a class, as if they were of the second one.
    static Table Only(Table table, string name)
    {
        int[] rows = [.. Enumerable.Range(0, table.RowCount).Where(row => table.Label(row) == name)];
        return new(table.Schema, [.. rows.SelectMany(row => table.Row(row).ToArray())],
            [.. rows.Select(_ => table.Schema.ClassIndex("c1"))]);
    }

    static Table Columns(Table table) => new(new(table.Schema.Columns.Take(5), "label", table.Schema.Classes),
        [.. Enumerable.Range(0, table.RowCount).SelectMany(row => table.Row(row)[..5].ToArray())], table.Labels.ToArray());
}
