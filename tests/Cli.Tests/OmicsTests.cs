using System.Globalization;
using System.Text;
using System.Text.Json;

namespace LeoCvae.Cli.Tests;

/// <summary>--transpose and --labels: a matrix with genes in rows and a clinical file, for every verb that reads a table.</summary>
[TestClass]
public class OmicsTests : CliTest
{
    const int Samples = 60;
    const string Shape = "genes.tsv --transpose --labels clinical.csv --id SAMPLE --target TYPE",
        Quick = "--epochs 2 --hidden 8 --latent 2";

    [TestInitialize]
    public void WriteFiles()
    {
        StringBuilder genes = new("gene"), clinical = new("PATIENT,SAMPLE,TYPE\n"), plain = new("SAMPLE,g0,g1,g2,TYPE\n");
        for (int sample = 0; sample < Samples; sample++)
            genes.Append(CultureInfo.InvariantCulture, $"\tS{sample}");
        string Value(int gene, int sample) => ((gene * 7919 + sample * 104729) % 997 / 100.0).ToString(CultureInfo.InvariantCulture);
        for (int gene = 0; gene < 3; gene++)
        {
            genes.Append(CultureInfo.InvariantCulture, $"\ng{gene}");
            for (int sample = 0; sample < Samples; sample++)
                genes.Append('\t').Append(Value(gene, sample));
        }
        // The last samples have no label, in another order.
        for (int sample = Samples - 5; sample >= 0; sample--)
            clinical.Append(CultureInfo.InvariantCulture, $"P{sample / 2},S{sample},{(sample % 4 == 0 ? "rare" : "common")}\n");
        for (int sample = 0; sample <= Samples - 5; sample++)
            plain.Append(CultureInfo.InvariantCulture, $"S{sample},{Value(0, sample)},{Value(1, sample)},{Value(2, sample)},")
                .Append(sample % 4 == 0 ? "rare\n" : "common\n");
        Write("genes.tsv", genes.Append('\n').ToString());
        Write("clinical.csv", clinical.Append("P99,S99,rare\n").ToString());
        Write("plain.csv", plain.ToString());
    }

    [TestMethod]
    public void Every_verb_reads_it_as_the_one_table_that_it_is()
    {
        string said = Done($"train {Shape} --model model {Quick}").Output;
        Assert.Contains("labels of clinical.csv: 56 rows have one, 4 without are left out; 1 labels belong to no row", said);
        Done($"train plain.csv --target TYPE --model plain {Quick}");
        Assert.AreEqual(Snapshot("plain"), Snapshot("model"));
        JsonElement json = Json($"oversample {Shape} --model model --out out.tsv");
        Assert.AreEqual(4, json.GetProperty("labels").GetProperty("unlabeled_rows").GetInt32());
        Done("oversample plain.csv --target TYPE --model model --out out.csv");
        Assert.AreEqual(Read("out.csv").Replace(',', '\t'), Read("out.tsv"));
        Done($"score {Shape} --out scores.tsv");
        Done($"embed model {Shape.Replace(" --target TYPE", "", StringComparison.Ordinal)} --out means.tsv");
        Done($"evaluate {Shape} --methods none --classifiers logreg --folds 2");
        Assert.Contains("'PATIENT': 28 groups in 56 rows", Done($"inspect {Shape} --groups PATIENT").Output);
    }

    [TestMethod]
    public void What_does_not_go_together_is_refused()
    {
        Misuse("train genes.tsv --transpose --labels clinical.csv --model new", "--labels goes with --id COLUMN");
        Misuse("train plain.csv --id SAMPLE --model new", "--id goes with --labels, --transpose or --row-names", "--ids");
        Misuse($"score {Shape} --out clinical.csv --overwrite", "--labels and --out are the same place");
        Fault("score genes.tsv --transpose --labels none.csv --id SAMPLE --out out.tsv", "no such file: 'none.csv'");
        Fault("score genes.tsv --transpose --labels clinical.csv --id sample --out out.tsv",
            "clinical.csv: no column 'sample' for the ids");
        Fault($"score {Shape} --out out.csv", "got out.csv for genes.tsv");
    }
}
