using System.Text.Json;
using System.Xml.Linq;

namespace LeoCvae.Cli.Tests;

[TestClass]
public class EvaluateTests : CliTest
{
    const string Quick = "--methods none,smote,leo --classifiers logreg --folds 3";

    [TestInitialize]
    public void WriteTable() => Write("table.csv", Samples.Table);

    [TestMethod]
    public void It_writes_a_report_and_results_and_says_what_helps_the_same_for_any_number_of_threads()
    {
        Outcome outcome = Done($"evaluate table.csv --target kind {Quick} --report report.html --results results.json --threads 1");
        foreach (string part in (string[])["9 of 9 fits", "logreg: means over folds", "f1_macro", "wrote report.html",
            "wrote results.json"])
            Assert.Contains(part, outcome.Output);
        JsonElement spoken = Json($"evaluate table.csv {Quick} --report report2.html --results results2.json --threads 2");
        Assert.AreEqual(Read("report.html"), Read("report2.html"));
        Assert.AreEqual(Read("results.json"), Read("results2.json"));

        string sentence = spoken.GetProperty("summary")[0].GetString()!;
        Assert.Contains(sentence, outcome.Output);
        string page =
            string.Concat(XDocument.Parse(Read("report.html")).Root!.DescendantNodes().OfType<XText>().Select(text => text.Value));
        foreach (string part in (string[])[sentence, "table.csv", "leo", "smote", "common", "rare", "odd"])
            Assert.Contains(part, page);
        using JsonDocument results = JsonDocument.Parse(Read("results.json"));
        Assert.AreEqual(3 * 3, results.RootElement.GetProperty("evaluation").GetProperty("scores").EnumerateArray()
            .Count(score => score.GetProperty("metric").GetString() == "f1_macro"));
        JsonElement synthetic = results.RootElement.GetProperty("evaluation").GetProperty("synthetic");
        Assert.AreEqual(2, synthetic.GetArrayLength());
        // Attacks: said, in the report, in the results; of a model its seeds are decoded.
        Assert.Contains("attacks on the training rows of the first fold", outcome.Output);
        Assert.Contains("Attacks on the training rows", page);
        JsonElement attacks = synthetic[1].GetProperty("attacks");
        Assert.AreEqual(JsonValueKind.Null, synthetic[0].GetProperty("attacks").GetProperty("decode").ValueKind);
        Assert.IsGreaterThan(0, attacks.GetProperty("decode").GetProperty("seeds").GetDouble());
        Assert.IsGreaterThanOrEqualTo(0, attacks.GetProperty("holdout").GetProperty("within_half").GetDouble());
    }

    [TestMethod]
    public void A_table_with_categories_and_missing_values_is_evaluated_by_the_methods_that_take_them()
    {
        Random random = new(4);
        string Row(int i) => string.Join(',', $"n-{i}", i % 7 == 0 ? "" : i % 3 == 0 || random.Next(4) == 0 ? "Ulm" : "Bonn",
            random.Next(6) == 0 ? "" : $"{30 + random.Next(40)}", $"2024-0{1 + random.Next(9)}-1{random.Next(9)}",
            i % 3 == 0 ? "ill" : "well");
        Write("mixed.csv", "name,city,age,seen,kind\n" + string.Concat(Enumerable.Range(0, 90).Select(i => Row(i) + "\n")));
        Outcome outcome = Done("evaluate mixed.csv --classifiers logreg --folds 2 --select 2 --report report.html --results results.json");
        foreach (string part in (string[])["without bsmote and adasyn", "smote is SMOTE-NC", "or its most frequent category"])
            Assert.Contains(part, outcome.Output);
        using JsonDocument results = JsonDocument.Parse(Read("results.json"));
        JsonElement evaluation = results.RootElement.GetProperty("evaluation");
        Assert.AreSequenceEqual((string[])["none", "weights", "ros", "smote", "cvae", "leo"],
            evaluation.GetProperty("methods").EnumerateArray().Select(name => name.GetString()));
        Assert.AreEqual(3, evaluation.GetProperty("origin").GetProperty("columns").GetInt32(), "names of rows are no feature");
        JsonElement leo = evaluation.GetProperty("synthetic").EnumerateArray()
            .Single(made => made.GetProperty("method").GetString() == "leo");
        Assert.AreEqual(0, leo.GetProperty("scores").GetProperty("invalid_values").GetDouble());
        Assert.AreEqual(2, leo.GetProperty("columns").GetArrayLength());
        Assert.Contains("3 columns, 1 of categories", Read("report.html"));

        Outcome refused = Run("evaluate mixed.csv --methods none,adasyn --classifiers logreg");
        Assert.AreEqual(1, refused.ExitCode);
        Assert.Contains("method 'adasyn': got categories in 'city'", refused.Error);
    }

