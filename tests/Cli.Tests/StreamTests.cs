using System.Diagnostics;
using System.IO.Compression;
using System.Text;

namespace LeoCvae.Cli.Tests;

/// <summary>Which stream gets what: data, the machine-readable object, text for people; and tables by extension.</summary>
[TestClass]
public class StreamTests : CliTest
{
    const string Train = "train table.csv --model new --epochs 1 --hidden 8",
        Oversample = "oversample table.csv --model model --out out.csv",
        Generate = "generate model --count 4 --out out.csv", Score = "score table.csv --out out.csv",
        Embed = "embed model table.csv --out out.csv", Inspect = "inspect model";

    [TestInitialize]
    public void WriteInputs()
    {
        Write("table.csv", Samples.Table);
        CopyModel("model");
    }

    [TestMethod]
    [DataRow(Train)]
    [DataRow(Oversample)]
    [DataRow(Generate)]
    [DataRow(Score)]
    [DataRow(Embed)]
    [DataRow(Inspect)]
    public void Quiet_prints_nothing(string line)
    {
        Outcome outcome = Done(line + " --quiet");
        Assert.AreEqual("", outcome.Output + outcome.Error);
    }

    [TestMethod]
    [DataRow(Train)]
    [DataRow(Oversample)]
    [DataRow(Generate)]
    [DataRow(Score)]
    [DataRow(Embed)]
    [DataRow(Inspect)]
    public void Json_is_one_object_on_standard_output_with_the_seed_and_the_text_goes_to_standard_error(string line)
    {
        Assert.AreEqual(11, Json(line + " --seed 11 --quiet").GetProperty("seed").GetInt32());
        Outcome text = Done(line + (line is Inspect ? "" : " --overwrite")),
            json = Done(line + " --json" + (line is Inspect ? "" : " --overwrite"));
        Assert.HasCount(1, json.OutputLines);
        Assert.AreEqual(text.Output, json.Error);
    }

    [TestMethod]
    [DataRow(Train)]
    [DataRow(Oversample)]
    [DataRow(Generate)]
    [DataRow(Score)]
    [DataRow(Embed)]
    public void The_seed_is_printed(string line)
    {
        Assert.Contains("seed 42", Done(line).Output);
        Assert.Contains("seed 18446744073709551615", Done(line + " --seed 18446744073709551615 --overwrite").Output);
    }

    [TestMethod]
    [DataRow("oversample - --model model --out -", "oversample table.csv --model model --out out.csv")]
    [DataRow("score - --out -", "score table.csv --out out.csv")]
    [DataRow("embed model - --out -", "embed model table.csv --out out.csv")]
    [DataRow("generate model --count 4 --out -", "generate model --count 4 --out out.csv")]
    public void A_dash_is_csv_on_standard_input_and_output(string piped, string plain)
    {
        Outcome text = Done(plain), data = Done(piped, Samples.Table);
        Assert.AreEqual(Read("out.csv"), data.Output);
        Assert.AreEqual(text.Output.Replace("table.csv", "standard input", StringComparison.Ordinal)
            .Replace("out.csv", "standard output", StringComparison.Ordinal), data.Error);
        Assert.AreEqual("", Done(piped + " --quiet", Samples.Table).Error);
    }

    [TestMethod]
    public void A_model_is_trained_from_standard_input()
    {
        Done("train - --model piped --epochs 1", Samples.Table);
        Done("train table.csv --model plain --epochs 1");
        Assert.AreEqual(Snapshot("plain"), Snapshot("piped"));
    }

