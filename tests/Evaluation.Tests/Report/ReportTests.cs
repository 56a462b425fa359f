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
        foreach (ReportData data in (ReportData[])[SampleReport.Make(), SampleReport.Make(optimistic: true), SampleReport.Make(column: SampleReport.Hostile), Bare()])
        {
            string page = HtmlReport.Render(data);
            XDocument document = Parse(page);
            Assert.IsEmpty(document.Descendants().Where(element => element.Name.LocalName is "script" or "img" or "link" or "iframe" or "object" or "image" or "use"));
            Assert.IsEmpty(document.Descendants().Attributes().Where(attribute => attribute.Name.LocalName is "src" or "href" || attribute.Name.LocalName.StartsWith("on", StringComparison.Ordinal)));
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
    }

    [TestMethod]
    public void The_tables_hold_the_numbers_given()
    {
        ReportData data = SampleReport.Make();
        XDocument document = Parse(HtmlReport.Render(data));
        string[] cells = [.. document.Descendants("td").Select(cell => cell.Value)];
        foreach (ScoreSummary summary in ScoreSummary.Of(data))
        {
            double[] values = [.. data.Scores.Where(score => (score.Method, score.Classifier, score.Metric) == (summary.Method, summary.Classifier, summary.Metric)).Select(score => score.Value)];
            Assert.AreEqual(values.Average(), summary.Mean, 1e-12);
            string shown = $"{HtmlText.Number(values.Average())} \u00B1 {HtmlText.Number(Math.Sqrt(values.Sum(value => Math.Pow(value - values.Average(), 2)) / 4))}";
            if (summary.Difference is { } difference)
                shown += $"{HtmlText.Signed(difference.Mean)}[{HtmlText.Signed(difference.Low)}, {HtmlText.Signed(difference.High)}]";
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
        Assert.Contains("Better than none: F1 macro (leo); G-mean (cvae, leo). On the other 5 measures no method is. Worse than none: Brier score (smote).", text);
        Assert.Contains("No method differs from none by more than chance on balanced accuracy, AUC macro, AUPRC macro, expected calibration error.", text);
        Assert.Contains("G-mean: better than none: cvae, leo with mlp (+0.0", text);
        Assert.Contains("Brier score: worse than none: smote with mlp (+0.0", text);
        Assert.Contains("F1 macro: better than none: leo with mlp (+0.0", text);
        Assert.DoesNotContain("Optimistic", text);

        text = Text(SampleReport.Make(helps: false));
        Assert.Contains("No sign that oversampling helps on this table: no method is better than none on any measure by more than chance.", text);
        Assert.DoesNotContain("etter than none:", text);
        Assert.Contains("Optimistic, as published.", Text(SampleReport.Make(optimistic: true)));
        Assert.Contains("Only none was evaluated; there is nothing to compare.", Text(SampleReport.Make(methods: 1)));
    }

    [TestMethod]
    public void Decisions_that_a_threshold_would_better_as_well_are_called_that()
    {
        const string Sentence = "Only untuned decisions are: tuned ones, which need no synthetic rows, are no better than with none.";
        ReportData data = SampleReport.Make();
        Assert.DoesNotContain(Sentence, Text(data));

        // Tuned decisions that are no better than none's, then such that are.
        ReportData tuned = data with { Metrics = [.. data.Metrics, new("f1_macro_tuned", "tuned F1 macro", true)] };
        Assert.Contains(Sentence, Text(tuned with { Scores = [.. data.Scores, .. data.Scores.Where(score => score.Metric == "auc_macro").Select(score => score with { Metric = "f1_macro_tuned" })] }));
        Assert.DoesNotContain(Sentence, Text(tuned with { Scores = [.. data.Scores, .. data.Scores.Where(score => score.Metric == "f1_macro").Select(score => score with { Metric = "f1_macro_tuned" })] }));
        Assert.DoesNotContain(Sentence, Text(SampleReport.Make(helps: false) with { Metrics = tuned.Metrics }));
    }

    [TestMethod]
    public void Numbers_of_an_axis_have_room_beside_each_other()
    {
        for (double end = 0.02; end < 3; end *= 1.03)
        {
            PairedInterval interval = new(0, -0.6 * end, end, 1);
            XElement svg = XElement.Parse(Chart.Intervals([("leo", interval, "none")], "difference").ToSvg("differences"));
            double[] at = [.. svg.Descendants("text").Where(text => char.IsDigit(text.Value[^1])).Select(text => double.Parse(text.Attribute("x")!.Value, CultureInfo.InvariantCulture))];
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
        foreach (string part in (string[])["The positive class is dead.", "Positive: dead. Rows as predicted by the folds that tested them, first repeat.", "without prior correction", "first fold"])
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
        ReportScore[] scores = [.. data.Methods.SelectMany((method, m) => none.Select((_, fold) => new ReportScore(method, "mlp", "f1_macro", 0, fold, (m == 0 ? none : weights)[fold])))];
        ScoreSummary summary = ScoreSummary.Of(data with { Scores = scores }).Single(summary => summary is { Method: "weights", Classifier: "mlp", Metric: "f1_macro" });
        Assert.AreEqual(0.05, summary.Difference!.Mean, 1e-12);
        Assert.AreEqual(0, summary.Sign);
    }

    [TestMethod]
    public void Nothing_is_said_of_differences_to_what_was_not_evaluated()
    {
        ReportData data = SampleReport.Make();
        ReportData without = data with { Methods = [.. data.Methods.Skip(1)], Scores = [.. data.Scores.Where(score => score.Method != "none")] };
        foreach ((ReportData some, string answer) in ((ReportData, string)[])[
            (without, "none was not evaluated: there is nothing to compare the methods with."), (SampleReport.Make(methods: 1), "Only none was evaluated; there is nothing to compare.")])
        {
            Assert.AreSequenceEqual([answer], Verdict.Of(some, ScoreSummary.Of(some)).ToArray());
            string text = Text(some);
            Assert.Contains(answer, text);
            foreach (string comparison in (string[])["No sign", "no method", "difference to", "Better"])
                Assert.DoesNotContain(comparison, text);
        }
    }

    [TestMethod]
    public void A_single_fold_proves_nothing_and_undefined_scores_are_left_out()
    {
        ReportData data = SampleReport.Make();
        ReportData one = data with { Scores = [.. data.Scores.Where(score => score.Fold == 0)] };
        Assert.IsTrue(ScoreSummary.Of(one).All(summary => summary.Sign == 0));
        Assert.Contains("No sign that oversampling helps", Text(one));
        ReportData undefined = data with { Scores = [.. data.Scores.Select(score => score.Fold == 0 ? score with { Value = double.NaN } : score)] };
        Assert.IsTrue(ScoreSummary.Of(undefined).All(summary => double.IsFinite(summary.Mean)));
        ReportData none = data with { Scores = [] };
        Assert.Contains("\u2013 \u00B1 \u2013", Text(none));
    }

    [TestMethod]
    public void The_same_data_give_the_same_bytes_in_any_culture()
    {
        // Tests run in a hostile culture: what was written there must be what the invariant one writes.
        (string page, string json, CultureInfo hostile) = (HtmlReport.Render(SampleReport.Make()), ResultsJson.Render(SampleReport.Make()), CultureInfo.CurrentCulture);
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
        Assert.AreEqual(JsonValueKind.Null, evaluation.GetProperty("synthetic")[0].GetProperty("scores").GetProperty("total_variation_complement").ValueKind);
        Assert.IsFalse(evaluation.TryGetProperty("map", out _));
        JsonElement[] summaries = [.. root.GetProperty("summaries").EnumerateArray()];
        Assert.AreEqual(8 * 7 * 3, summaries.Length);
        foreach ((JsonElement actual, ScoreSummary expected) in summaries.Zip(ScoreSummary.Of(data)))
            Assert.AreEqual(expected.Difference?.Low, actual.GetProperty("difference") is { ValueKind: JsonValueKind.Object } difference ? difference.GetProperty("low").GetDouble() : null);
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
        Assert.IsTrue(ReportCurve.Of("m", "c", new double[1000, 3], [.. Enumerable.Range(0, 1000).Select(i => i % 3)], 0).All(curve => curve.X.Count <= 120));
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

    static ReportData Bare() => SampleReport.Make(methods: 1) with { Curves = [], Entropies = [], Map = null, Losses = [], Synthetic = [], Scores = [] };

    static string Text(ReportData data) => Parse(HtmlReport.Render(data)).Root!.Value;

    static XDocument Parse(string page)
    {
        using XmlReader reader = XmlReader.Create(new StringReader(page), new() { DtdProcessing = DtdProcessing.Ignore, XmlResolver = null });
        return XDocument.Load(reader);
    }
}
