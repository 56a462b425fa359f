using System.Globalization;
using System.Text;

namespace LeoCvae.Cli.Tests;

[TestClass]
public class ConstraintsTests : CliTest
{
    [TestInitialize]
    public void WriteTable()
    {
        StringBuilder table = new("low,high,a,b,sum,is_x,is_y,is_z,limit,name,class\n");
        for (int i = 0; i < 120; i++)
        {
            (int low, int a, int b) = (i * 7 % 30, i * 5 % 23, i * 11 % 19);
            table.Append(CultureInfo.InvariantCulture, $"{low},{low + i * 3 % 11},{a},{b},{a + b},")
                .Append((i * 13 % 3) switch { 0 => "1,0,0", 1 => "0,1,0", _ => "0,0,1" })
                .Append(CultureInfo.InvariantCulture, $",{low + i * 3 % 11 + 1 + i * 17 % 13}")
                .Append(i % 4 == 0 ? ",p,few\n" : ",q,many\n");
        }
        Write("table.csv", table.ToString());
    }

    [TestMethod]
    public void What_holds_is_said_and_held_by_oversampled_rows_and_those_of_a_saved_model()
    {
        string said = Done("oversample table.csv --out all.csv --save-model model --epochs 5").Output;
        Assert.Contains("held by every row: one of is_x, is_y, is_z; a + b = sum; low <= high", said);
        Done("generate model --count 300 --out made.csv");
        foreach (string file in (string[])["all.csv", "made.csv"])
            Assert.AreEqual(0, Broken(Read(file)), file);
        Assert.Contains("low &lt;= high", Read("model/MODEL_CARD.md"));
    }

    [TestMethod]
    public void Constraints_can_be_switched_off_or_added()
    {
        string said = Done("oversample table.csv --out all.csv --epochs 5 --no-constraints").Output;
        Assert.DoesNotContain("held by", said);
        Assert.IsGreaterThan(0, Broken(Read("all.csv")));
        Write("more.json", """[{"kind": "order", "columns": ["a", "sum"]}, {"kind": "order", "columns": ["low", "high"]}]""");
        // What is given comes first.
        Assert.Contains("held by every row: a <= sum; low <= high;",
            Done("train table.csv --model model --epochs 2 --constraints more.json").Output);
    }

    [TestMethod]
    [DataRow("""[{"kind": "order", "columns": ["high", "low"]}]""", "'high <= low' doesn't hold in row ")]
    [DataRow("""[{"kind": "order", "columns": ["high", "hihg"]}]""", "no column 'hihg'")]
    [DataRow("""[{"kind": "equal", "columns": ["high", "low"]}]""", "more.json")]
    [DataRow("""[{"kind": "order", "column": ["high", "low"]}]""", "more.json")]
    [DataRow("""{"kind": "order"}""", "expected a JSON list")]
    [DataRow("[null]", "got null in the list")]
    [DataRow("[", "expected a JSON list")]
    public void A_wrong_constraint_is_one_clear_line(string json, string message)
    {
        Write("more.json", json);
        Fault("train table.csv --model model --epochs 2 --constraints more.json", message);
    }

    [TestMethod]
    public void Both_options_at_once_exclude_each_other() =>
        Misuse("train table.csv --model model --constraints more.json --no-constraints", "exclude each other");

    [TestMethod]
    public void An_evaluation_holds_them_in_every_fold()
    {
        string Scores(string options)
        {
            Done("evaluate table.csv --methods none,leo-model --classifiers logreg --folds 2 --overwrite --results r.json" + options);
            return Read("r.json");
        }
        Write("more.json", """[{"kind": "order", "columns": ["high", "limit"]}]""");
        string[] scores = [Scores(""), Scores(" --constraints more.json"), Scores(" --no-constraints")];
        Assert.HasCount(3, scores.Distinct());
        Write("wrong.json", """[{"kind": "order", "columns": ["high", "low"]}]""");
        foreach (string verb in (string[])["evaluate table.csv", "train table.csv --model model"])
        {
            Fault($"{verb} --constraints wrong.json", "'high <= low' doesn't hold in row 2: got high 10, low 7");
            Fault($"{verb} --constraints none.json", "--constraints: no such file: 'none.json'");
            Misuse($"{verb} --constraints more.json --no-constraints", "exclude each other");
        }
    }

    static int Broken(string csv) => csv.TrimEnd('\n').Split('\n').Skip(1).Count(line =>
    {
        string[] cells = line.Split(',');
        int Cell(int i) => int.Parse(cells[i], CultureInfo.InvariantCulture);
        return Cell(0) > Cell(1) || Cell(2) + Cell(3) != Cell(4) || Cell(5) + Cell(6) + Cell(7) != 1;
    });
}
