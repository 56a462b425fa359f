using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

namespace LeoCvae.Evaluation.Tests;

[TestClass]
public class ReportTests
{
    [TestMethod]
    public void The_page_is_well_formed_needs_nothing_else_and_has_no_script()
    {
        foreach (ReportData data in (ReportData[])[
            SampleReport.Make(), SampleReport.Make(optimistic: true), SampleReport.Make(column: SampleReport.Hostile), Bare()])
        {
            string page = HtmlReport.Render(data);
            XDocument document = Parse(page);
            Assert.IsEmpty(
                document.Descendants()
                .Where(element => element.Name.LocalName is "script" or "img" or "link" or "iframe" or "object" or "image" or "use"));
            Assert.IsEmpty(
                document.Descendants().Attributes()
                .Where(attribute => attribute.Name.LocalName is "src" or "href"
                || attribute.Name.LocalName.StartsWith("on", StringComparison.Ordinal)));
            Assert.DoesNotContain("http", page);
            Assert.DoesNotContain("url(", page);
            Assert.DoesNotContain("@import", page);
            // Elements that HTML would not take as closed by "/>".
            Assert.IsEmpty(Regex.Matches(page, "<(?!meta|line|circle|rect|path|polyline)[a-z0-9]+[^<>]*/>"));
        }
    }

    [TestMethod]
    public void What_comes_from_the_data_is_escaped()
    {
        ReportData data = SampleReport.Make(column: SampleReport.Hostile);
        data = data with { Entropies = [new(SampleReport.Hostile, [0.1])], Origin = data.Origin with { Data = SampleReport.Hostile } };
        string page = HtmlReport.Render(data);
        Assert.DoesNotContain("<script", page);
        string text = Parse(page).Root!.Value;
        Assert.Contains("<script>alert(\"x\")</script> & 'co' ?", text);
        Assert.Contains("Label column<script>", text);
        Assert.Contains("?evil?", HtmlText.Escape("\u202Eevil\u0085"));
        using JsonDocument json = JsonDocument.Parse(ResultsJson.Render(data));
        JsonElement origin = json.RootElement.GetProperty("evaluation").GetProperty("origin");
        Assert.AreEqual(SampleReport.Hostile, origin.GetProperty("data").GetString());
        Assert.AreEqual(SampleReport.Hostile, origin.GetProperty("classes")[1].GetProperty("name").GetString());
    }

    [TestMethod]
    public void The_tables_hold_the_numbers_given()
    {
        ReportData data = SampleReport.Make();
        XDocument document = Parse(HtmlReport.Render(data));
        string[] cells = [.. document.Descendants("td").Select(cell => cell.Value)];
        foreach (ScoreSummary summary in ScoreSummary.Of(data))
        {
            double[] values = [
                .. data.Scores
                .Where(score => (score.Method, score.Classifier, score.Metric) == (summary.Method, summary.Classifier, summary.Metric))
                .Select(score => score.Value)];
            Assert.AreEqual(values.Average(), summary.Mean, 1e-12);
            string shown = $"{HtmlText.Number(values.Average())} \u00B1 " +
                $"{HtmlText.Number(Math.Sqrt(values.Sum(value => Math.Pow(value - values.Average(), 2)) / 4))}";
            if (summary.Difference is { } difference)
            {
                string mark = summary.Sign switch { 0 => "", > 0 => "\u25B2\u00A0", _ => "\u25BC\u00A0" };
                shown += $"{mark}{HtmlText.Signed(difference.Mean)}[{HtmlText.Signed(difference.Low)}, {HtmlText.Signed(difference.High)}]";
            }
            Assert.Contains(shown, cells);
        }
        Assert.Contains("120", cells);
        Assert.Contains("100%", cells);
        Assert.Contains(data.Origin.DataSha256, document.Descendants("dd").Select(item => item.Value));
    }

