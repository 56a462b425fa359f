using System.Text.Json;

namespace LeoCvae.Cli.Tests;

[TestClass]
public class OversampleTests : CliTest
{
    const string Quick = "--epochs 1 --hidden 8 --latent 2 --neighbors 2";

    [TestInitialize]
    public void WriteTable() => Write("table.csv", Samples.Table);

    [TestMethod]
    public void Every_class_becomes_as_large_as_the_largest()
    {
        Outcome outcome = Done($"oversample table.csv --target kind --out balanced.csv {Quick}");
        int added = 3 * Samples.Common - Samples.Rows;
        Assert.Contains($"wrote {Samples.Rows} real and {added} synthetic rows to balanced.csv (seed 42): common 40, rare 40, odd 40",
            outcome.Output);
        Assert.IsEmpty(outcome.Error);
        Table balanced = TableFile.Read(At("balanced.csv"), "kind");
        Assert.AreSequenceEqual([40, 40, 40], balanced.ClassCounts());
        Assert.StartsWith(Samples.Table, Read("balanced.csv"));
    }

    [TestMethod]
    public void Replicates_are_sets_of_one_model_in_numbered_files_the_first_as_without_and_each_of_the_next_seed()
    {
        Done($"oversample table.csv --target kind --out one.csv --save-model model {Quick}");
        JsonElement spoken = Json($"oversample table.csv --target kind --out out.csv --replicates 3 {Quick}");
        Assert.AreEqual(Read("one.csv"), Read("out-1.csv"));
        for (int set = 1; set <= 3; set++)
        {
            Done($"oversample table.csv --target kind --model model --seed {41 + set} --out again-{set}.csv");
            Assert.AreEqual(Read($"again-{set}.csv"), Read($"out-{set}.csv"));
            JsonElement written = spoken.GetProperty("outputs")[set - 1];
            Assert.AreEqual($"out-{set}.csv", written.GetProperty("file").GetString());
            Assert.AreEqual(41 + set, written.GetProperty("seed").GetInt32());
        }
        Assert.AreNotEqual(Read("out-1.csv"), Read("out-2.csv"));
        Assert.AreNotEqual(Read("out-2.csv"), Read("out-3.csv"));
        Assert.IsFalse(File.Exists(At("out.csv")));

        Outcome packed = Done("oversample table.csv --target kind --model model --out sets.tar.csv.gz --replicates 1");
        Assert.Contains("to sets.tar-1.csv.gz (seed 42)", packed.Output);
        Assert.IsTrue(File.Exists(At("sets.tar-1.csv.gz")));
    }

    [TestMethod]
    public void Of_replicates_every_place_is_checked_before_the_fit()
    {
        Write("out-3.csv", "mine");
        Outcome taken = Run($"oversample table.csv --out out.csv --replicates 3 --log-losses losses.csv {Quick}");
        Assert.AreEqual(1, taken.ExitCode);
        Assert.Contains("out-3.csv", taken.Error);
        Assert.IsFalse(File.Exists(At("out-1.csv")) || File.Exists(At("losses.csv")));
        Assert.AreEqual("mine", Read("out-3.csv"));
        foreach ((string arguments, int code, string message) in ((string, int, string)[])[
            ("--out - --replicates 2", 2, "--replicates writes numbered files"),
            ("--out new.csv --replicates 0", 1, "--replicates"), ("--out new.csv --replicates 1001", 1, "--replicates"),
            ("--out new.csv --replicates 2 --log-losses new-2.csv", 2, "--out and --log-losses are the same place")])
        {
            Outcome refused = Run($"oversample table.csv {arguments} {Quick}");
            Assert.AreEqual(code, refused.ExitCode, arguments);
            Assert.Contains(message, refused.Error);
        }
        Assert.IsFalse(File.Exists(At("new-1.csv")));
        Done($"oversample table.csv --out out.csv --replicates 3 --overwrite {Quick}");
        Assert.StartsWith(Samples.Table, Read("out-3.csv"));
    }