    [TestMethod]
    public void Tab_separated_and_gzipped_tables_are_known_by_their_extension()
    {
        string tabs = Samples.Table.Replace(',', '\t');
        Write("table.tsv", tabs);
        Zip("table.csv.gz", Samples.Table);
        Zip("TABLE.TSV.GZ", tabs);
        Done("oversample table.csv --model model --out expected.csv");
        string expected = Read("expected.csv");
        foreach (string input in (string[])["table.csv", "table.csv.gz"])
        {
            Done($"oversample {input} --model model --out out.csv --overwrite");
            Assert.AreEqual(expected, Read("out.csv"), input);
            Done($"oversample {input} --model model --out out.csv.gz --overwrite");
            Assert.AreEqual(expected, Unzip("out.csv.gz"), input);
        }
        foreach (string input in (string[])["table.tsv", "TABLE.TSV.GZ"])
        {
            Done($"oversample {input} --model model --out out.tsv --overwrite");
            Assert.AreEqual(expected.Replace(',', '\t'), Read("out.tsv"), input);
            Done($"oversample {input} --model model --out out.tsv.gz --overwrite");
            Assert.AreEqual(expected.Replace(',', '\t'), Unzip("out.tsv.gz"), input);
        }
        Done("generate model --count 4 --out made.csv");
        Done("generate model --count 4 --out made.tsv.gz");
        Assert.AreEqual(Read("made.csv").Replace(',', '\t'), Unzip("made.tsv.gz"));
    }

    [TestMethod]
    [DataRow("table.csv", "out.tsv")]
    [DataRow("table.tsv", "out.csv.gz")]
    [DataRow("-", "out.tsv")]
    public void Rows_that_are_copied_as_bytes_cannot_change_their_delimiter(string input, string output)
    {
        Write("table.tsv", Samples.Table.Replace(',', '\t'));
        Fault($"oversample {input} --model model --out {output}", output, input == "-" ? "standard input" : input);
        Fault($"score {input} --out {output}", output);
        Fault($"embed model {input} --out {output}", output);
    }

    [TestMethod]
    public void Progress_is_plain_lines_in_a_file_and_a_bar_on_a_terminal()
    {
        string plain = Done("train table.csv --model new --epochs 50 --hidden 8").Output;
        Assert.Contains("\ntraining: epoch 50, training loss ", plain);
        Assert.DoesNotContain('\e', plain);
        // util-linux's script runs a command on a terminal of 80 columns.
        if (!OperatingSystem.IsLinux() || !File.Exists("/usr/bin/script"))
            return;
        ProcessStartInfo start = new("/usr/bin/script", ["-qec",
            $"dotnet {Path.Combine(Cli.Folder, "leocvae.dll")} train {At("table.csv")} --model {At("drawn")} --epochs 50 --hidden 8",
            "/dev/null"])
        { RedirectStandardOutput = true, RedirectStandardInput = true };
        // Wherever the test runs: one that draws.
        start.Environment["TERM"] = "xterm";
        using Process terminal = Process.Start(start)!;
        string drawn = terminal.StandardOutput.ReadToEnd();
        Assert.AreEqual(0, Cli.Wait(terminal), drawn);
        Assert.Contains('\e', drawn);
        Assert.DoesNotContain("epoch 50, training loss", drawn);
        Assert.AreEqual(Snapshot("new"), Snapshot("drawn"));
    }

    [TestMethod]
    [DataRow("", "Usage:")]
    [DataRow("train", "--model <FOLDER>")]
    [DataRow("oversample", "--strategy <S>")]
    [DataRow("generate", "--like-training")]
    [DataRow("score", "--neighbors <K>")]
    [DataRow("embed", "--out <FILE>")]
    [DataRow("inspect", "MODEL")]
    [DataRow("demo", "--seed <N>")]
    public void Help_is_printed_on_standard_output(string verb, string expected)
    {
        Outcome outcome = Done($"{verb} --help".TrimStart());
        Assert.Contains(expected, outcome.Output);
        Assert.IsEmpty(outcome.Error);
    }

    void Zip(string name, string text)
    {
        using GZipStream stream = new(File.Create(At(name)), CompressionLevel.Optimal);
        stream.Write(Encoding.UTF8.GetBytes(text));
    }

    string Unzip(string name)
    {
        using StreamReader reader = new(new GZipStream(File.OpenRead(At(name)), CompressionMode.Decompress), Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