    [TestMethod]
    public void Rows_of_the_saved_and_reloaded_model_have_the_scores_of_those_that_never_left_memory()
    {
        Done("evaluate table.csv --methods none,leo,leo-model,ros --classifiers logreg --folds 3 --results results.json");
        using JsonDocument results = JsonDocument.Parse(Read("results.json"));
        JsonElement evaluation = results.RootElement.GetProperty("evaluation");
        foreach (string part in (string[])["scores", "synthetic_only", "synthetic"])
        {
            string[] Of(string method) => [.. evaluation.GetProperty(part).EnumerateArray()
                .Where(entry => entry.GetProperty("method").GetString() == method)
                .Select(entry => entry.GetRawText().Replace(method, "", StringComparison.Ordinal))];
            Assert.IsNotEmpty(Of("leo"));
            Assert.AreSequenceEqual(Of("leo"), Of("leo-model"));
            Assert.AreNotSequenceEqual(Of("leo"), Of("ros"));
        }
        NoTemporaryFiles();
    }

    [TestMethod]
    public void The_saved_and_reloaded_model_takes_a_place_for_temporary_files()
    {
        SetEnvironment($"TMPDIR={At("gone")}");
        Outcome refused = Run($"evaluate table.csv {Quick.Replace("leo", "leo-model", StringComparison.Ordinal)}");
        Assert.AreEqual(1, refused.ExitCode);
        Assert.Contains($"folder '{At("gone")}", refused.Error);
    }

    [TestMethod]
    public void Replicates_average_classifiers_of_several_samples_for_every_method()
    {
        const string Command = "evaluate table.csv --methods none,smote --classifiers logreg --folds 3";
        Outcome three = Done($"{Command} --replicates 3 --report report.html --results three.json"), one =
            Done($"{Command} --replicates 1 --results one.json");
        Assert.Contains("note: each score is of 3 classifiers, trained on bootstrap samples of the training rows", three.Output);
        Assert.Contains("Replicates", Read("report.html"));
        Assert.DoesNotContain("bootstrap", one.Output);
        Done($"{Command} --results plain.json");
        Assert.AreEqual(Read("plain.json"), Read("one.json"));
        using JsonDocument many = JsonDocument.Parse(Read("three.json")), single = JsonDocument.Parse(Read("one.json"));
        string[] Scores(JsonDocument results, string method) =>
            [.. results.RootElement.GetProperty("evaluation").GetProperty("scores").EnumerateArray()
                .Where(score => score.GetProperty("method").GetString() == method).Select(score => score.GetRawText())];
        foreach (string method in (string[])["none", "smote"])
            Assert.AreNotSequenceEqual(Scores(single, method), Scores(many, method));
        Outcome refused = Run("evaluate table.csv --replicates 0");
        Assert.AreEqual(1, refused.ExitCode);
        Assert.Contains("--replicates: got 0, expected 1 to 1000", refused.Error);
    }

    [TestMethod]
    public void Missing_values_are_imputed_and_counted_the_same_for_any_number_of_threads()
    {
        string[] missing = ["", "NA", "NaN", " "];
        Write("holes.csv", Samples.Table.Split('\n')[0] + "\n" + string.Join('\n',
            Samples.Lines.Select((line, row) => row % 5 == 0 ? missing[row / 5 % 4] + line[line.IndexOf(',')..] : line)) + "\n");
        Outcome outcome = Done($"evaluate holes.csv {Quick} --report report.html --results results.json --threads 1");
        Assert.Contains("note: 16 of 228 cells are missing, in 1 of 3 columns; imputed: each is the median of its column over the " +
            "training rows of the fold", outcome.Output);
        Assert.DoesNotContain("NaN", outcome.Output + Read("report.html"));
        JsonElement spoken = Json($"evaluate holes.csv {Quick} --report report2.html --results results2.json --threads 2");
        Assert.AreEqual(16, spoken.GetProperty("missing_cells").GetInt32());
        Assert.IsTrue(spoken.GetProperty("means").EnumerateArray().All(mean => mean.GetProperty("mean").ValueKind == JsonValueKind.Number));
        Assert.AreEqual(Read("report.html"), Read("report2.html"));
        Assert.AreEqual(Read("results.json"), Read("results2.json"));

        Fault($"evaluate holes.csv {Quick} --missing refuse", "row 1 (line 2)", "column 'length'", "as in 16 of 76 rows");
    }

