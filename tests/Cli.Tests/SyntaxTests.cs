namespace LeoCvae.Cli.Tests;

/// <summary>Wrong syntax: exit code 2, one line that points to the help.</summary>
[TestClass]
public class SyntaxTests : CliTest
{
    [TestInitialize]
    public void WriteInputs()
    {
        Write("table.csv", Samples.Table);
        CopyModel("model");
    }

    [TestMethod]
    [DataRow("--quiet", "'--quiet'", DisplayName = "an option, no verb")]
    [DataRow("fit table.csv", "'fit'")]
    [DataRow("Train table.csv --model new", "'Train'")]
    public void Without_a_known_verb(string line, string said) => Misuse(line, said, "'leocvae --help'");

    [TestMethod]
    public void Nothing_at_all_shows_the_help_and_is_no_success()
    {
        Outcome bare = Cli.Run(At(), []);
        Assert.AreEqual(2, bare.ExitCode);
        Assert.AreEqual(Done("--help").Output, bare.Output);
        Assert.Contains("oversample", bare.Output);
        Assert.IsEmpty(bare.Error);
    }

    [TestMethod]
    [DataRow("trian table.csv --model new", "did you mean 'train'?")]
    [DataRow("Generate model", "did you mean 'generate'?")]
    [DataRow("over-sample table.csv", "did you mean 'oversample'?")]
    [DataRow("train table.csv --model new --epoch 3", "did you mean '--epochs'?")]
    [DataRow("train table.csv --model new --log losses.csv", "did you mean '--log-losses'?")]
    [DataRow("score table.csv --out out.csv --neighbours 3", "did you mean '--neighbors'?")]
    [DataRow("oversample table.csv --out out.csv --stragety auto", "did you mean '--strategy'?")]
    [DataRow("oversample table.csv --out out.csv --Target kind", "did you mean '--target'?")]
    public void Nearly_right_is_told_what_is_right(string line, string said) => Misuse(line, said);

    [TestMethod]
    [DataRow("fit table.csv")]
    [DataRow("train table.csv --model new --resolution 3")]
    [DataRow("score table.csv --out out.csv --x")]
    public void Nothing_is_guessed_where_nothing_is_alike(string line) => Assert.DoesNotContain("did you mean", Run(line).Error);

    [TestMethod]
    [DataRow("train table.csv --model new --epoch 3", "'--epoch'")]
    [DataRow("oversample table.csv --out out.csv --count 3", "'--count'")]
    [DataRow("generate model --out out.csv --count 3 --epochs 3", "'--epochs'")]
    [DataRow("score table.csv --out out.csv --mark", "'--mark'")]
    [DataRow("embed model table.csv --out out.csv --target kind", "'--target'")]
    [DataRow("inspect model --out out.csv", "'--out'")]
    [DataRow("demo table.csv", "'table.csv'")]
    [DataRow("inspect model model", "'model'")]
    [DataRow("generate model --out out.csv --class odd=1 rare=2", "'rare=2'")]
    public void With_an_option_or_an_argument_that_the_verb_does_not_have(string line, string said) =>
        Misuse(line, said, $"'leocvae {line.Split(' ')[0]} --help'");

    [TestMethod]
    [DataRow("train --model new", "'train'")]
    [DataRow("train", "'train'", "'--model'")]
    [DataRow("oversample --out out.csv", "'oversample'")]
    [DataRow("generate --count 3 --out out.csv", "'generate'")]
    [DataRow("score --out out.csv", "'score'")]
    [DataRow("embed model --out out.csv", "'embed'")]
    [DataRow("inspect", "'inspect'")]
    [DataRow("train table.csv", "'--model'")]
    [DataRow("oversample table.csv", "'--out'")]
    [DataRow("generate model --count 3", "'--out'")]
    [DataRow("score table.csv", "'--out'")]
    [DataRow("embed model table.csv", "'--out'")]
    [DataRow("train table.csv --model", "'--model'")]
    [DataRow("train table.csv --model new --epochs", "'--epochs'")]
    [DataRow("train table.csv --model new --seed 1 --seed 2", "'--seed'")]
    public void Without_what_the_verb_needs_or_with_two_of_what_it_needs_once(string line, params string[] said) => Misuse(line, said);

    [TestMethod]
    [DataRow("oversample table.csv --model model")]
    [DataRow("generate model --count 3")]
    [DataRow("score table.csv")]
    [DataRow("embed model table.csv")]
    public void With_json_and_data_on_the_same_stream(string line) => Misuse($"{line} --json --out -", "--json", "--out -");

    [TestMethod]
    [DataRow("--preset default")]
    [DataRow("--neighbors 15")]
    [DataRow("--entropy-power 2.5")]
    [DataRow("--kld-weight 4")]
    [DataRow("--latent 16")]
    [DataRow("--hidden 64")]
    [DataRow("--epochs 500")]
    [DataRow("--patience 25")]
    [DataRow("--learning-rate 0.001")]
    [DataRow("--batch 32")]
    [DataRow("--log-losses losses.csv")]
    [DataRow("--save-model new")]
    public void With_a_fitted_model_and_options_for_fitting_one(string option) =>
        Misuse($"oversample table.csv --out out.csv --model model {option}", option.Split(' ')[0], "--model");

    [TestMethod]
    [DataRow("")]
    [DataRow(" --count 3 --class odd=1")]
    public void With_both_or_neither_of_class_and_count(string request) =>
        Misuse("generate model --out out.csv" + request, "--class", "--count");

    [TestMethod]
    public void With_a_split_but_nothing_to_split() =>
        Misuse("generate model --out out.csv --class odd=1 --like-training", "--like-training", "--count");

    [TestMethod]
    [DataRow("--out same.csv --log-losses ./same.csv", "--out", "--log-losses")]
    [DataRow("--out same.csv --save-model same.csv", "--out", "--save-model")]
    [DataRow("--out out.csv --save-model same --log-losses same/", "--save-model", "--log-losses")]
    public void With_one_place_for_two_outputs(string outputs, params string[] said) =>
        Misuse($"oversample table.csv {outputs} --epochs 16000000 --patience 16000000", said);

    [TestMethod]
    public void A_cap_goes_with_auto_only()
    {
        Write("table.csv", Samples.Table);
        Misuse("oversample table.csv --out out.csv --strategy minority --max-rows 3", "--max-rows", "minority");
    }

    [TestMethod]
    public void A_measurement_as_the_label_is_warned_of()
    {
        Write("table.csv", "a,b\n1,0.1\n2,0.2\n3,0.3\n4,0.4\n");
        Assert.Contains("is it a measurement? --target names another column", Done("score table.csv --out out.csv").Error);
        Assert.AreEqual(1, Json("score table.csv --out more.csv --neighbors 2").GetProperty("warnings").GetArrayLength());
    }
}
