using System.Text;
using static System.Globalization.CultureInfo;

namespace LeoCvae.Evaluation;

/// <summary>The report's look at rows: entropy, maps, losses, fidelity and privacy.</summary>
static class DataSections
{
    // Up to so many classes share a chart, or a map; of more than few each has its own line and panel, up to the most.
    const int FewClasses = 4, MapClasses = 8, MostClasses = 12, Bins = 20, Shades = 5;

    public static void Append(StringBuilder page, ReportData data)
    {
        if (data.Entropies.Count + data.Losses.Count > 0 || data.Map is not null)
        {
            page.Append(
                "<h2>Rows and generator</h2>\n<p class=\"soft\">Of the first fold\u2019s training rows, and of the rows that its " +
                "classifiers were trained on.</p>\n<div class=\"charts\">\n");
            Entropies(page, data.Entropies);
            if (data.Map is not null)
                EntropyMap(page, data.Map, data.Generator!);
            if (data.Map is not null && data.Origin.Classes.Count <= MapClasses)
                ClassMap(page, data.Map, data);
            Losses(page, data.Losses, data.Generator);
            page.Append("</div>\n");
            if (data.Map is not null && data.Origin.Classes.Count > FewClasses)
                ClassPanels(page, data.Map, data);
        }
        if (data.SyntheticOnly.Count > 0)
            Alone(page, data);
        if (data.Synthetic.Count > 0)
            Synthetic(page, data);
    }

    static void Alone(StringBuilder page, ReportData data)
    {
        page.Append(
            "<h2>Trained on synthetic rows alone</h2>\n<p class=\"soft\">As many rows of each class as the training rows have, nothing " +
            "else; tested on real rows. Mean over folds; below it the share of what the same classifier has when it is trained on the " +
            "real rows.</p>\n");
        string[] methods = [.. data.SyntheticOnly.Select(alone => alone.Method).Distinct()];
        var rows = data.SyntheticOnly.GroupBy(alone => (alone.Classifier, alone.Metric));
        HtmlTable.Append(page, [.. methods, "real rows"], rows.Select(row =>
        {
            Dictionary<string, RowsAlone> of = row.ToDictionary(alone => alone.Method);
            string Cell(string method) => of.TryGetValue(method, out RowsAlone? alone)
                ? $"<span>{HtmlText.Number(alone.Synthetic)}</span><small>{Words.Percent(alone.Share)}</small>" : "<span>\u2013</span>";
            return ($"{Metric.Named(row.Key.Metric).Title}, {row.Key.Classifier}\u00A0\u2191",
                methods.Select(Cell).Append($"<span>{HtmlText.Number(row.First().Real)}</span>"));
        }));
    }

    static void Entropies(StringBuilder page, IReadOnlyList<ClassEntropies> entropies)
    {
        ClassEntropies[] known = [.. entropies.Where(entry => entry.Bits.Count > 0)];
        if (known.Length == 0)
            return;
        double highest = known.Max(entry => entry.Bits.Max());
        const string Title = "Local entropy by class";
        const string Meaning = "0 bits: all neighbors are of one class. High entropy: the classes overlap there.";
        if (known.Length > FewClasses)
        {
            ClassEntropies[] rarest = [.. known.OrderBy(entry => entry.Bits.Count).Take(MostClasses)];
            Chart boxes = Chart.Boxes(
                [.. rarest.Select(entry => (entry.Class, QuantilesOf([.. entry.Bits])))], highest, "local entropy, bits");
            ScoreSections.Figure(
                page, Title, boxes,
                $"{Rarest(rarest.Length, known.Length)}Lines: 5% to 95% of a class\u2019s rows; boxes: its middle half; dots: its " +
                $"median. {Meaning}", []);
            return;
        }
        // Shares of each class's rows, side by side in each bin: a small class stays visible.
        double width = highest > 0 ? highest / Bins : 0.1;
        double[][] shares = [.. known.Select(entry =>
        {
            double[] bins = new double[Bins];
            foreach (double bits in entry.Bits)
                bins[Math.Min(Bins - 1, (int)(bits / width))] += 1.0 / entry.Bits.Count;
            return bins;
        })];
        Chart chart = new((0, Bins * width), (0, shares.Max(share => share.Max())), "local entropy, bits", "share of the class");
        for (int c = 0; c < shares.Length; c++)
            for (int b = 0; b < Bins; b++)
                if (shares[c][b] > 0)
                    chart.Bar((b + (double)c / shares.Length) * width, (b + (c + 1.0) / shares.Length) * width, shares[c][b], c + 1);
        ScoreSections.Figure(page, Title, chart, Meaning, [.. known.Select((entry, c) => ($"s{c + 1}", entry.Class))]);
    }

