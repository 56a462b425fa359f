namespace LeoCvae.Cli.Tests;

/// <summary>The same command gives the same bytes, in another process and with another number of threads.</summary>
[TestClass]
public class DeterminismTests : CliTest
{
    [TestInitialize]
    public void WriteTable() => Write("table.csv", Samples.Table);

    [TestMethod]
    public void Training_gives_the_same_folder_whatever_the_threads_and_another_for_another_seed()
    {
        Done("train table.csv --model one --epochs 6 --threads 1 --log-losses one.csv");
        Done("train table.csv --model two --epochs 6 --threads 2 --log-losses two.csv");
        Done("train table.csv --model other --epochs 6 --threads 2 --seed 43 --log-losses other.csv");
        Assert.AreEqual(Snapshot("one"), Snapshot("two"));
        Assert.AreEqual(Read("one.csv"), Read("two.csv"));
        foreach (string file in (string[])["decoder.onnx", "encoder.onnx", "generator.onnx", "model.json"])
            Assert.IsFalse(File.ReadAllBytes(At($"one/{file}")).SequenceEqual(File.ReadAllBytes(At($"other/{file}"))), file);
        Assert.AreNotEqual(Read("one.csv"), Read("other.csv"));
    }

    [TestMethod]
    public void Oversampling_gives_the_same_file_whatever_the_threads_and_another_for_another_seed()
    {
        Done("oversample table.csv --out one.csv --epochs 2 --threads 1 --strategy add:odd=3000");
        Done("oversample table.csv --out two.csv --epochs 2 --threads 2 --strategy add:odd=3000");
        Done("oversample table.csv --out other.csv --epochs 2 --threads 2 --strategy add:odd=3000 --seed 43");
        Assert.AreEqual(Read("one.csv"), Read("two.csv"));
        Assert.AreNotEqual(Read("one.csv"), Read("other.csv"));
    }

    [TestMethod]
    public void Generating_gives_the_same_file_whatever_the_threads_and_another_for_another_seed()
    {
        CopyModel("model");
        Done("generate model --count 9000 --out one.csv --threads 1");
        Done("generate model --count 9000 --out two.csv --threads 2");
        Done("generate model --count 9000 --out again.csv");
        Done("generate model --count 9000 --out other.csv --threads 2 --seed 43");
        Assert.AreEqual(Read("one.csv"), Read("two.csv"));
        Assert.AreEqual(Read("one.csv"), Read("again.csv"));
        Assert.AreNotEqual(Read("one.csv"), Read("other.csv"));
    }

    [TestMethod]
    public void Scores_and_embeddings_do_not_depend_on_threads_or_seed()
    {
        CopyModel("model");
        foreach (string verb in (string[])["score table.csv", "embed model table.csv"])
        {
            Done($"{verb} --out one.csv --overwrite --threads 1");
            Done($"{verb} --out two.csv --overwrite --threads 2 --seed 43");
            Assert.AreEqual(Read("one.csv"), Read("two.csv"), verb);
        }
    }
}
