using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace LeoCvae.Cli.Tests;

/// <summary>Evaluations of a plan in tasks, each as if on a machine of its own.</summary>
[TestClass]
[DoNotParallelize]
public class SweepTests : CliTest
{
    const string Small = """
        {"runs": [{"data": "table.csv", "methods": ["none", "smote"], "classifiers": ["logreg"], "folds": 2}]}
        """;

    [TestInitialize]
    public void WriteTables()
    {
        Write("table.csv", Samples.Table);
        Random random = new(4);
        Write("mixed.csv", "patient,city,age,seen,kind\n" + string.Concat(Enumerable.Range(0, 60).Select(i => string.Join(',', $"n-{i / 2}",
            i % 7 == 0 ? "" : i % 3 == 0 || random.Next(4) == 0 ? "Ulm" : "Bonn", random.Next(6) == 0 ? "" : $"{30 + random.Next(40)}",
            $"2024-0{1 + random.Next(9)}-1{random.Next(9)}", i % 3 == 0 ? "ill" : "well") + "\n")));
        Write("plan.json", Small);
    }

    // A run within the tests' process that does what it should.
    Outcome Quick(string line)
    {
        Outcome outcome = InProcess.Run(At(), line.Split(' '));
        Assert.AreEqual(0, outcome.ExitCode, $"leocvae {line}: {outcome.Error}");
        return outcome;
    }

    void Refused(string line, params string[] said) => AssertRefused(1, line.Split(' '), InProcess.Run, said);

    static string Part(int task) => string.Create(CultureInfo.InvariantCulture, $"parts/task-{task:D6}.json");

    [TestMethod]
    public void Sixty_three_tasks_one_by_one_in_any_order_give_what_evaluate_writes_byte_for_byte()
    {
        Directory.CreateDirectory(At("plans"));
        Write("plans/plan.json", """
            {
              "defaults": {"methods": ["none", "weights", "ros"], "classifiers": ["logreg", "forest"], "folds": 2, "data": "../table.csv"},
              "runs": [
                {"name": "many", "repeats": 3, "seeds": [42, 7]},
                {"methods": ["none", "leo"], "classifiers": "logreg", "seeds": [18446744073709551615]},
                {"data": "../mixed.csv", "target": "kind", "groups": "patient", "methods": "none,smote,leo", "select": 2, "positive": "ill",
                  "classifiers": ["logreg"], "folds": 3},
                {"name": "replicates", "replicates": 2, "methods": ["smote"], "classifiers": ["logreg"], "group_duplicates": true},
                {"name": "paper", "protocol": "paper", "methods": ["none", "adasyn"], "classifiers": ["logreg"], "select": "2"},
                {"name": "columns", "drop": ["share"], "categories": ["count"], "methods": ["none", "smote"], "classifiers": ["logreg"],
                  "no_constraints": true, "yes": true, "missing": "refuse", "repeats": 2}
              ]
            }
            """);
        using JsonDocument list = JsonDocument.Parse(Quick("sweep plans/plan.json --list --json").Output);
        int tasks = list.RootElement.GetProperty("tasks").GetInt32();
        Assert.AreEqual(36 + 4 + 9 + 2 + 4 + 8, tasks);
        Assert.AreEqual(tasks, list.RootElement.GetProperty("list").GetArrayLength());
        for (int task = tasks - 1; task >= 0; task--)
        {
            Quick($"sweep plans/plan.json --task {task} --out parts --quiet --threads 1");
            Assert.HasCount(tasks - task, Directory.GetFiles(At("parts")));
        }
        Quick("sweep plans/plan.json --collect parts --out results");
        const string Many = "table.csv --methods none,weights,ros --classifiers logreg,forest --folds 2 --repeats 3";
        (string Name, string Line)[] alone = [
            ("many-seed-42", Many),
            ("many-seed-7", $"{Many} --seed 7"),
            ("table", "table.csv --methods none,leo --classifiers logreg --folds 2 --seed 18446744073709551615"),
            ("mixed", "mixed.csv --target kind --groups patient --methods none,smote,leo --select 2 --positive ill --classifiers logreg " +
                "--folds 3"),
            ("replicates", "table.csv --replicates 2 --methods smote --classifiers logreg --folds 2 --group-duplicates"),
            ("paper", "table.csv --protocol paper --methods none,adasyn --classifiers logreg --select 2 --folds 2"),
            ("columns", "table.csv --drop share --categories count --methods none,smote --classifiers logreg --folds 2 --repeats 2 " +
                "--no-constraints"),
        ];
        foreach ((string name, string line) in alone)
        {
            Quick($"evaluate {line} --results alone.json --report alone.html --overwrite");
            Assert.AreEqual(Read("alone.json"), Read($"results/{name}.json"), name);
            Assert.AreEqual(Read("alone.html"), Read($"results/{name}.html"), name);
        }
        Assert.HasCount(2 * alone.Length, Directory.GetFiles(At("results")));

        // What is done stays: a second round writes nothing.
        string before = Snapshot();
        DateTime[] Times() => [.. Directory.GetFiles(At("parts")).Concat(Directory.GetFiles(At("results"))).Order(StringComparer.Ordinal)
            .Select(File.GetLastWriteTimeUtc)];
        DateTime[] times = Times();
        Assert.AreEqual(tasks, Quick($"sweep plans/plan.json --task 0-{tasks - 1} --out parts").Output.Split("nothing to do: ").Length - 1);
        Assert.Contains("results/paper.html is there already", Quick("sweep plans/plan.json --collect parts --out results").Output);
        Assert.AreEqual(before, Snapshot());
        Assert.AreSequenceEqual(times, Times());
    }