    static readonly double[] Quantiles = [0.05, 0.25, 0.5, 0.75, 0.95];

    static double[] QuantilesOf(double[] values) => [.. Quantiles.Select(share => ClosestRows.Quantile(values, share))];

    static void EntropyMap(StringBuilder page, RowMap map, string generator)
    {
        double highest = map.Points.Max(point => point.Entropy);
        Chart chart = Map(map);
        // Real rows on top.
        foreach (bool isSynthetic in (bool[])[true, false])
            for (int shade = 0; shade < Shades; shade++)
            {
                IEnumerable<MapPoint> points = map.Points.Where(point => point.IsSynthetic == isSynthetic && Shade(point.Entropy) == shade);
                chart.Points(points, $"e{shade}", isSynthetic);
            }
        string Bound(int shade) => HtmlText.Number(highest * shade / Shades, "0.0#");
        ScoreSections.Figure(
            page, "Real and synthetic rows by entropy", chart, $"{Marks(generator)} Color is local entropy in bits.{Dropped(map)}",
            highest > 0 ? [.. Enumerable.Range(0, Shades).Select(shade => ($"e{shade}", $"{Bound(shade)}\u2013{Bound(shade + 1)}"))] : []);

        int Shade(double entropy) => highest > 0 ? Math.Min(Shades - 1, (int)(entropy / highest * Shades)) : 0;
    }

    static void ClassMap(StringBuilder page, RowMap map, ReportData data)
    {
        string[] classes = [.. data.Origin.Classes.OrderByDescending(c => c.Rows).Select(c => c.Name)];
        Chart chart = Map(map);
        // Synthetic rows below, rare classes on top.
        foreach (bool isSynthetic in (bool[])[true, false])
            for (int c = 0; c < classes.Length; c++)
                chart.Points(
                    map.Points.Where(point => point.IsSynthetic == isSynthetic && point.Class == classes[c]), $"s{c + 1}", isSynthetic);
        ScoreSections.Figure(page, "Real and synthetic rows by class", chart, $"{Marks(data.Generator!)} Color is the class.{Dropped(map)}",
            [.. classes.Select((name, c) => ($"s{c + 1}", name))]);
    }

    // A panel a class, over all real rows in gray.
    static void ClassPanels(StringBuilder page, RowMap map, ReportData data)
    {
        ILookup<string, MapPoint> of = map.Points.ToLookup(point => point.Class);
        ReportClass[] known = [.. data.Origin.Classes.Where(c => of.Contains(c.Name)).OrderBy(c => c.Rows)];
        ReportClass[] rarest = [.. known.Take(MostClasses)];
        page.Append(
            InvariantCulture,
            $"<h3>Real and synthetic rows class by class</h3>\n<p " +
            $"class=\"soft\">{HtmlText.Escape(Rarest(rarest.Length, known.Length))}{HtmlText.Escape(Marks(data.Generator!))} Gray: real " +
            $"rows of other classes. The same plane as above.{Dropped(map)}</p>\n<div class=\"charts panels\">\n");
        foreach (ReportClass shown in rarest)
        {
            Chart chart = Chart.Panel(Range(map.Points.Select(point => point.X)), Range(map.Points.Select(point => point.Y)));
            chart.Points(map.Points.Where(point => !point.IsSynthetic && point.Class != shown.Name), "faint", isCross: false);
            chart.Points(of[shown.Name].Where(point => point.IsSynthetic), "s2", isCross: true);
            chart.Points(of[shown.Name].Where(point => !point.IsSynthetic), "s1", isCross: false);
            ScoreSections.Figure(page, Words.Cut(shown.Name, 28), chart, Words.Rows(shown.Rows) + " in the table", []);
        }
        page.Append("</div>\n");
    }

    static Chart Map(RowMap map)
    {
        string Axis(int i) => $"component {i + 1} ({Words.Percent(map.VarianceShares[i])} of variance)";
        return new(Range(map.Points.Select(point => point.X)), Range(map.Points.Select(point => point.Y)), Axis(0), Axis(1), 320);
    }