    [TestMethod]
    public void The_summary_names_only_what_is_no_chance()
    {
        string text = Text(SampleReport.Make());
        Assert.Contains(
            "Oversampling helps on this table: with mlp, logreg or lightgbm, it makes F1 macro and G-mean better. Brier score gets worse " +
            "with mlp, logreg or lightgbm.", text);
        Assert.Contains(
            "On balanced accuracy, AUC macro, AUPRC macro and expected calibration error no method differs from none by more than chance " +
            "explains.", text);
        Assert.MatchesRegex(
            new Regex(@"G-mean: with mlp, (cvae|leo) is better than none by 0\.0\d+ \(95% interval 0\.0\d+ to 0\.\d+\), (cvae|leo) by " +
            @"0\.0\d+\. With logreg, "), text);
        Assert.MatchesRegex(new Regex(@"Brier score: with mlp, smote is worse than none by 0\.0\d+ \(95% interval"), text);
        Assert.MatchesRegex(new Regex(@"F1 macro: with mlp, leo is better than none by 0\.0\d+ \(95% interval"), text);
        Assert.DoesNotContain("Optimistic", text);

        text = Text(SampleReport.Make(helps: false));
        Assert.Contains(
            "There is no sign that oversampling helps on this table: with mlp, logreg or lightgbm, no method that adds rows is better " +
            "than none on any of 7 measures by more than chance explains.", text);
        Assert.DoesNotContain("is better than none by", text);
        Assert.Contains("Optimistic, as published.", Text(SampleReport.Make(optimistic: true)));
        Assert.Contains("Only none was evaluated; there is nothing to compare.", Text(SampleReport.Make(methods: 1)));
    }

    [TestMethod]
    public void Decisions_that_a_threshold_would_better_as_well_are_called_that()
    {
        const string Sentence = "With mlp, logreg or lightgbm, oversampling makes F1 macro and G-mean better, but a threshold would do: " +
            "once decisions are tuned, which takes no synthetic rows, no method that adds rows is better than none.";
        ReportData data = SampleReport.Make();
        Assert.DoesNotContain("threshold", Text(data));

        // Tuned decisions that are no better than none's, then such that are, then such that only weights betters.
        ReportData tuned = data with { Metrics = [.. data.Metrics, new("f1_macro_tuned", "tuned F1 macro", true)] };
        ReportData As(string metric, Func<string, string> method) => tuned with
        {
            Scores = [.. data.Scores, .. data.Scores.Where(score => score.Metric == metric)
                .Select(score => score with { Metric = "f1_macro_tuned", Method = method(score.Method) })],
        };
        Assert.Contains(Sentence, Text(As("auc_macro", name => name)));
        Assert.Contains(
            "Oversampling helps on this table: with mlp, logreg or lightgbm, it makes F1 macro, G-mean and tuned F1 macro better.",
            Text(As("f1_macro", name => name)));
        string weights = Text(As("f1_macro", name => name switch { "leo" => "weights", "weights" => "leo", _ => name }));
        Assert.Contains($"{Sentence} With mlp, logreg or lightgbm, weights makes tuned F1 macro better, without synthetic rows.", weights);
        Assert.DoesNotContain("threshold", Text(SampleReport.Make(helps: false) with { Metrics = tuned.Metrics }));
    }

    [TestMethod]
    public void Nothing_is_said_of_measures_that_are_not_defined()
    {
        // As leave-one-out does it: ranking takes rows of two classes.
        ReportData data = SampleReport.Make();
        ReportData some = data
            with
        {
            Scores = [
                .. data.Scores.Select(
                    score => score.Metric.StartsWith("au", StringComparison.Ordinal) ? score with { Value = double.NaN } : score)],
            SyntheticOnly = [.. data.SyntheticOnly.Where(alone => alone.Metric == "f1_macro")],
        };
        string verdict = string.Join('\n', Verdict.Of(some, ScoreSummary.Of(some)));
        Assert.DoesNotContain("AU", verdict);
        Assert.Contains("On balanced accuracy and expected calibration error no method differs", verdict);
        Assert.Contains("There are 15 pairs of measure and classifier", Text(some));
        ReportData none = data with { Scores = [.. data.Scores.Select(score => score with { Value = double.NaN })] };
        Assert.StartsWith("No measure is defined in any fold", Verdict.Of(none, ScoreSummary.Of(none))[0]);
        Assert.DoesNotContain("0 pairs", Text(none));
    }

