using System.Text;
using static System.Globalization.CultureInfo;

namespace LeoCvae.Evaluation;

/// <summary>The report's look at rows: entropy, map, losses, fidelity and privacy.</summary>
static class DataSections
{
    const int Bins = 20, MostPoints = 2000, Shades = 5;

    public static void Append(StringBuilder page, ReportData data)
    {
        if (data.Entropies.Count + data.Losses.Count > 0 || data.Map is not null)
        {
            page.Append("<h2>Rows and generator</h2>\n<p class=\"soft\">Of the first fold\u2019s training rows.</p>\n<div class=\"charts\">\n");
            Entropies(page, data.Entropies);
            if (data.Map is not null)
                Map(page, data.Map, data.Generator);
            Losses(page, data.Losses, data.Generator);
            page.Append("</div>\n");
        }
        if (data.Synthetic.Count > 0)
            Synthetic(page, data.Synthetic);
    }

    // Shares of each class's rows, side by side in each bin: a small class stays visible.
    static void Entropies(StringBuilder page, IReadOnlyList<ClassEntropies> entropies)
    {
        if (entropies.Count == 0)
            return;
        double highest = entropies.SelectMany(entry => entry.Bits).Append(0).Max(), width = highest > 0 ? highest / Bins : 0.1;
        double[][] shares = [.. entropies.Select(entry => Enumerable.Range(0, Bins).Select(b => entry.Bits.Count(bits => Math.Min(Bins - 1, (int)(bits / width)) == b) / (double)Math.Max(1, entry.Bits.Count)).ToArray())];
        Chart chart = new((0, Bins * width), (0, shares.Max(share => share.Max())), "local entropy, bits", "share of the class");
        for (int c = 0; c < shares.Length; c++)
            for (int b = 0; b < Bins; b++)
                if (shares[c][b] > 0)
                    chart.Bar((b + (double)c / shares.Length) * width, (b + (c + 1.0) / shares.Length) * width, shares[c][b], c + 1);
        ScoreSections.Figure(page, "Local entropy by class", chart, "0 bits: all neighbours are of one class. High entropy: the classes overlap there.", [.. entropies.Select((entry, c) => ($"s{(c + 1) % 10}", entry.Class))]);
    }

    static void Map(StringBuilder page, RowMap map, string? generator)
    {
        // Every so-manieth row of each kind, real ones on top.
        MapPoint[] made = Thin([.. map.Points.Where(point => point.IsSynthetic)]), real = Thin([.. map.Points.Where(point => !point.IsSynthetic)]);
        MapPoint[] shown = [.. made, .. real];
        double highest = shown.Max(point => point.Entropy);
        string Percent(int i) => (100 * map.VarianceShares[i]).ToString("0", InvariantCulture);
        Chart chart = new(Range(shown.Select(point => point.X)), Range(shown.Select(point => point.Y)), $"component 1 ({Percent(0)}% of variance)", $"component 2 ({Percent(1)}%)", 320);
        foreach (MapPoint point in shown)
            chart.Point(point.X, point.Y, $"e{Shade(point.Entropy)}", point.IsSynthetic);
        string Bound(int shade) => HtmlText.Number(highest * shade / Shades, "0.0#");
        string dropped = shown.Length < map.Points.Count ? string.Create(InvariantCulture, $" {shown.Length:#,0} of {map.Points.Count:#,0} rows are shown.") : "";
        ScoreSections.Figure(page, "Real and synthetic rows", chart, $"Discs are real rows, crosses synthetic ones{(generator is null ? "" : $" of {generator}")}; colour is local entropy in bits.{dropped}",
            highest > 0 ? [.. Enumerable.Range(0, Shades).Select(shade => ($"e{shade}", $"{Bound(shade)}\u2013{Bound(shade + 1)}"))] : []);

        int Shade(double entropy) => highest > 0 ? Math.Min(Shades - 1, (int)(entropy / highest * Shades)) : 0;
    }

    static void Losses(StringBuilder page, IReadOnlyList<ReportLoss> losses, string? generator)
    {
        if (losses.Count == 0)
            return;
        double[] epochs = [.. losses.Select(loss => (double)loss.Epoch)], train = [.. losses.Select(loss => loss.Train)], validation = [.. losses.Select(loss => loss.Validation)];
        Chart chart = new((epochs[0], epochs[^1]), Range([.. train.Concat(validation).Where(double.IsFinite)]), "epoch", "loss");
        chart.Line(epochs, train, 1);
        chart.Line(epochs, validation, 2);
        ReportLoss best = losses.LastOrDefault(loss => loss.IsBest) ?? losses[^1];
        ScoreSections.Figure(page, "Training of the CVAE", chart, string.Create(InvariantCulture, $"{(generator is null ? "" : $"Fit of {generator}. ")}Kept: epoch {best.Epoch}. Losses over training and held-out rows."), [("s1", "training"), ("s2", "validation")]);
    }

    static void Synthetic(StringBuilder page, IReadOnlyList<MethodRows> synthetic)
    {
        page.Append("<h2>Fidelity and privacy of the synthetic rows</h2>\n<div class=\"wide\"><table><thead><tr><th>method</th><th>rows</th><th>KS comple\u00ADment\u00A0\u2191</th><th>TV comple\u00ADment\u00A0\u2191</th><th>correlation similarity\u00A0\u2191</th><th>two-sample AUC (0.5 is best)</th><th>AUC trained on synthetic</th><th>AUC trained on real</th><th>closest record, 5th percentile</th><th>the same, holdout rows</th><th>nearer than holdout rows</th><th>exact copies\u00A0\u2193</th></tr></thead><tbody>\n");
        foreach ((string method, SyntheticScores scores, _, _) in synthetic)
        {
            page.Append(InvariantCulture, $"<tr><th>{HtmlText.Escape(method)}</th><td>{HtmlText.Number(scores.Rows, "#,0")}</td>");
            foreach (double value in (double[])[scores.KsComplement, scores.TotalVariationComplement, scores.CorrelationSimilarity, scores.TwoSampleAuc, scores.TrainedOnSyntheticAuc, scores.TrainedOnRealAuc, scores.ClosestDistance, scores.HoldoutClosestDistance])
                page.Append(InvariantCulture, $"<td>{HtmlText.Number(value)}</td>");
            page.Append(InvariantCulture, $"<td>{HtmlText.Number(100 * scores.NearerThanHoldout, "0")}%</td><td>{HtmlText.Number(scores.ExactCopies, "#,0")}</td></tr>\n");
        }
        page.Append("</tbody></table></div>\n<p class=\"soft\">Of the first fold, by class, averaged by the number of synthetic rows. KS and TV complement: 1 is the same distribution of each numeric or discrete column. Two-sample AUC: how well a random forest tells real from synthetic rows; copies of real rows bring it below 0.5. ");
        page.Append("Closest record: distance to the nearest training row of the class, in standard deviations per column; rows far nearer to training rows than holdout rows are, or copies of them, tell about single records. These figures are no proof of privacy.</p>\n");
    }

    static MapPoint[] Thin(MapPoint[] points)
    {
        int step = (points.Length + MostPoints / 2 - 1) / (MostPoints / 2);
        return step <= 1 ? points : [.. points.Where((_, i) => i % step == 0)];
    }

    static (double Low, double High) Range(IEnumerable<double> values)
    {
        double[] all = [.. values];
        (double low, double high) = all.Length == 0 ? (0, 1) : (all.Min(), all.Max());
        double room = 0.04 * (high - low);
        return (low - room, high + room);
    }
}