    static string Marks(string generator) => $"\u25CF real rows, \u00D7 synthetic rows of {Words.Cut(generator)}.";

    static string Dropped(RowMap map) =>
        map.Points.Count < map.Rows
            ? string.Create(InvariantCulture, $" {map.Points.Count:#,0} of {map.Rows:#,0} rows are shown, evenly of each class.") : "";

    static string Rarest(int shown, int all) =>
        shown < all ? string.Create(InvariantCulture, $"The {shown} rarest of {all} classes. ") : "";

    static void Losses(StringBuilder page, IReadOnlyList<ReportLoss> losses, string? generator)
    {
        if (losses.Count == 0)
            return;
        double[] epochs = [.. losses.Select(loss => (double)loss.Epoch)], train = [.. losses.Select(loss => loss.Train)];
        double[] validation = [.. losses.Select(loss => loss.Validation)];
        Chart chart = new((epochs[0], epochs[^1]), Range(train.Concat(validation).Where(double.IsFinite)), "epoch", "loss");
        chart.Line(epochs, train, 1);
        chart.Line(epochs, validation, 2);
        ReportLoss best = losses.LastOrDefault(loss => loss.IsBest) ?? losses[^1];
        string caption = string.Create(
            InvariantCulture,
            $"{(generator is null ? "" : $"Fit of {Words.Cut(generator)}. ")}Kept: epoch {best.Epoch}. Losses over training and " +
            $"held-out rows.");
        ScoreSections.Figure(page, "Training of the CVAE", chart, caption, [("s1", "training"), ("s2", "validation")]);
    }

    static void Synthetic(StringBuilder page, ReportData data)
    {
        page.Append(
            "<h2>Fidelity and privacy of the synthetic rows</h2>\n<p class=\"soft\">Of the first fold, class by class, averaged by the " +
            "number of synthetic rows.</p>\n");
        string[] warnings = [.. Closeness.InNumbers(data), .. ValueFaults.InNumbers(data)];
        if (warnings.Length > 0)
            page.Append("<ul class=\"mark\">\n").AppendJoin("", warnings.Select(warning => $"<li>{HtmlText.Escape(warning)}</li>\n"))
                .Append("</ul>\n");
        HtmlTable.Append(page, data.Synthetic.Select(rows => rows.Method),
            Figures.Where(figure => data.Synthetic.Any(rows => figure.Of(rows.Scores) is not null))
                .Select(figure => (figure.Title, data.Synthetic.Select(rows => $"<span>{figure.Of(rows.Scores) ?? "\u2013"}</span>"))));
        page.Append("""
            <p class="soft">KS and TV complement: 1 is the same distribution of each column of many or of few values, categories among
            these. Contingency similarity: 1 is that categories go together with other columns as often. Missing values: by how much
            their share differs from that in the class; elsewhere they are imputed. Values that the column can’t hold: beyond its
            range, fractions of whole numbers, categories that it hasn’t. Two-sample AUC: how
            well a random forest tells real from synthetic rows; copies of real rows bring it below 0.5.
            Closest record: distance to the nearest training row of the class, in standard deviations per column, that 5% of the rows are
            within. Near-copies: rows nearer to a training row than half of the
            median distance between training rows of the class. Rows far nearer to training rows than held-out rows are, or copies of them,
            tell about single records. These figures are no proof of privacy.</p>

            """);
        Attacks(page, [.. data.Synthetic.Where(rows => rows.Attacks is not null)]);
    }

    static void Attacks(StringBuilder page, MethodRows[] attacked)
    {
        if (attacked.Length == 0)
            return;
        page.Append(
            "<h2>Attacks on the training rows</h2>\n<p class=\"soft\">What the synthetic rows of the first fold give away of its " +
            "training rows: shares of the training rows of the classes that got synthetic rows, and that no other training row " +
            "equals.</p>\n");
        HtmlTable.Append(page, attacked.Select(rows => rows.Method),
            Found.Where(figure => attacked.Any(rows => figure.Of(rows.Attacks!) is not null))
                .Select(figure => (figure.Title, attacked.Select(rows => $"<span>{figure.Of(rows.Attacks!) ?? "\u2013"}</span>"))));
        page.Append("""
            <p class="soft">Within 0.5 (0.1): a synthetic row of the class is nearer than 0.5 (0.1) times the distance of the training row
            to its nearest other one. More rows come back, and nearer: beside all of them stand as many as there are held-out ones, and
            these, which are real rows that nobody was trained on. Membership AUC: how well the distance to the nearest synthetic row
            tells training rows from held-out ones; of few rows of many columns already their mean tells it. Lines: training rows of the
            smallest class through which two lines of three or more synthetic rows pass; so the rows of SMOTE give theirs back. Decoded
            seeds: all that the file of a model tells, as distance to the row over that to its nearest other one, median; the class mean,
            which tells nothing of a row, is the control. An attack that finds
            nothing proves nothing: another one may.</p>

            """);
    }