    [TestMethod]
    [DataRow("a,b,y\n1,2,p\n3,,\n", "row 2 (line 3)", "column 'y'", "empty label")]
    [DataRow("a,b,y\n1,2,p\n3,4,NA\n", "row 2 (line 3)", "column 'y'", "'NA'", "class name")]
    [DataRow("a,b,y\n1,2,p\n3,1e999,q\n", "row 2 (line 3)", "column 'b'", "'1e999'")]
    public void What_cannot_be_imputed_is_refused(string table, params string[] said)
    {
        Write("bad.csv", table);
        Fault("evaluate bad.csv --folds 2", ["bad.csv", .. said]);
        Refuse(1, ["evaluate", "-", "--folds", "2"], table, ["standard input", .. said]);
    }

    [TestMethod]
    public void Measures_of_one_class_are_about_the_class_that_is_asked_for()
    {
        double[] Means(string options)
        {
            Done($"evaluate table.csv --methods none --classifiers logreg --folds 3 --results results.json --overwrite {options}"
                .TrimEnd());
            using JsonDocument results = JsonDocument.Parse(Read("results.json"));
            return [.. results.RootElement.GetProperty("summaries").EnumerateArray()
                .Where(summary => summary.GetProperty("metric").GetString() == "f1_positive")
                .Select(summary => summary.GetProperty("mean").GetDouble())];
        }
        // Of three classes none is the positive one by itself.
        Assert.IsEmpty(Means(""));
        Assert.Contains("\"positive_class\": null", Read("results.json"));
        Assert.AreNotEqual(Means("--positive odd").Single(), Means("--positive common").Single());
        Assert.Contains("\"positive_class\": \"common\"", Read("results.json"));
    }

    [TestMethod]
    public void Blanks_around_names_are_no_part_of_them()
    {
        Outcome outcome =
            Cli.Run(At(), ["evaluate", "table.csv", "--methods", "none, ros", "--classifiers", " logreg ,forest", "--folds", "3"]);
        Assert.AreEqual(0, outcome.ExitCode, outcome.Error);
        Assert.Contains("12 of 12 fits", outcome.Output);
    }

    [TestMethod]
    public void Without_none_nothing_is_said_to_help_or_not()
    {
        Outcome outcome = Done("evaluate table.csv --methods ros,smote --classifiers logreg --folds 3");
        Assert.Contains("none was not evaluated", outcome.Output);
        foreach (string comparison in (string[])["no sign", "better", "worse"])
            Assert.DoesNotContain(comparison, outcome.Output);
    }

    [TestMethod]
    public void The_papers_protocol_is_marked_as_optimistic()
    {
        Outcome outcome = Done("evaluate table.csv --protocol paper --methods none --folds 2 --results results.json");
        Assert.Contains("optimistic, as published", outcome.Output);
        Assert.Contains("mlp: means over folds", outcome.Output);
        Assert.Contains("optimistic, as published", Read("results.json"));
    }

    [TestMethod]
    [DataRow("--methods none,smite", "--methods: got method 'smite', expected one of none, ", "bsmote")]
    [DataRow("--methods none,none", "--methods", "'none' is given twice")]
    [DataRow("--classifiers svm", "--classifiers: got classifier 'svm', expected one of mlp, logreg, lightgbm, forest")]
    [DataRow("--protocol papers", "--protocol", "'papers'", "default or paper")]
    [DataRow("--folds 1", "--folds: got 1, expected 2 to 1000")]
    [DataRow("--folds 1001", "--folds: got 1001, expected 2 to 1000")]
    [DataRow("--folds 2.5", "--folds: got '2.5', expected a whole number")]
    [DataRow("--repeats 1001", "--repeats: got 1001, expected 1 to 1000")]
    [DataRow("--folds 77 --methods none --classifiers logreg", "76 rows for 77 folds")]
    [DataRow("--repeats 0", "--repeats: got 0, expected 1 to 1000")]
    [DataRow("--select -1", "--select: got -1, expected 0 (all features) or more")]
    [DataRow("--positive od", "--positive", "unknown class 'od'", "'common', 'rare', 'odd'")]
    [DataRow("--report taken.html", "'taken.html' exists already")]
    [DataRow("--report -", "--report", "'-'", "a file's path")]
    [DataRow("--results -", "--results", "'-'", "a file's path")]
    [DataRow("--results ", "--results", "''", "a file's path")]
    [DataRow("--results none/results.json", "'none/results.json'", "doesn't exist")]
    public void Wrong_values_are_refused_in_one_line(string options, params string[] said)
    {
        Write("taken.html", "");
        Fault($"evaluate table.csv {options}", said);
    }

