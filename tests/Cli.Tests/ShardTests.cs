using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace LeoCvae.Cli.Tests;

/// <summary>Rows that many processes make are, joined, those that one makes, to the byte.</summary>
[TestClass]
[DoNotParallelize]
public class ShardTests : CliTest
{
    const int Parts = 64;

    // Within the tests: hundreds of runs.
    string Do(string line)
    {
        Outcome outcome = InProcess.Run(At(), line.Split(' '));
        Assert.AreEqual(0, outcome.ExitCode, $"{line}: {outcome.Error}");
        return outcome.Output;
    }

    void Refused(int exitCode, string line, params string[] said) =>
        AssertRefused(exitCode, line.Split(' '), (folder, arguments) => InProcess.Run(folder, arguments), said);

    void AssertSame(string line, string extension)
    {
        Do($"{line} --out one.{extension} --overwrite --quiet");
        for (int part = Parts - 1; part >= 0; part--)
            Do($"{line} --out parts/out.{extension} --shard {part}/{Parts} --quiet");
        Assert.Contains($"{Parts} parts", Do("verify parts"));
        Do($"concat parts --out joined.{extension} --overwrite");
        Assert.IsTrue(File.ReadAllBytes(At($"one.{extension}")).AsSpan().SequenceEqual(File.ReadAllBytes(At($"joined.{extension}"))));
        string before = Snapshot();
        for (int part = 0; part < Parts; part++)
            Assert.Contains("nothing to do", Do($"{line} --out parts/out.{extension} --shard {part}/{Parts}"));
        Assert.AreEqual(before, Snapshot());
        Directory.Delete(At("parts"), recursive: true);
    }

    [TestMethod]
    [DataRow("csv", 1000)]
    [DataRow("csv.gz", 20000)]
    [DataRow("tsv", 10)]
    [DataRow("parquet", 600000)]
    public void Rows_are_generated_by_many_as_by_one(string extension, int rows)
    {
        CopyModel("model");
        AssertSame($"generate model --count {rows} --seed 5", extension);
    }

    [TestMethod]
    public void New_names_of_rows_go_on_from_part_to_part()
    {
        Write("t.csv", "id,a,b,y\n" + string.Concat(Enumerable.Range(0, 60).Select(i =>
            $"n{i},{i % 7},{(i * 31) % 17},{(i % 3 == 0 ? "p" : "q")}\n")));
        Do("train t.csv --model m --ids id --epochs 1 --hidden 4 --quiet");
        AssertSame("generate m --class p=300 --class q=200", "csv");
        AssertSame("generate m --count 500 --like-training", "parquet");
        Assert.Contains("synthetic-500,", Read("joined.csv"));
    }

    [TestMethod]
    [DataRow("csv")]
    [DataRow("parquet")]
    public void Rows_are_scored_and_embedded_by_many_as_by_one(string extension)
    {
        Write("table.csv", Samples.Table);
        Do($"train table.csv --model model --with-reference {SharedModel.Options} --quiet");
        StringBuilder rows = new("length,count,share\n");
        // Three batches.
        for (int row = 0; row < 140_000; row++)
            rows.Append(CultureInfo.InvariantCulture, $"{10 + row % 97 / 10.0:F1},{row % 89 - 30},{row % 83 / 100.0:F3}\n");
        Write("rows.csv", rows.ToString());
        if (extension != "csv")
            Do($"convert rows.csv rows.{extension} --quiet");
        AssertSame($"score rows.{extension} --model model", extension);
        AssertSame($"embed model rows.{extension}", extension);
    }