    [TestMethod]
    public void One_line_says_what_the_synthetic_rows_give_away()
    {
        string[] lines = Done($"oversample table.csv --target kind --out balanced.csv {Quick}").Output.Split('\n');
        string line = lines.Single(line => line.StartsWith("of the real rows of the classes that grew ", StringComparison.Ordinal));
        Assert.Contains("come back exactly", line);
        Assert.Contains("not anonymous", line);
        JsonElement attacks = Json($"oversample table.csv --target kind --out again.csv {Quick}").GetProperty("attacks");
        foreach (string name in (string[])["equal", "within_tenth", "within_half", "lines_rebuilt"])
            Assert.IsTrue(attacks.GetProperty(name).GetDouble() is >= 0 and <= 1, name);

        // Of few names each row is there many times; with one that isn't.
        string few = "a,b,kind\n" + string.Concat(Enumerable.Range(0, 80).Select(i =>
            $"{"xyz"[i % 3]},{"uv"[i % 2]},{(i % 5 == 0 ? "few" : "many")}\n"));
        Write("few.csv", few);
        Assert.Contains("each real row of the classes that grew equals another one",
            Done($"oversample few.csv --out f.csv {Quick}").Output);
        attacks = Json($"oversample few.csv --out g.csv {Quick}").GetProperty("attacks");
        Assert.AreEqual(0, attacks.GetProperty("alone").GetDouble());
        Assert.AreEqual(JsonValueKind.Null, attacks.GetProperty("equal").ValueKind);
        Write("few.csv", few + "x,w,few\n");
        Assert.Contains("of the real rows of the classes that grew 6 % equal no other real row; of these",
            Done($"oversample few.csv --out h.csv {Quick}").Output);
    }

    [TestMethod]
    public void The_real_rows_keep_every_byte()
    {
        // A byte order mark, CRLF, quotes, odd number text, a label in the middle, letters of two bytes, no last line end.
        const string Real = "\uFEFF\"a, wide\",\"the \"\"class\"\"\",b,c\r\n +1.50,\"ä, b\",1e3,-0\r\n" +
            "\"2\",Straße,  7 ,00.25\r\n3.,\"ä, b\",.5,+4\r\n-0.0,\"ä, b\",1E+2,5";
        Write("odd.csv", Real);
        Assert.AreEqual(0,
            Cli.Run(At(), ["oversample", "odd.csv", "--target", "the \"class\"", "--out", "out.csv", .. Quick.Split(' ')]).ExitCode);
        string text = Read("out.csv");
        Assert.StartsWith(Real + "\r\n", text);
        string[] synthetic = text[(Real.Length + 2)..].TrimEnd().Split("\r\n");
        Assert.HasCount(2, synthetic);
        foreach (string line in synthetic)
        {
            string[] fields = line.Split(',');
            Assert.HasCount(4, fields);
            Assert.IsLessThanOrEqualTo(2, Decimals(fields[0]), line);
            Assert.AreEqual("Straße", fields[1]);
            Assert.IsLessThanOrEqualTo(2, Decimals(fields[3]), line);
        }
        Assert.EndsWith("\r\n", text);
        Assert.DoesNotContain("\n\n", text.Replace("\r", "", StringComparison.Ordinal));
    }

    [TestMethod]
    [DataRow("a,b,y\n1,2,p\r\n3,4,q\n5,6,p\r\n", "a,b,y\n1,2,p\r\n3,4,q\n5,6,p\r\n", DisplayName = "mixed line ends")]
    [DataRow("a,b,y\r\n1,2,p\r\n\r\n3,4,q\r\n5,6,p", "a,b,y\r\n1,2,p\r\n3,4,q\r\n5,6,p\r\n",
        DisplayName = "a blank line, no last line end")]
    [DataRow("a,b,y\n1,2,p\n3,4,\"q\nr\"\n5,6,p\n", "a,b,y\n1,2,p\n3,4,\"q\nr\"\n5,6,p\n", DisplayName = "a line end inside quotes")]
    public void Line_ends_are_bytes_too(string table, string expected)
    {
        Write("in.csv", table);
        Done($"oversample in.csv --out out.csv {Quick}");
        Assert.StartsWith(expected, Read("out.csv"));
    }