    [TestMethod]
    public void A_single_class_has_no_others_that_are_too_small()
    {
        Write("one.csv", "a,y\n1,p\n2,p\n3,p\n");
        Outcome outcome = Run("evaluate one.csv --folds 3");
        Assert.AreEqual(1, outcome.ExitCode);
        Assert.EndsWith("only the class 'p' to train on, expected at least two\n", outcome.Error);
    }

    [TestMethod]
    public void Test_rows_that_equal_training_rows_are_told_and_can_be_kept_together()
    {
        // Random labels, each row four times: only its copies tell a row's class.
        Random random = new(1);
        string[] rows = [.. Enumerable.Range(0, 30).Select(_ =>
            FormattableString.Invariant($"{random.NextDouble():F3},{random.NextDouble():F3},{(random.Next(2) == 0 ? "a" : "b")}"))];
        Write("copies.csv", "x,z,y\n" + string.Join('\n', Enumerable.Repeat(rows, 4).SelectMany(copy => copy)) + "\n");
        const string Note = "test rows equal a training row";
        Outcome apart = Done("evaluate copies.csv --methods none --classifiers forest --results apart.json");
        Assert.Contains("120 of 120 " + Note, apart.Output);
        Assert.Contains("--group-duplicates", Read("apart.json"));
        Outcome together = Done("evaluate copies.csv --methods none --classifiers forest --results together.json --group-duplicates");
        Assert.DoesNotContain(Note, together.Output + Read("together.json"));
        Assert.IsGreaterThan(0.95, Auc("apart.json"));
        Assert.IsLessThan(0.85, Auc("together.json"));

        double Auc(string file)
        {
            using JsonDocument results = JsonDocument.Parse(Read(file));
            return results.RootElement.GetProperty("summaries").EnumerateArray()
                .Single(summary => summary.GetProperty("metric").GetString() == "auc_macro").GetProperty("mean").GetDouble();
        }
    }

    [TestMethod]
    public void Measures_that_folds_of_one_row_leave_undefined_are_named_and_nothing_is_claimed_of_them()
    {
        Outcome outcome = Done("evaluate table.csv --methods none,smote --classifiers logreg --folds 76 --results results.json");
        Assert.Contains("note: not defined in any fold, so nothing is said of them: AUC macro,", outcome.Output);
        using JsonDocument results = JsonDocument.Parse(Read("results.json"));
        Assert.DoesNotContain("AUC macro", results.RootElement.GetProperty("verdict").ToString());
    }

    [TestMethod]
    public void Of_many_columns_for_the_rows_it_says_how_to_keep_few()
    {
        string cells = string.Join(',', Enumerable.Range(0, 130).Select(j => $"g{j}"));
        Write("wide.csv", cells + ",y\n" + string.Concat(Enumerable.Range(0, 12)
            .Select(i => string.Join(',', Enumerable.Range(0, 130).Select(j => (i * 37 + j * 11) % 17)) + (i % 3 == 0 ? ",a\n" : ",b\n"))));
        Assert.Contains("130 columns for 12 rows take long: --select 64",
            Done("evaluate wide.csv --methods none --classifiers forest --folds 2").Output);
        Assert.DoesNotContain("take long", Done("evaluate wide.csv --methods none --classifiers forest --folds 2 --select 5").Output);
    }

    [TestMethod]
    public void Two_files_at_one_place_are_refused() =>
        Misuse("evaluate table.csv --report same --results ./same", "--report", "--results");

    [TestMethod]
    public void The_table_is_not_replaced_by_what_is_said_of_it()
    {
        Misuse("evaluate table.csv --report ./table.csv --overwrite", "DATA", "--report");
        Misuse("train table.csv --model new --log-losses table.csv --overwrite", "DATA", "--log-losses");
        Misuse("oversample table.csv --out new.csv --log-losses table.csv --overwrite", "DATA", "--log-losses");
    }
}