    [TestMethod]
    public void The_verdict_says_what_could_be_seen()
    {
        ReportData data = SampleReport.Make();
        double[] halves = [.. ScoreSummary.Of(data).Where(summary => summary is { Metric: "f1_macro", Difference: not null })
            .Select(summary => (summary.Difference!.High - summary.Difference.Low) / 2).Order()];
        double median = halves[halves.Length / 2];
        // 5 folds, then 25, a fold's test rows being a quarter of its training rows: t(4) = 2.7764, t(24) = 2.0639.
        double narrowed = median * 2.0639 / 2.7764 * Math.Sqrt((1 / 25.0 + 0.25) / (1 / 5.0 + 0.25));
        string power = Verdict.Of(data, ScoreSummary.Of(data))
            .Single(sentence => sentence.StartsWith("Intervals", StringComparison.Ordinal));
        Assert.AreEqual(
            $"Intervals of F1 macro are about \u00B1{HtmlText.Number(median)}: the rarest class, \u2018dead\u2019, has 60 rows, about 12 " +
            $"in a test fold. Smaller differences can\u2019t be seen; --repeats 5 would narrow them to about " +
            $"\u00B1{HtmlText.Number(narrowed)}.", power);
        foreach (ReportOrigin origin in (ReportOrigin[])[data.Origin with { Repeats = 5 }, data.Origin with { Folds = 240 }])
            Assert.Contains("more rows would narrow them, more repeats hardly", Text(data with { Origin = origin }));
    }

    [TestMethod]
    public void Rows_that_are_near_copies_are_called_that()
    {
        ReportData data = SampleReport.Make();
        string text = Text(data);
        // ros copies, smote's closest rows are nearer than held-out ones; from there on they are as far.
        Assert.Contains(
            "Rows of ros and smote lie nearer to training rows than held-out rows do: treat them as near-copies of real records.", text);
        Assert.Contains("120 of 120 rows of ros equal training rows in every column.", text);
        Assert.Contains(
            "Rows of smote lie nearer to training rows than held-out rows do: 55% are nearer than the median held-out row, of new real " +
            "rows 50% would be; the nearest 5% are within 0.400 standard deviations a column, of held-out rows within 0.610; 10% are " +
            "near-copies.", text);
        Assert.DoesNotContain("Rows of leo lie nearer", text);

        MethodRows Tiny(string method, int rows) => data.Synthetic[^1]
            with
        { Method = method, Classes = [new("dead", 2, rows, 0.9), new("alive", 2, 3, 0.1)] };
        text = Text(data with { Synthetic = [Tiny("smote", 210), Tiny("leo", 95)] });
        Assert.Contains(
            "Synthetic rows of class \u2018dead\u2019 are near-copies of 2 records: smote made 210 and leo made 95 from them.", text);
        Assert.DoesNotContain("class \u2018alive\u2019", text);
    }

    [TestMethod]
    public void Many_classes_and_long_names_stay_readable()
    {
        string[] names =
            [.. Enumerable.Range(0, 60).Select(i => string.Create(CultureInfo.InvariantCulture, $"{new string('x', 200)}{i:00}"))];
        Table table = Tables.Blobs([.. Enumerable.Range(0, 60).Select(i => i + 2)], 3);
        table = new(new(table.Schema.Columns, "label", names), table.Values.ToArray(), table.Labels.ToArray(), table.RowCount, []);
        ReportData data = SampleReport.Make();
        data = data with
        {
            Origin = data.Origin
                with
            {
                Data = new string('d', 300) + ".csv",
                Classes = [.. names.Select((name, i) => new ReportClass(name, i + 2))],
                Notes =
                [.. names.Select(name => $"class '{name}' is rare")]
            },
            Entropies = [.. names.Select(name => new ClassEntropies(name, [0.1, 0.5, 0.2]))],
            Map = RowMap.Of(table, new double[table.RowCount]),
        };
        XDocument document = Parse(HtmlReport.Render(data));
        string[] parts = [
            .. document.Descendants().Where(element => element.Name.LocalName is "text" or "h1" or "h2" or "h3" or "figcaption" or "title")
            .Select(element => element.Value)];
        Assert.IsEmpty(parts.Where(part => part.Length > 250));
        Assert.DoesNotContain(new string('x', 60), string.Join(' ', parts));
        Assert.HasCount(12, document.Descendants("div").Single(div => div.Attribute("class")?.Value == "charts panels").Elements("figure"));
        Assert.Contains("48 more notes in the results", document.Root!.Value);
        Assert.IsLessThan(600_000, document.ToString().Length);
        Assert.DoesNotContain("positive class is", document.Root.Value);
    }