    static readonly (string Title, Func<AttackScores, string?> Of)[] Found =
    [
        ("rows that no other equals", scores => Words.Percent(scores.Alone)),
        ("of these come back, all synthetic rows\u00A0\u2193", scores => Words.Percent(scores.Synthetic.Equal)),
        ("as many as held-out rows", scores => Words.Percent(scores.AsManySynthetic.Equal)),
        ("held-out rows", scores => Words.Percent(scores.Holdout.Equal)),
        ("within 0.1, all synthetic rows\u00A0\u2193", scores => Words.Percent(scores.Synthetic.WithinTenth)),
        ("as many as held-out rows", scores => Words.Percent(scores.AsManySynthetic.WithinTenth)),
        ("held-out rows", scores => Words.Percent(scores.Holdout.WithinTenth)),
        ("within 0.5, all synthetic rows\u00A0\u2193", scores => Words.Percent(scores.Synthetic.WithinHalf)),
        ("as many as held-out rows", scores => Words.Percent(scores.AsManySynthetic.WithinHalf)),
        ("held-out rows", scores => Words.Percent(scores.Holdout.WithinHalf)),
        ("membership AUC, 0.5 is best", scores => HtmlText.Number(scores.MembershipAuc)),
        ("the same by distance to the class mean", scores => HtmlText.Number(scores.MeanMembershipAuc)),
        ("rebuilt where lines meet\u00A0\u2193", scores => Words.Percent(scores.LinesRebuilt)),
        ("decoded seeds\u00A0\u2191", scores => scores.Decode is { } decode ? HtmlText.Number(decode.Seeds, "0.00") : null),
        ("class mean", scores => scores.Decode is { } decode ? HtmlText.Number(decode.ClassMean, "0.00") : null),
    ];

    static readonly (string Title, Func<SyntheticScores, string?> Of)[] Figures =
    [
        ("synthetic rows", scores => HtmlText.Number(scores.Rows, "#,0")),
        ("KS complement\u00A0\u2191", scores => HtmlText.Number(scores.KsComplement)),
        ("TV complement\u00A0\u2191", scores => HtmlText.Number(scores.TotalVariationComplement)),
        ("correlation similarity\u00A0\u2191", scores => HtmlText.Number(scores.CorrelationSimilarity)),
        ("contingency similarity\u00A0\u2191",
            scores => double.IsNaN(scores.ContingencySimilarity) ? null : HtmlText.Number(scores.ContingencySimilarity)),
        ("missing values, difference\u00A0\u2193",
            scores => double.IsNaN(scores.MissingDifference) ? null : HtmlText.Number(scores.MissingDifference)),
        ("values that the column can\u2019t hold\u00A0\u2193", scores => Words.Percent(scores.InvalidValues)),
        ("two-sample AUC, 0.5 is best", scores => HtmlText.Number(scores.TwoSampleAuc)),
        ("closest record, 5th percentile", scores => HtmlText.Number(scores.ClosestDistance)),
        ("the same of held-out rows", scores => HtmlText.Number(scores.HoldoutClosestDistance)),
        ("nearer than the median held-out row, 50% is best", scores => Words.Percent(scores.NearerThanHoldout)),
        ("near-copies\u00A0\u2193", scores => Words.Percent(scores.NearCopies)),
        ("exact copies\u00A0\u2193", scores => HtmlText.Number(scores.ExactCopies, "#,0")),
    ];

    static (double Low, double High) Range(IEnumerable<double> values)
    {
        double[] all = [.. values];
        (double low, double high) = all.Length == 0 ? (0, 1) : (all.Min(), all.Max());
        double room = 0.04 * (high - low);
        return (low - room, high + room);
    }
}