    [TestMethod]
    public void Synthetic_numbers_have_the_decimals_of_their_column()
    {
        Done($"oversample table.csv --out balanced.csv {Quick}");
        foreach (string line in Read("balanced.csv").TrimEnd('\n').Split('\n')[(1 + Samples.Rows)..])
            Assert.AreSequenceEqual([1, 0, 3], line.Split(',')[..3].Select(Decimals), line);
    }

    [TestMethod]
    public void Marks_tell_synthetic_rows_and_the_real_row_that_each_came_from()
    {
        Done($"oversample table.csv --out marked.csv --mark {Quick}");
        string[] lines = Read("marked.csv").TrimEnd('\n').Split('\n');
        Assert.AreEqual("length,count,share,kind,synthetic,source_row", lines[0]);
        for (int row = 0; row < Samples.Rows; row++)
            Assert.AreEqual($"{Samples.Lines[row]},0,{row}", lines[row + 1]);
        HashSet<string> sources = [];
        foreach (string[] fields in lines[(1 + Samples.Rows)..].Select(line => line.Split(',')))
        {
            Assert.AreEqual("1", fields[4]);
            Assert.EndsWith("," + fields[3], Samples.Lines[int.Parse(fields[5], System.Globalization.CultureInfo.InvariantCulture)]);
            sources.Add(fields[5]);
        }
        Assert.IsGreaterThan(10, sources.Count);
    }

    [TestMethod]
    public void A_fitted_model_gives_the_rows_that_fitting_and_keeping_it_gave()
    {
        Outcome first = Done($"oversample table.csv --out first.csv --save-model kept {Quick} --log-losses losses.csv");
        Assert.Contains("wrote the model to kept (5 files, ", first.Output);
        Assert.HasCount(2, Read("losses.csv").TrimEnd('\n').Split('\n'));
        Outcome second = Done("oversample table.csv --out second.csv --model kept");
        Assert.DoesNotContain("trained", second.Output);
        Assert.AreEqual(Read("first.csv"), Read("second.csv"));
    }

    [TestMethod]
    public void A_model_may_know_the_classes_in_another_order()
    {
        CopyModel("model");
        string[] reversed = [.. Samples.Lines.Reverse()];
        Write("reversed.csv", $"length,count,share,kind\n{string.Join('\n', reversed)}\n");
        Done("oversample reversed.csv --model model --out out.csv --mark --strategy add:odd=3,common=2");
        string[][] synthetic = [.. Read("out.csv").TrimEnd('\n').Split('\n')[(1 + Samples.Rows)..].Select(line => line.Split(','))];
        Assert.AreSequenceEqual(["odd", "odd", "odd", "common", "common"],
            synthetic.Select(fields => fields[3]).OrderByDescending(name => name, StringComparer.Ordinal));
        foreach (string[] fields in synthetic)
            Assert.EndsWith("," + fields[3], Samples.Lines[int.Parse(fields[5], System.Globalization.CultureInfo.InvariantCulture)]);
    }

    [TestMethod]
    public void The_machine_readable_object_holds_what_the_text_says()
    {
        CopyModel("model");
        JsonElement json = Json("oversample table.csv --model model --out out.csv --strategy add:odd=5");
        JsonElement output = json.GetProperty("output");
        Assert.AreEqual("out.csv", output.GetProperty("file").GetString());
        Assert.AreEqual(Samples.Rows, output.GetProperty("real_rows").GetInt32());
        Assert.AreEqual(5, output.GetProperty("synthetic_rows").GetInt32());
        Assert.AreEqual(Samples.Odd + 5, output.GetProperty("class_counts").GetProperty("odd").GetInt32());
        Assert.AreEqual(Samples.Odd, json.GetProperty("class_counts").GetProperty("odd").GetInt32());
    }

    static int Decimals(string number) => number.Contains('.', StringComparison.Ordinal)
        ? number.Length - number.IndexOf('.', StringComparison.Ordinal) - 1 : 0;
}