    [TestMethod]
    public void A_table_shows_a_method_a_column_and_names_it_in_each_cell_for_a_phone()
    {
        ReportData data = SampleReport.Make();
        XElement table = Parse(HtmlReport.Render(data)).Descendants("table").First();
        Assert.AreSequenceEqual(
            data.Methods.ToArray(), table.Descendants("thead").Descendants("th").Skip(1).Select(head => head.Value).ToArray());
        XElement[] rows = [.. table.Descendants("tbody").Elements("tr")];
        Assert.HasCount(data.Metrics.Count, rows);
        foreach (XElement row in rows)
            Assert.AreSequenceEqual(
                data.Methods.ToArray(), row.Elements("td").Select(cell => cell.Attribute("data-method")!.Value).ToArray());
    }

    [TestMethod]
    public void Real_and_synthetic_rows_differ_in_shape()
    {
        XElement[] paths = [.. Parse(HtmlReport.Render(SampleReport.Make())).Descendants("path")];
        // By entropy, then by class: discs of no length with round ends, and crosses.
        Assert.IsTrue(paths.Where(path => path.Attribute("class")!.Value.StartsWith("disc", StringComparison.Ordinal))
            .All(path => Regex.IsMatch(path.Attribute("d")!.Value, "^(M[-0-9. ]+h0)+$")));
        int Count(string mark, string part) =>
            paths.Where(path => path.Attribute("class")!.Value.StartsWith(mark, StringComparison.Ordinal))
            .Sum(path => Regex.Count(path.Attribute("d")!.Value, part));
        Assert.AreEqual(2 * 240, Count("disc", "h0"));
        Assert.AreEqual(2 * 120, Count("cross", "l5 5"));
    }

    [TestMethod]
    public void Numbers_of_an_axis_have_room_beside_each_other()
    {
        for (double end = 0.02; end < 3; end *= 1.03)
        {
            PairedInterval interval = new(0, -0.6 * end, end, 1);
            XElement svg = XElement.Parse(Chart.Intervals([("leo", interval, "none")], "difference").ToSvg("differences"));
            double[] at = [
                .. svg.Descendants("text").Where(text => char.IsDigit(text.Value[^1]))
                .Select(text => double.Parse(text.Attribute("x")!.Value, CultureInfo.InvariantCulture))];
            Assert.IsGreaterThanOrEqualTo(2, at.Length);
            for (int i = 1; i < at.Length; i++)
                Assert.IsGreaterThanOrEqualTo(42, at[i] - at[i - 1], $"{end}");
        }
    }

    [TestMethod]
    public void Captions_say_what_is_positive_and_which_rows_are_shown()
    {
        ReportData data = SampleReport.Make();
        string text = Text(data with { Origin = data.Origin with { PositiveClass = "dead", Repeats = 2 } });
        foreach (string part in (string[])["The positive class is dead.",
            "Positive: dead. Rows as predicted by the folds that tested them, first repeat.", "without prior correction", "first fold"])
            Assert.Contains(part, text);
        text = Text(data with { Origin = data.Origin with { PositiveClass = "dead", Classes = [.. data.Origin.Classes, new("lost", 9)] } });
        Assert.Contains("Pairs of row and class as predicted by the folds that tested them.", text);
        Assert.DoesNotContain("Positive: dead", text);
        Assert.Contains("2 methods, 1 classifier, 5 folds", Text(data with { Methods = ["none", "leo"], Classifiers = ["mlp"] }));
    }