    [TestMethod]
    public void A_part_that_is_cut_off_or_changed_is_done_again_and_never_collected()
    {
        JsonElement first = Json("sweep plan.json --task 0-3 --out parts").GetProperty("done");
        Assert.IsTrue(first.EnumerateArray().All(done => done.GetProperty("made").GetBoolean()));
        string whole = Read(Part(1)), before = Snapshot();
        string[] damaged = ["", whole[..1], whole[..(whole.Length / 2)], whole[..^1], whole + " ", "{}\n",
            whole.Replace("\"task\":1", "\"task\":2", StringComparison.Ordinal), whole.Replace("0.", "1.", StringComparison.Ordinal),
            whole[..^5] + (whole[^5] == '0' ? '1' : '0') + whole[^4..]];
        foreach (string text in damaged)
        {
            Assert.AreNotEqual(whole, text);
            Write(Part(1), text);
            Refused("sweep plan.json --collect parts --out results",
                "'parts': 1 of 4 tasks are not done: 1 (damaged: 1); give them to --task");
            Outcome again = Quick("sweep plan.json --task 0-3 --out parts");
            Assert.Contains($"{Part(1)} is made anew: it was cut off or changed", again.Output);
            Assert.AreEqual(3, again.Output.Split("nothing to do: ").Length - 1);
            Assert.AreEqual(before, Snapshot());
        }
    }