    [TestMethod]
    [DataRow("csv")]
    [DataRow("parquet")]
    public void A_table_is_scored_against_its_index_by_many_as_by_one(string extension)
    {
        StringBuilder rows = new("length,city,y\n");
        for (int row = 0; row < 140_000; row++)
            rows.Append(CultureInfo.InvariantCulture, $"{row % 97 / 10.0:F1},c{row % 31},{(row % 97 < 40 + (row % 5) ? "p" : "q")}\n");
        Write("rows.csv", rows.ToString());
        if (extension != "csv")
            Do($"convert rows.csv rows.{extension} --quiet");
        Assert.Contains("indexed 140000 rows", Do($"index rows.{extension} --out reference.knn --neighbors 9"));
        AssertSame($"score rows.{extension} --index reference.knn", extension);
        Do($"score rows.{extension} --neighbors 9 --search exact --out exact.{extension}");
        // Each row has many equals, which are found for sure.
        Assert.IsTrue(File.ReadAllBytes(At($"exact.{extension}")).AsSpan().SequenceEqual(File.ReadAllBytes(At($"one.{extension}"))));
        Write("other.csv", "length,y\n1,p\n");
        Refused(1, "score other.csv --index reference.knn --out o.csv", "the column 'city' is missing");
        Do($"index rows.{extension} --out reference.knn --neighbors 8 --overwrite");
        Do($"score rows.{extension} --index reference.knn --out parts/out.{extension} --shard 0/2");
        Do($"index rows.{extension} --out reference.knn --neighbors 7 --overwrite");
        Outcome other = InProcess.Run(At(), ["score", $"rows.{extension}", "--index", "reference.knn", "--out", $"parts/out.{extension}",
            "--shard", "0/2"]);
        Assert.AreEqual(1, other.ExitCode);
        Assert.Contains("is of another run (index", other.Error);
    }