    [TestMethod]
    public void Differences_that_are_equal_but_for_rounding_prove_nothing()
    {
        ReportData data = SampleReport.Make(methods: 2);
        double[] none = [0.9, 0.7], weights = [0.95, 0.75];
        ReportScore[] scores = [
            .. data.Methods
            .SelectMany(
                (method, m) =>
                none.Select((_, fold) => new ReportScore(method, "mlp", "f1_macro", 0, fold, (m == 0 ? none : weights)[fold])))];
        ScoreSummary summary = ScoreSummary.Of(data with { Scores = scores })
            .Single(summary => summary is { Method: "weights", Classifier: "mlp", Metric: "f1_macro" });
        Assert.AreEqual(0.05, summary.Difference!.Mean, 1e-12);
        Assert.AreEqual(0, summary.Sign);
    }

    [TestMethod]
    public void Nothing_is_said_of_differences_to_what_was_not_evaluated()
    {
        ReportData data = SampleReport.Make();
        ReportData without =
            data with { Methods = [.. data.Methods.Skip(1)], Scores = [.. data.Scores.Where(score => score.Method != "none")] };
        foreach ((ReportData some, string answer) in ((ReportData, string)[])[
            (without, "none was not evaluated: there is nothing to compare the methods with."),
                (SampleReport.Make(methods: 1), "Only none was evaluated; there is nothing to compare.")])
        {
            Assert.AreEqual(answer, Verdict.Of(some, ScoreSummary.Of(some))[0]);
            string text = Text(some);
            Assert.Contains(answer, text);
            foreach (string comparison in (string[])["no sign", "no method", "difference to", "is better than"])
                Assert.DoesNotContain(comparison, text);
        }
    }

    [TestMethod]
    public void A_single_fold_proves_nothing_and_undefined_scores_are_left_out()
    {
        ReportData data = SampleReport.Make();
        ReportData one = data with { Scores = [.. data.Scores.Where(score => score.Fold == 0)] };
        Assert.IsTrue(ScoreSummary.Of(one).All(summary => summary.Sign == 0));
        Assert.Contains("no sign that oversampling helps", Text(one));
        ReportData undefined =
            data with { Scores = [.. data.Scores.Select(score => score.Fold == 0 ? score with { Value = double.NaN } : score)] };
        Assert.IsTrue(ScoreSummary.Of(undefined).All(summary => double.IsFinite(summary.Mean)));
        ReportData none = data with { Scores = [] };
        Assert.Contains("undefined", Text(none));
    }

    [TestMethod]
    public void The_same_data_give_the_same_bytes_in_any_culture()
    {
        // Tests run in a hostile culture: what was written there must be what the invariant one writes.
        (string page, string json, CultureInfo hostile) =
            (HtmlReport.Render(SampleReport.Make()), ResultsJson.Render(SampleReport.Make()), CultureInfo.CurrentCulture);
        Assert.AreEqual(",", hostile.NumberFormat.NumberDecimalSeparator);
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        Assert.AreEqual(page, HtmlReport.Render(SampleReport.Make()));
        Assert.AreEqual(json, ResultsJson.Render(SampleReport.Make()));
        CultureInfo.CurrentCulture = hostile;
        Assert.DoesNotContain("\r", page);
    }

