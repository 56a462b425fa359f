using LeoCvae.Training;

namespace LeoCvae.Evaluation.Tests;

/// <summary>Attacks on rows of which it is known by construction what they give away.</summary>
[TestClass]
public class RowAttackTests
{
    const int Width = 6;

    [TestMethod]
    public void Copies_come_back_as_often_as_they_were_made_and_tell_their_members()
    {
        // A quarter of the 40 training rows of class c1, three times each.
        double[][] records = Rows(40, Width, 1);
        AttackScores scores = Attack(records, [.. Enumerable.Range(0, 30).Select(i => records[i % 10])], Rows(20, Width, 2));
        Assert.AreEqual(0.25, scores.Synthetic.Equal, 1e-12);
        Assert.IsGreaterThanOrEqualTo(0.25, scores.Synthetic.WithinTenth);
        Assert.AreEqual(0, scores.Holdout.Equal);
        AttackScores all = Attack(records, records, Rows(20, Width, 2));
        Assert.AreEqual(new NearestRowShares(1, 1, 1), all.Synthetic);
        Assert.AreEqual(1, all.MembershipAuc);
        // Copies of copies are on no line.
        Assert.AreEqual(0, Attack(records, [.. records, .. records, .. records], Rows(20, Width, 2)).LinesRebuilt);
        // There are 20 held-out rows: of as many copies each gives one row back.
        Assert.AreEqual(0.5, all.AsManySynthetic.Equal, 1e-12);
    }

    [TestMethod]
    public void Nearness_is_counted_in_units_of_each_rows_own_gap()
    {
        // Training rows at 0, 1, 3, 7 and 7: gaps 1, 1, 2 and none, for the last two repeat each other.
        double[][] records = [[0], [1], [3], [7], [7]];
        AttackScores scores = Attack(records, [[0.09], [3.6], [7]], [[1.4], [2.1], [50]], common: 1000);
        Assert.AreEqual(0.6, scores.Alone, 1e-12);
        Assert.AreEqual(0, scores.Synthetic.Equal, "7 comes back, which tells nobody of two");
        Assert.AreEqual(1 / 3.0, Attack(records, [[1], [3.6], [7]], [[1.4], [2.1], [50]], common: 1000).Synthetic.Equal, 1e-12);
        // Of the three rows that have a gap: 0 within a tenth, 3 within half.
        Assert.AreEqual(1 / 3.0, scores.Synthetic.WithinTenth, 1e-12);
        Assert.AreEqual(2 / 3.0, scores.Synthetic.WithinHalf, 1e-12);
        // Held-out rows: 1 within half (0.4 of 1), 3 within half (0.9 of 2).
        Assert.AreEqual(0, scores.Holdout.WithinTenth);
        Assert.AreEqual(2 / 3.0, scores.Holdout.WithinHalf, 1e-12);
        Assert.AreEqual(scores.Synthetic, scores.AsManySynthetic);
    }

    [TestMethod]
    [DataRow(3)]
    [DataRow(Width)]
    [DataRow(700)]
    public void Rows_between_real_rows_give_these_back_where_their_lines_meet(int width)
    {
        // From each of 30 rows towards the two next ones, four rows on each line: every real row is where lines meet.
        double[][] records = Rows(30, width, 1);
        double[][] made = [.. Enumerable.Range(0, 30 * 2 * 4).Select(i =>
            Between(records[i % 30], records[(i + 1 + i / 30 % 2) % 30], 0.15 + 0.2 * (i / 60)))];
        AttackScores scores = Attack(records, made, Rows(10, width, 2));
        Assert.AreEqual(1, scores.LinesRebuilt);
        Assert.AreEqual(0, scores.Synthetic.Equal);
        // Two rows a line tell no line; rows off the lines none either.
        Assert.AreEqual(0, Attack(records, made[..120], Rows(10, width, 2)).LinesRebuilt);
        Assert.AreEqual(0, Attack(records, Rows(240, width, 3), Rows(10, width, 2)).LinesRebuilt);
    }

    [TestMethod]
    public void Smote_gives_back_what_a_model_does_not()
    {
        Table table = Tables.Blobs([150, 15], 8);
        TrainingRows training = new(table);
        AttackScores smote = RowAttacks.Measure(Resamplers.Smote.Resample(training, 1, default))!,
            leo = RowAttacks.Measure(
                new LeoResampler("leo", TrainingOptions.Default with { MaxEpochs = 30 }).Resample(training, 1, default))!;
        // 135 rows on some 50 lines: most lines have three.
        Assert.IsGreaterThan(0.5, smote.LinesRebuilt);
        Assert.AreEqual(0, leo.LinesRebuilt);
        Assert.AreEqual(0, leo.Synthetic.Equal);
        Assert.IsTrue(double.IsNaN(leo.MembershipAuc) && double.IsNaN(leo.Holdout.WithinHalf), "there is no held-out row");
    }

    [TestMethod]
    public void Rows_of_the_same_distribution_tell_no_members_and_come_as_near_as_held_out_rows()
    {
        // 400 rows against 400: an AUC of no information has a standard deviation of .02, a share of .1 one of .015.
        AttackScores scores = Attack(Rows(400, Width, 1), Rows(400, Width, 3), Rows(400, Width, 2));
        Assert.AreEqual(0.5, scores.MembershipAuc, 0.06);
        Assert.AreEqual(0.5, scores.MeanMembershipAuc, 0.06);
        Assert.AreEqual(scores.Holdout.WithinHalf, scores.AsManySynthetic.WithinHalf, 0.06);
        Assert.AreEqual(scores.Synthetic, scores.AsManySynthetic);
        Assert.AreEqual(0, scores.Synthetic.Equal);
    }

