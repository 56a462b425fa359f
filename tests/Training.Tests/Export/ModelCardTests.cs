using System.Text;

namespace LeoCvae.Training.Tests.Export;

[TestClass]
public class ModelCardTests
{
    static Exported _exported = null!;

    [ClassInitialize]
    public static void Export(TestContext _) => _exported = new(Samples.Gaussian([40, 20], 3));

    [ClassCleanup]
    public static void Release() => _exported.Dispose();

    [TestMethod]
    public void The_card_tells_on_what_and_how_the_model_was_made()
    {
        string card = Card(_exported);
        foreach (string part in new[] { "arXiv:2509.25334", "classes of\nkind, with", "60 rows, 3 numeric columns", "| a | 40 |",
            "| b | 20 |", "seed 42", "gamma = 2.5", "kappa = 0.1", "learning rate 0.001", "3 epochs ran", "those of epoch 2", "7.25",
            "Warning: a warning of 1.5." })
            Assert.Contains(part, card);
        Assert.Contains(Manifest(_exported).Provenance.DataSha256, card);
    }

    [TestMethod]
    public void The_card_says_what_the_model_must_not_be_used_for()
    {
        string card = Card(_exported);
        Assert.Contains("not differentially private", card);
        Assert.Contains("Fit on training rows only", card);
    }

    [TestMethod]
    public void The_card_says_what_a_small_class_borrows_from_all()
    {
        using Exported exported = new(Samples.Gaussian([40, 5], 3));
        Assert.Contains("Class b has 5 rows: its row noise borrows from all classes\n50 % of the spread, 80 % of the correlations and " +
            "67 % of the quantiles.", Card(exported));
        Assert.DoesNotContain("Class b has", Card(_exported));
    }

    [TestMethod]
    public void The_card_of_a_mixed_table_says_what_its_columns_are_and_that_their_names_are_in_the_model()
    {
        using Exported exported = new(Samples.Mixed(60));
        Assert.Contains("60 rows, 3 numeric, 2 category, 1 date, 1 identifier columns, of which ", Card(exported));
        Assert.Contains("the names of all categories, those of a single row too", Card(exported));
        Assert.DoesNotContain("categories", Card(_exported));
    }

    [TestMethod]
    public void Lines_end_alike_everywhere()
    {
        string card = Card(_exported);
        Assert.DoesNotContain("\r", card);
        Assert.EndsWith("\n", card);
    }

    [TestMethod]
    [DataRow("a|b", "| a\\|b | 40 |")]
    [DataRow("a\nb", "| a\\\\nb | 40 |")]
    [DataRow("a\r\nb", "| a\\\\r\\\\nb | 40 |")]
    [DataRow("</table><script>x</script>", "| &lt;/table&gt;&lt;script&gt;x&lt;/script&gt; | 40 |")]
    [DataRow("[free](http://x) `**_y_**`", "| \\[free\\](http://x) \\`\\*\\*\\_y\\_\\*\\*\\` | 40 |")]
    [DataRow("a\u001b[2J\u202eb", "| a\\\\x1b\\[2J\\\\u202eb | 40 |")]
    [DataRow("breast-cancer 2.5 (stage)", "| breast-cancer 2.5 (stage) | 40 |")]
    public void A_name_is_shown_as_it_is_written_and_keeps_to_its_cell(string name, string row)
    {
        Table table = _exported.Table;
        using Exported exported =
            new(new(new(table.Schema.Columns, "kind", [name, "other"]), table.Values.ToArray(), table.Labels.ToArray()));
        Assert.Contains(row, Card(exported).Split('\n'));
    }

    [TestMethod]
    public void A_card_stays_small_whatever_the_classes()
    {
        Table table = _exported.Table;
        string[] names = [.. Enumerable.Range(0, 1000).Select(c => c == 3 ? new string('x', 100_000) : $"class {c}")];
        using Exported exported = new(new(new(table.Schema.Columns, "kind", names), new double[3 * 1000], [.. Enumerable.Range(0, 1000)]));
        string card = Card(exported);
        Assert.IsLessThan(6000, card.Length);
        Assert.Contains("| class 49 | 1 |", card);
        Assert.Contains("| 950 more, in `model.json` | 950 |", card);
        Assert.Contains("xxx...(99901 characters left out)...xxx", card);
    }

    static string Card(Exported exported) => Encoding.UTF8.GetString(exported[ModelFormat.Card]);

    static ModelManifest Manifest(Exported exported)
    {
        using LeoModel model = LeoModel.FromFiles(exported.Files);
        return model.Manifest;
    }
}