    [TestMethod]
    public void A_part_that_is_damaged_is_made_anew_and_one_of_another_run_is_left()
    {
        CopyModel("model");
        const string Line = "generate model --count 100 --out parts/out.csv --shard 1/3";
        Assert.Contains("part 1/3 has 33 rows from row 33 on, in parts/out-00001-of-00003.csv", Do(Line));
        string whole = Snapshot("parts"), file = At("parts/out-00001-of-00003.csv"), receipt = At("parts/out-00001-of-00003.receipt.json");
        foreach ((Action harm, string said) in ((Action, string)[])[
            (() => File.Delete(file), "its file is missing"),
            (() => File.WriteAllText(file, ""), "its file has 0 bytes"),
            (() => File.WriteAllText(file, File.ReadAllText(file).Replace('1', '2')), "its file has other bytes"),
            (() => File.WriteAllText(receipt, "{}"), "its receipt is damaged"),
            (() => File.Delete(receipt), "it has no receipt")])
        {
            harm();
            Assert.Contains($"is made anew: {said}", Do(Line));
            Assert.AreEqual(whole, Snapshot("parts"));
        }
        Refused(1, $"{Line} --seed 7", "is of another run (seed 42, not 7)", "--overwrite");
        Refused(1, Line.Replace("100", "101"), "is of another run (options");
        Refused(1, Line.Replace(".csv", ".tsv"), "is of another run (format");
        Refused(1, "verify parts", "'out' of 3 parts: parts 0,2: missing");
        Refused(1, "concat parts --out new.csv", "parts 0,2: missing");
        Do($"{Line} --seed 7 --overwrite");
        Assert.AreNotEqual(whole, Snapshot("parts"));
        Refused(1, Line, "is of another run (seed 7, not 42)");
    }

    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    public void Tasks_that_are_killed_while_they_write_are_run_again()
    {
        const int Tasks = 6;
        const string Line = "generate model --count 300000 --quiet";
        CopyModel("model");
        Do($"{Line} --out one.csv");
        for (int part = 0; part < Tasks; part++)
        {
            string[] line = [.. Line.Split(' '), "--out", "parts/out.csv", "--shard", $"{part}/{Tasks}"];
            using Process process = Cli.Start(At(), line);
            // As soon as it writes, or when it has.
            while (!process.HasExited && !(Directory.Exists(At("parts")) && Directory.EnumerateFiles(At("parts"), ".*.tmp").Any()))
                Thread.Yield();
            process.Kill();
            Cli.Wait(process);
            Do(string.Join(' ', line));
        }
        Do("concat parts --out joined.csv");
        Assert.AreEqual(Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(At("one.csv")))),
            Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(At("joined.csv")))));
        Assert.IsEmpty(Directory.EnumerateFiles(At("parts"), ".*.tmp"));
    }

    [TestMethod]
    public void What_can_not_be_made_in_parts_is_refused()
    {
        Write("table.csv", Samples.Table);
        CopyModel("model");
        Refused(1, "generate model --count 9 --out p/o.csv --shard 3/3", "--shard: got 3, expected 0 to 2");
        Refused(1, "generate model --count 9 --out p/o.csv --shard third", "--shard: got 'third', expected I/N");
        Refused(1, "generate model --count 9 --out p/o.doc --shard 0/3", "'.doc'");
        Refused(2, "generate model --count 9 --out - --shard 0/3", "--shard goes with a file", "--help");
        Refused(2, "generate model --count 9 --out p/o.csv --shard 0/3 --shard-from-env 3", "not both");
        Refused(2, "score table.csv --out p/o.csv --shard 0/3", "goes with --model");
        Refused(2, "embed model - --out p/o.csv --shard 0/3", "standard input is read once");
        Refused(1, "embed model table.csv --out p/o.parquet --shard 0/3", "must be of the input's format");
        Refused(1, "embed model table.csv --out p/o.csv --shard 0/3 --missing impute", "which needs all rows");
        Refused(1, "embed model table.csv --out table.csv/o.csv --shard 0/3", "can't be made");
        Refused(1, "verify model", "holds no parts of a table");
        Refused(1, "verify nowhere", "no such folder");
        Do("generate model --count 9 --out p/o.csv --shard 0/1 --quiet");
        Do("generate model --count 9 --out p/q.csv --shard 0/1 --quiet");
        Refused(1, "concat p --out joined.csv", "the parts of 2 tables ('o' in 1, 'q' in 1)");
        Do("generate model --count 9 --out r/o.csv --shard 0/1 --quiet");
        Refused(1, "concat r --out joined.parquet", "the parts are of another format");
        Refused(1, "concat r --out table.csv", "exists already");
    }

    [TestMethod]
    public void The_number_of_a_part_comes_from_the_environment_when_asked()
    {
        CopyModel("model");
        const string Line = "generate model --count 10 --out p/o.csv";
        SetEnvironment("SLURM_ARRAY_TASK_ID=2 SLURM_ARRAY_TASK_COUNT=5 SLURM_ARRAY_TASK_MAX=4");
        Assert.Contains("part 2/5 ", Done($"{Line} --shard-from-env").Output);
        Assert.Contains("part 2/9 ", Done($"{Line} --shard-from-env 9").Output);
        Assert.Contains("wrote 10 synthetic rows", Done("generate model --count 10 --out whole.csv").Output);
        SetEnvironment("JOB_COMPLETION_INDEX=3");
        Assert.Contains("part 3/4 ", Done($"{Line} --shard-from-env 4").Output);
        foreach ((string variables, string line, string said) in ((string, string, string)[])[
            ("JOB_COMPLETION_INDEX=3", "", "--shard-from-env N says how many parts there are"),
            ("JOB_COMPLETION_INDEX=4", " 4", "--shard-from-env: got 4, expected 0 to 3"),
            ("JOB_COMPLETION_INDEX=x", " 4", "got 'x' in JOB_COMPLETION_INDEX"),
            ("SLURM_ARRAY_TASK_ID=7 SLURM_ARRAY_TASK_COUNT=2 SLURM_ARRAY_TASK_MAX=7", "", "expected an array of 0 to one less"),
            ("", " 4", "are not set")])
        {
            SetEnvironment(variables);
            Outcome outcome = Run($"{Line} --shard-from-env{line}");
            Assert.AreEqual(1, outcome.ExitCode);
            Assert.Contains(said, outcome.Error);
        }
    }
}
