namespace LeoCvae.Cli.Tests;

/// <summary>Values out of range or no values at all: exit code 1, the option by its name, what was got and what is allowed.</summary>
[TestClass]
public class BadNumberTests : CliTest
{
    [TestInitialize]
    public void WriteInputs()
    {
        Write("table.csv", Samples.Table);
        CopyModel("model");
    }

    [TestMethod]
    [DataRow("--neighbors", "0", "1 or more")]
    [DataRow("--neighbors", "2.5", "whole number")]
    [DataRow("--entropy-power", "-0.1", "0 to 20")]
    [DataRow("--entropy-power", "20.5", "0 to 20")]
    [DataRow("--entropy-power", "NaN", "a number")]
    [DataRow("--kld-weight", "-1", "0 or more")]
    [DataRow("--kld-weight", "1e999", "a number")]
    [DataRow("--latent", "0", "1 to 4096")]
    [DataRow("--latent", "4097", "1 to 4096")]
    [DataRow("--hidden", "0", "an even number, 2 to 16384")]
    [DataRow("--hidden", "63", "an even number, 2 to 16384")]
    [DataRow("--hidden", "16386", "an even number, 2 to 16384")]
    [DataRow("--epochs", "0", "1 to 16777215")]
    [DataRow("--epochs", "16777216", "1 to 16777215")]
    [DataRow("--epochs", "1e3", "whole number")]
    [DataRow("--patience", "0", "1 or more")]
    [DataRow("--learning-rate", "0", "above 0")]
    [DataRow("--learning-rate", "0,001", "a number")]
    [DataRow("--batch", "-32", "1 or more")]
    [DataRow("--batch", "all", "whole number")]
    [DataRow("--preset", "fast", "default or paper")]
    [DataRow("--device", "gpu", "cpu or cuda")]
    public void Of_training(string option, string value, string expected)
    {
        string verb = option is "--epochs" or "--preset" ? "oversample table.csv --out out.csv" : "train table.csv --model new";
        Fault($"{verb} {option} {value}", option, value, expected);
    }

    [TestMethod]
    [DataRow("train table.csv --model new")]
    [DataRow("oversample table.csv --model model --out out.csv")]
    [DataRow("generate model --count 3 --out out.csv")]
    [DataRow("score table.csv --out out.csv")]
    [DataRow("embed model table.csv --out out.csv")]
    [DataRow("inspect model")]
    [DataRow("demo")]
    public void Of_the_options_of_every_verb(string line)
    {
        Fault($"{line} --seed -1", "--seed", "'-1'", "0 to 18446744073709551615");
        Fault($"{line} --threads 0", "--threads", "'0'", "at least 1");
    }

    [TestMethod]
    [DataRow("--seed", "0x2A")]
    [DataRow("--seed", "18446744073709551616")]
    [DataRow("--threads", "many")]
    public void That_are_no_numbers(string option, string value) =>
        Fault($"generate model --count 3 --out out.csv {option} {value}", option, $"'{value}'");

    [TestMethod]
    [DataRow("-1", "at least 0")]
    [DataRow("1.5", "whole number")]
    [DataRow("99999999999999999999", "whole number")]
    public void Of_the_cap(string value, string expected) =>
        Fault($"oversample table.csv --model model --out out.csv --max-rows {value}", "--max-rows", $"'{value}'", expected);

    [TestMethod]
    public void Of_a_device_that_is_not_there() =>
        Fault("train table.csv --model new --device cuda", "--device", "'cuda'", "no CUDA device", "libtorch-cuda");
}