    [TestMethod]
    public void The_json_holds_scores_intervals_and_how_it_was_made()
    {
        ReportData data = SampleReport.Make();
        using JsonDocument json = JsonDocument.Parse(ResultsJson.Render(data));
        JsonElement root = json.RootElement, evaluation = root.GetProperty("evaluation");
        Assert.AreEqual(1, root.GetProperty("format").GetInt32());
        Assert.AreEqual(data.Scores.Count, evaluation.GetProperty("scores").GetArrayLength());
        Assert.AreEqual(data.Scores[3].Value, evaluation.GetProperty("scores")[3].GetProperty("value").GetDouble());
        Assert.AreEqual(42, evaluation.GetProperty("origin").GetProperty("seed").GetInt32());
        Assert.AreEqual(
            JsonValueKind.Null, evaluation.GetProperty("synthetic")[0].GetProperty("scores").GetProperty(
                "total_variation_complement").ValueKind);
        Assert.IsFalse(evaluation.TryGetProperty("map", out _));
        Assert.AreEqual(1, evaluation.GetProperty("synthetic")[0].GetProperty("classes")[0].GetProperty("near_copies").GetDouble());
        JsonElement[] summaries = [.. root.GetProperty("summaries").EnumerateArray()];
        Assert.AreEqual(8 * 7 * 3, summaries.Length);
        foreach ((JsonElement actual, ScoreSummary expected) in summaries.Zip(ScoreSummary.Of(data)))
            Assert.AreEqual(expected.Difference?.Low, actual.GetProperty("difference") is { ValueKind: JsonValueKind.Object } difference
                ? difference.GetProperty("low").GetDouble() : null);
    }

    [TestMethod]
    public void Curves_go_through_the_points_of_a_written_out_example()
    {
        double[,] probabilities = { { 0.1, 0.9 }, { 0.2, 0.8 }, { 0.2, 0.8 }, { 0.7, 0.3 }, { 0.9, 0.1 } };
        IReadOnlyList<ReportCurve> curves = ReportCurve.Of("m", "c", probabilities, [1, 0, 1, 1, 0], 1);
        Assert.AreSequenceEqual([0, 0, 0.5, 0.5, 1], curves[0].X.ToArray());
        Assert.AreSequenceEqual([0, 1 / 3.0, 2 / 3.0, 1, 1], curves[0].Y.ToArray());
        Assert.AreSequenceEqual([1 / 3.0, 2 / 3.0, 1, 1], curves[1].X.ToArray());
        Assert.AreSequenceEqual([1, 2 / 3.0, 0.75, 0.6], curves[1].Y.ToArray());
        Assert.AreSequenceEqual([0.1, 0.3, 0.8, 0.8, 0.9], curves[2].X.ToArray());
        Assert.IsEmpty(ReportCurve.Of("m", "c", probabilities, [1, 1, 1, 1, 1], 1));
        Assert.IsTrue(ReportCurve.Of("m", "c", new double[1000, 3], [.. Enumerable.Range(0, 1000).Select(i => i % 3)], 0)
            .All(curve => curve.X.Count <= 120));
    }

    [TestMethod]
    public void The_map_finds_the_direction_in_which_rows_vary()
    {
        double[,] values = new double[50, 3];
        for (int i = 0; i < 50; i++)
            (values[i, 0], values[i, 1], values[i, 2]) = (i, 2 * i + (i % 2 == 0 ? 0.1 : -0.1), i % 7);
        Table table = Table.FromArrays(values, [.. Enumerable.Range(0, 50).Select(i => i % 2 == 0 ? "a" : "b")]);
        RowMap map = RowMap.Of(table, new double[50]);
        Assert.AreEqual(2 / 3.0, map.VarianceShares[0], 0.02);
        Assert.AreEqual(1 / 3.0, map.VarianceShares[1], 0.02);
        Assert.IsGreaterThan(2, map.Points[49].X - map.Points[0].X);
        Assert.ThrowsExactly<ArgumentException>(() => RowMap.Of(table, [1]));
        RowMap flat = RowMap.Of(Table.FromArrays(new double[,] { { 1 }, { 1 } }, ["a", "b"]), [0, 0]);
        Assert.IsTrue(flat.Points.All(point => point is { X: 0, Y: 0 }));
    }

    static ReportData Bare() => SampleReport.Make(methods: 1)
        with
    { Curves = [], Entropies = [], Map = null, Losses = [], Synthetic = [], Scores = [] };

    static string Text(ReportData data) => Parse(HtmlReport.Render(data)).Root!.Value;

    static XDocument Parse(string page)
    {
        using XmlReader reader =
            XmlReader.Create(new StringReader(page), new() { DtdProcessing = DtdProcessing.Ignore, XmlResolver = null });
        return XDocument.Load(reader);
    }
}