    [TestMethod]
    public void Decoded_seeds_are_held_against_their_own_rows_and_the_class_mean_is_the_control()
    {
        // The paper's seeds are not blurred: without a price on telling rows apart and with room for them, they come nearer to their rows
        // than the class mean does.
        Table table = Tables.Blobs([60, 30], 4);
        DecodeScores Decode(double price)
        {
            using TrainingResult fitted = LeoTrainer.Fit(table,
                TrainingOptions.Paper with { KldWeight = price, LearningRate = 0.02, MaxEpochs = 100 });
            return RowAttacks.Decode(DecodedSeeds.Of(fitted.Model), table, default);
        }
        DecodeScores open = Decode(0), smooth = Decode(4);
        // Below 1 the model tells more of a row than the row's nearest neighbor does.
        Assert.IsLessThan(1, open.Seeds);
        Assert.IsLessThan(open.ClassMean, open.Seeds);
        Assert.IsGreaterThan(open.Seeds + 0.3, smooth.Seeds);
        Assert.AreEqual(open.ClassMean, smooth.ClassMean);
        // By hand: the median over rows of the distance to the class mean over that to the nearest other row.
        Matrix x = TableEncoder.Fit(table).Encode(table);
        double Apart(float[] a, float[] b) => Math.Sqrt(a.Zip(b, (p, q) => ((double)p - q) * ((double)p - q)).Sum());
        float[][] rows = [.. Enumerable.Range(0, x.Rows).Select(row => x[row].ToArray())];
        double[] ratios = [.. rows.Select((row, i) =>
        {
            float[][] own = [.. rows.Where((_, other) => table.Labels[other] == table.Labels[i])];
            double gap = rows.Where((_, other) => other != i).Min(other => Apart(row, other));
            return Apart(row, [.. row.Select((_, j) => own.Average(r => r[j]))]) / gap;
        })];
        Assert.AreEqual(ClosestRows.Quantile(ratios, 0.5), open.ClassMean, 1e-5);
    }

    [TestMethod]
    public void Of_a_mixture_the_component_that_comes_nearest_is_held_against_a_row()
    {
        Table table = Tables.Blobs([60, 30], 4);
        using TrainingResult fitted = LeoTrainer.Fit(table, TrainingOptions.Default with { Prior = LatentPrior.Mixture, MaxEpochs = 20 });
        Assert.IsEmpty(fitted.Model.Seeds.Rows);
        Assert.IsTrue(RowAttacks.Decode(DecodedSeeds.Of(fitted.Model), table, default).Seeds is > 0.5 and < 100);
    }

    [TestMethod]
    public void Of_few_rows_of_many_columns_the_mean_tells_the_members_too()
    {
        // Of n rows a member is sqrt(1 - 1/n) standard deviations a column from their mean, any other row sqrt(1 + 1/n).
        Assert.IsGreaterThan(0.99, Attack(Rows(5, 1000, 1), Rows(30, 1000, 3), Rows(20, 1000, 2)).MeanMembershipAuc);
    }

    [TestMethod]
    public void Without_synthetic_rows_there_is_nothing_to_attack_and_other_columns_are_refused()
    {
        Table table = Tables.Blobs([20, 10], 3);
        Assert.IsNull(RowAttacks.Measure(table));
        Table resampled = Resamplers.Smote.Resample(new(table), 1, default);
        Assert.ThrowsExactly<ArgumentException>(() => RowAttacks.Measure(resampled, Tables.Blobs([20, 10], 4)));
        // The only row of a class has a gap to rows of others.
        Table lone = Table.FromArrays(new double[,] { { 0 }, { 1 }, { 9 } }, ["a", "a", "b"]);
        Assert.AreEqual(1, RowAttacks.Measure(Resamplers.RandomCopies.Resample(new(lone), 1, default))!.Synthetic.Equal);
    }

    // Synthetic and held-out rows of class c1; class c0 is far away, or as far as is said.
    static AttackScores Attack(double[][] records, double[][] made, double[][] heldOut, double common = 30)
    {
        double[][] others = [.. Rows(50, records[0].Length, 9).Select(row => row.Select(value => value + common).ToArray())];
        Table training = Make([.. others, .. records], others.Length), holdout = Make(heldOut, 0);
        Table resampled = new(training.Schema, [.. training.Values, .. made.SelectMany(row => row)],
            [.. training.Labels, .. made.Select(_ => 1)], training.RowCount, new int[made.Length]);
        return RowAttacks.Measure(resampled, holdout)!;
    }

    static Table Make(double[][] rows, int common)
    {
        double[,] values = new double[rows.Length, rows[0].Length];
        for (int i = 0; i < rows.Length; i++)
            for (int j = 0; j < rows[i].Length; j++)
                values[i, j] = rows[i][j];
        return Table.FromArrays(values, [.. rows.Select((_, i) => i < common ? "c0" : "c1")]);
    }

    static double[] Between(double[] from, double[] to, double step) => [.. from.Zip(to, (a, b) => a + step * (b - a))];

    static double[][] Rows(int count, int width, ulong stream) => [.. Enumerable.Range(0, count).Select(i =>
    {
        float[] normal = new float[width];
        new CounterRandom(stream + 100, RandomStream.Latent).FillNormal((ulong)i, normal);
        return normal.Select(value => (double)value).ToArray();
    })];
}