    [TestMethod]
    public void Parts_of_another_plan_table_task_or_version_are_refused_by_name()
    {
        Done("sweep plan.json --task 0-1 --out parts");
        Quick("sweep plan.json --task 2,3 --out parts");
        string plan = Read("plan.json");
        foreach (string line in (string[])["sweep plan.json --task 0 --out parts", "sweep plan.json --collect parts --out results"])
        {
            Write("plan.json", plan.Replace("}]", ", \"seeds\": [1]}]", StringComparison.Ordinal));
            Refused(line, $"'{Part(0)}' is of another plan (SHA-256 ", ") than plan.json (", "give another folder or --overwrite");
            Write("plan.json", plan);
            Write("table.csv", Samples.Table.Replace("10.5", "10.6", StringComparison.Ordinal) + Samples.Lines[0] + "\n");
            Refused(line, $"'{Part(0)}' was made of another 'table.csv' (SHA-256 ");
            Write("table.csv", Samples.Table);
        }
        File.Copy(At(Part(0)), At(Part(1)), overwrite: true);
        Refused("sweep plan.json --task 1 --out parts", $"'{Part(1)}' is task 0 of the plan, expected task 1");
        // Another version, with a hash that is right.
        string old = Read(Part(0)).Replace("\"version\":\"", "\"version\":\"0.0.9-", StringComparison.Ordinal);
        int end = old.IndexOf(",\"sha256\":\"", old.LastIndexOf("\"kept\"", StringComparison.Ordinal), StringComparison.Ordinal);
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(old[..end])));
        Write(Part(0), $"{old[..end]},\"sha256\":\"{hash}\"}}\n");
        Refused("sweep plan.json --task 0 --out parts", $"'{Part(0)}' was made by version 0.0.9-");
        Quick("sweep plan.json --task 0,1 --out parts --overwrite");
        Quick("sweep plan.json --collect parts --out results");
    }

    [TestMethod]
    public void What_is_missing_is_said_in_one_line_that_the_next_run_takes()
    {
        Write("plan.json", Small.Replace("\"folds\": 2", "\"folds\": 5", StringComparison.Ordinal));
        Refused("sweep plan.json --collect parts --out results", "--collect: no such folder: 'parts'");
        Quick("sweep plan.json --task 4,0,7 --out parts");
        File.WriteAllText(At(Part(8)), "");
        Refused("sweep plan.json --collect parts --out results",
            "'parts': 7 of 10 tasks are not done: 1-3,5-6,8-9 (damaged: 8); give them to --task");
        Quick("sweep plan.json --task 1-3,5-6,8-9 --out parts");
        Quick("sweep plan.json --collect parts --out results");
        // Other results are kept unless they are to go.
        Write("results/table.html", "mine");
        Refused("sweep plan.json --collect parts --out results", "'results/table.html' exists already", "--overwrite");
        Assert.Contains("wrote results/table.html", Quick("sweep plan.json --collect parts --out results --overwrite").Output);
    }

    [TestMethod]
    public void The_example_of_the_documentation_does_what_it_says()
    {
        string text = File.ReadAllText(Path.Combine(Cli.Root, "docs", "scale.md")).ReplaceLineEndings("\n");
        text = text[text.IndexOf("\n## Sweeps\n", StringComparison.Ordinal)..];
        string Block(string kind) => text.Split($"```{kind}\n")[1].Split("```")[0];
        Write("sweep.json", Block("json"));
        foreach (string table in (string[])["loans.csv", "breast-cancer.csv"])
            File.Copy(Path.Combine(Cli.Root, "tools", "leocvae", "Demo", table), At(table));
        string[] lines = Block("sh").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.HasCount(4, lines);
        foreach (string line in lines)
        {
            Assert.StartsWith("leocvae ", line);
            Outcome outcome = Quick(line["leocvae ".Length..]);
            if (line.EndsWith("--list", StringComparison.Ordinal))
                Assert.AreEqual($"{36} tasks", outcome.OutputLines[0]);
        }
        Assert.Contains("here 36, and what each is", text);
        Assert.AreSequenceEqual(["cancer.html", "cancer.json", "loans-seed-1.html", "loans-seed-1.json", "loans-seed-2.html",
            "loans-seed-2.json"], Directory.GetFiles(At("results")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    public void A_task_that_is_killed_while_it_writes_leaves_nothing_in_the_way()
    {
        Done("sweep plan.json --task 0 --out whole");
        for (int i = 0; i < 3; i++)
        {
            Directory.CreateDirectory(At("parts"));
            using (Process process = Cli.Start(At(), "sweep plan.json --task 0 --out parts".Split(' ')))
            {
                while (!process.HasExited && !Directory.EnumerateFiles(At("parts")).Any())
                    Thread.Yield();
                process.Kill();
                process.WaitForExit();
            }
            Done("sweep plan.json --task 0 --out parts");
            Assert.AreEqual(Snapshot("whole"), Snapshot("parts"));
            Directory.Delete(At("parts"), recursive: true);
        }
    }

    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    public void The_environment_names_the_task_where_it_is_asked_to_and_only_there()
    {
        SetEnvironment("SLURM_ARRAY_TASK_ID=3 JOB_COMPLETION_INDEX=");
        Assert.Contains(Part(3), Done("sweep plan.json --task-from-env --out parts").Output);
        SetEnvironment("JOB_COMPLETION_INDEX=2 SLURM_ARRAY_TASK_ID=");
        Assert.Contains(Part(2), Done("sweep plan.json --task-from-env --out parts").Output);
        SetEnvironment("SLURM_ARRAY_TASK_ID=7 JOB_COMPLETION_INDEX=7");
        Assert.Contains(Part(0), Done("sweep plan.json --task 0 --out parts").Output);
        (string Environment, string Said)[] wrong = [
            ("SLURM_ARRAY_TASK_ID= JOB_COMPLETION_INDEX=", "--task-from-env: SLURM_ARRAY_TASK_ID and JOB_COMPLETION_INDEX are not set"),
            ("SLURM_ARRAY_TASK_ID=-1", "--task-from-env: got '-1' in SLURM_ARRAY_TASK_ID, expected a whole number"),
            ("SLURM_ARRAY_TASK_ID=1 JOB_COMPLETION_INDEX=2", "got 1 in SLURM_ARRAY_TASK_ID and 2 in JOB_COMPLETION_INDEX"),
            ("SLURM_ARRAY_TASK_ID=4", "--task-from-env: got 4, expected numbers from 0 to 3: the plan has 4 tasks"),
        ];
        foreach ((string environment, string said) in wrong)
        {
            SetEnvironment(environment);
            Outcome refused = Run("sweep plan.json --task-from-env --out parts");
            Assert.AreEqual(1, refused.ExitCode);
            Assert.Contains(said, refused.Error);
            Assert.HasCount(1, refused.ErrorLines);
        }
    }

    [TestMethod]
    [DataRow("sweep plan.json", "one of --list, --task, --task-from-env and --collect")]
    [DataRow("sweep plan.json --list --task 1", "one of --list, --task, --task-from-env and --collect")]
    [DataRow("sweep plan.json --task 1", "--out is missing")]
    [DataRow("sweep plan.json --collect parts", "--out is missing")]
    [DataRow("sweep plan.json --list --out parts", "--list writes nothing")]
    [DataRow("sweep plan.json --list --overwrite", "--list writes nothing; leave --overwrite out")]
    [DataRow("sweep plan.json --list --seed 1", "--seed: a plan has its own seeds")]
    [DataRow("sweep --list", "'sweep'")]
    public void Wrong_syntax_is_refused(string line, string said) => Misuse(line, said);

    [TestMethod]
    [DataRow("0-4", "got 4, expected numbers from 0 to 3: the plan has 4 tasks")]
    [DataRow("-1", "got '-1', expected the number of a task, or several such as 0,3-7")]
    [DataRow("3-1", "got '3-1'")]
    [DataRow("1,", "got '1,'")]
    [DataRow("one", "got 'one'")]
    [DataRow("1-2-3", "got '1-2-3'")]
    [DataRow("99999999999", "got '99999999999'")]
    public void Wrong_numbers_are_refused(string numbers, string said) =>
        Refused($"sweep plan.json --task={numbers} --out parts", $"--task: {said}");

    [TestMethod]
    public void Wrong_places_are_refused()
    {
        Refused("sweep none.json --list", "none.json is missing");
        Refused("sweep - --list", "PLAN.json: got '-', expected a file's path");
        Refused("sweep plan.json --task 0 --out table.csv", "--out: 'table.csv' is a file, expected a folder");
        Refused("sweep plan.json --task 0 --out -", "--out: got '-', expected a folder's path");
        Refused("sweep plan.json --collect table.csv --out results", "--collect: no such folder: 'table.csv'");
    }

    const string Data = "\"data\": \"table.csv\"", Methods = "\"methods\": [\"none\", \"smote\"]", Run0 = $"{{{Data}, {Methods}}}";

    [TestMethod]
    // The file.
    [DataRow("", "plan.json: ")]
    [DataRow("{", "plan.json: ")]
    [DataRow("{\"runs\": [], }", "plan.json: ")]
    [DataRow("[]", "plan.json: got an empty list, expected an object")]
    [DataRow("{}", "plan.json: runs: got none, expected a list of objects, at least one")]
    [DataRow("{\"runs\": []}", "plan.json: runs: got an empty list, expected a list of objects")]
    [DataRow("{\"runs\": {}}", "plan.json: runs: got an object")]
    [DataRow("{\"runs\": [3]}", "plan.json: runs[0]: got 3, expected an object")]
    [DataRow("{\"defaults\": null, \"runs\": [" + Run0 + "]}", "plan.json: defaults: got null, expected an object")]
    [DataRow("{\"run\": [" + Run0 + "]}", "plan.json: got the key 'run'; did you mean 'runs'?")]
    // Keys.
    [DataRow("{\"runs\": [" + Run0 + ", {" + Data + ", \"clasifiers\": [\"logreg\"]}]}",
        "plan.json: runs[1]: got the key 'clasifiers'; did you mean 'classifiers'?")]
    [DataRow("{\"defaults\": {\"name\": \"x\"}, \"runs\": [" + Run0 + "]}", "plan.json: defaults: got the key 'name', expected one of")]
    [DataRow("{\"runs\": [{" + Data + ", " + Methods + ", \"report\": \"a.html\"}]}", "plan.json: runs[0]: got the key 'report'")]
    [DataRow("{\"runs\": [{" + Data + ", " + Methods + ", \"seed\": 1}]}", "plan.json: runs[0]: got the key 'seed'; did you mean 'seeds'?")]
    [DataRow("{\"runs\": [{" + Data + ", " + Data + ", " + Methods + "}]}", "plan.json: ", "data")]
    [DataRow("{\"runs\": [{" + Methods + "}]}", "plan.json: runs[0]: 'data' is missing, expected it here or in defaults")]
    [DataRow("{\"runs\": [{" + Data + "}]}", "plan.json: runs[0]: 'methods' is missing")]
    // Names.
    [DataRow("{\"runs\": [" + Run0 + ", " + Run0 + ", {" + Data + ", \"methods\": [\"none\", \"smot\"]}]}",
        "plan.json: runs[2].methods[1]: got method 'smot', expected one of none, weights, ros, smote")]
    [DataRow("{\"defaults\": {\"methods\": [\"smot\"]}, \"runs\": [{" + Data + "}]}", "plan.json: defaults.methods[0]: got method 'smot'")]
    [DataRow("{\"runs\": [{" + Data + ", \"methods\": \"none,smot\"}]}", "plan.json: runs[0].methods: got method 'smot'")]
    [DataRow("{\"runs\": [{" + Data + ", \"methods\": [\"none\", \"none\"]}]}", "plan.json: runs[0].methods: 'none' is given twice")]
    [DataRow("{\"runs\": [{" + Data + ", \"methods\": []}]}", "plan.json: runs[0].methods: got an empty list, expected at least one")]
    [DataRow("{\"runs\": [{" + Data + ", \"methods\": [3]}]}", "plan.json: runs[0].methods[0]: got 3, expected a text")]
    [DataRow("{\"runs\": [{" + Data + ", \"methods\": 3}]}", "plan.json: runs[0].methods: got 3, expected a list of texts")]
    [DataRow("{\"runs\": [{" + Data + ", " + Methods + ", \"classifiers\": [\"forest\", \"svm\"]}]}",
        "plan.json: runs[0].classifiers[1]: got classifier 'svm', expected one of mlp, logreg, lightgbm, forest")]
    // Values.
    [DataRow("{\"runs\": [{" + Data + ", " + Methods + ", \"folds\": 1}]}", "plan.json: runs[0].folds: got 1, expected 2 to 1000")]
    [DataRow("{\"runs\": [{" + Data + ", " + Methods + ", \"folds\": \"many\"}]}", "plan.json: runs[0].folds: got 'many', expected")]
    [DataRow("{\"runs\": [{" + Data + ", " + Methods + ", \"folds\": [2]}]}",
        "plan.json: runs[0].folds: got a list, expected a text or a number")]
    [DataRow("{\"runs\": [{" + Data + ", " + Methods + ", \"repeats\": 0}]}", "plan.json: runs[0].repeats: got 0, expected 1 to 1000")]
    [DataRow("{\"runs\": [{" + Data + ", " + Methods + ", \"protocol\": \"Paper\"}]}",
        "plan.json: runs[0].protocol: got 'Paper', expected default or paper")]
    [DataRow("{\"runs\": [{" + Data + ", " + Methods + ", \"group_duplicates\": \"yes\"}]}",
        "plan.json: runs[0].group_duplicates: got 'yes', expected true or false")]
    [DataRow("{\"runs\": [{" + Data + ", " + Methods + ", \"missing\": \"lern\"}]}",
        "plan.json: runs[0].missing: got 'lern', expected learn, impute or refuse; did you mean 'learn'?")]
    [DataRow("{\"runs\": [{" + Data + ", " + Methods + ", \"seeds\": []}]}", "plan.json: runs[0].seeds: got an empty list, expected")]
    [DataRow("{\"runs\": [{" + Data + ", " + Methods + ", \"seeds\": [1, -1]}]}", "plan.json: runs[0].seeds[1]: got -1, expected a whole")]
    [DataRow("{\"runs\": [{" + Data + ", " + Methods + ", \"seeds\": [1, 2, 1]}]}", "plan.json: runs[0].seeds[2]: seed 1 is given twice")]
    [DataRow("{\"runs\": [{" + Data + ", " + Methods + ", \"target\": \"\"}]}", "plan.json: runs[0].target: got '', expected a text")]
    [DataRow("{\"runs\": [{" + Data + ", " + Methods + ", \"id\": \"a\"}]}",
        "plan.json: runs[0]: id goes with labels, transpose or row_names")]
    [DataRow("{\"runs\": [{" + Data + ", " + Methods + ", \"drop\": [\"a\"], \"ids\": [\"a\"]}]}",
        "plan.json: runs[0]: column 'a' is given to ids and drop")]
    [DataRow("{\"runs\": [{" + Data + ", " + Methods + ", \"folds\": 1000, \"repeats\": 1000}]}",
        "plan.json: runs[0]: got 2000000 tasks up to here, expected at most 1000000 in a plan")]
    // Files and names of results.
    [DataRow("{\"runs\": [{\"data\": \"tabel.csv\", " + Methods + "}]}", "plan.json: runs[0].data: no such file: 'tabel.csv'")]
    [DataRow("{\"runs\": [{\"data\": \"-\", " + Methods + "}]}", "plan.json: runs[0].data: no such file: '-'")]
    [DataRow("{\"runs\": [{\"data\": \"plan.json\", " + Methods + "}]}", "plan.json: runs[0]: ", "'plan.json'", "expected .csv")]
    [DataRow("{\"runs\": [{" + Data + ", " + Methods + ", \"constraints\": \"c.json\"}]}",
        "plan.json: runs[0].constraints: no such file: 'c.json'")]
    [DataRow("{\"runs\": [{" + Data + ", " + Methods + ", \"schema\": \"plan.json\"}]}", "plan.json: runs[0].schema: ")]
    [DataRow("{\"runs\": [{" + Data + ", " + Methods + ", \"name\": \"../x\"}]}",
        "plan.json: runs[0].name: got '../x', expected a file's name")]
    [DataRow("{\"runs\": [" + Run0 + ", " + Run0 + "]}",
        "plan.json: runs[1]: its results are named 'table', and so are those of runs[0]; give it another 'name'")]
    public void A_plan_that_is_wrong_anywhere_is_refused_in_one_line_before_any_task(string plan, params string[] said)
    {
        Write("plan.json", plan);
        // The runs before a wrong one have names of their own.
        if (said[0].Contains("runs[2]", StringComparison.Ordinal))
            Write("plan.json", plan.Replace($"{Run0}, {Run0}", $"{Run0}, {Run0[..^1]}, \"name\": \"x\"}}", StringComparison.Ordinal));
        foreach (string mode in (string[])["--list", "--task 0 --out parts", "--collect parts --out results"])
            Refused($"sweep plan.json {mode}", said);
    }

    [TestMethod]
    [DataRow("\"target\": \"knd\"", "plan.json: runs[1]: ", "table.csv", "'knd'")]
    [DataRow("\"groups\": \"patient\"", "plan.json: runs[1]: ", "no column 'patient' for the groups")]
    [DataRow("\"positive\": \"ill\"", "plan.json: runs[1]: positive: ", "'ill'")]
    [DataRow("\"folds\": 77", "plan.json: runs[1]: got 76 rows for 77 folds")]
    [DataRow("\"categories\": [\"count\"]", "plan.json: runs[1]: method 'adasyn': got categories in 'count'")]
    [DataRow("\"drop\": [\"nothing\"]", "plan.json: runs[1]: ", "'nothing'")]
    public void Listing_checks_every_table_with_its_run(string wrong, params string[] said)
    {
        Write("plan.json", $"{{\"runs\": [{Run0}, {{{Data}, \"name\": \"b\", \"methods\": [\"none\", \"adasyn\"], {wrong}}}]}}");
        Refused("sweep plan.json --list", said);
    }
}
