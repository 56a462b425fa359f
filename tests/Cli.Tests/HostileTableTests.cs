using System.Globalization;

namespace LeoCvae.Cli.Tests;

/// <summary>Columns that tables have in spite of all: each works from end to end, or is refused in one line.</summary>
[TestClass]
public class HostileTableTests : CliTest
{
    const string Fit = "--target y --epochs 1";

    static string Text(int rows, string header, Func<int, string> cells) => $"{header},y\n"
        + string.Concat(Enumerable.Range(0, rows).Select(i => $"{cells(i)},{(i % 5 == 0 ? "few" : "many")}\n"));

    [TestMethod]
    public void A_hundred_thousand_names_are_fitted_and_rows_have_some_of_them()
    {
        Write("t.csv", Text(100_001, "a,b", i => $"n{i % 100_000},m{(i * 7919L) % 100_000}"));
        Outcome outcome = Done($"oversample t.csv --out out.csv --max-rows 300 {Fit}");
        string[] lines = Read("out.csv").Split('\n'), made = lines[100_002..^1];
        Assert.HasCount(300, made);
        foreach (string[] cells in made.Select(line => line.Split(',')))
        {
            Assert.IsInRange(0, 99_999, int.Parse(cells[0][1..], CultureInfo.InvariantCulture));
            Assert.IsInRange(0, 99_999, int.Parse(cells[1][1..], CultureInfo.InvariantCulture));
        }
        // Names that share a level are no copies of each other.
        Assert.Contains("of these 0 % come back exactly", outcome.Output);
    }

    [TestMethod]
    public void Columns_of_no_value_or_one_and_names_of_any_characters_stay_what_they_are()
    {
        string[] names = ["\"two\nlines\"", "\"a, b\"", "\"he said \"\"no\"\"\"", "=1+1", " blank ", "🙂"];
        string table = Text(90, "nothing,one,once,name", i => $",4.50,{(i % 3 == 0 ? "" : "same")},{names[i % 6]}");
        Write("t.csv", table);
        Done($"oversample t.csv --out out.csv --save-model model {Fit}");
        string all = Read("out.csv");
        Assert.StartsWith(table, all);
        string made = all[table.Length..];
        for (int left = 54; left > 0; left--)
        {
            Assert.StartsWith(",4.50,", made);
            made = made[",4.50,".Length..];
            made = made.StartsWith("same", StringComparison.Ordinal) ? made["same".Length..] : made;
            string name = names.Single(name => made.StartsWith($",{name},few\n", StringComparison.Ordinal));
            made = made[$",{name},few\n".Length..];
        }
        Assert.AreEqual("", made);
        Done("generate model --out new.csv --count 20");
        Done("score out.csv --out scores.csv --target y");
        Done("embed model out.csv --out z.csv");
    }

    [TestMethod]
    [DataRow("2024-02-29", "01.03.2024", "column 'c'", "yyyy-MM-dd")]
    [DataRow("1.5", "1e999", "column 'c'", "1e999")]
    [DataRow("1.5", "9007199254740993.5", "column 'c'")]
    [DataRow("12", "inf", "column 'c'", "inf")]
    public void What_can_not_be_kept_is_refused_in_one_line(string usual, string once, params string[] said)
    {
        Write("t.csv", Text(60, "x,c", i => $"{i * i % 37}.5,{(i == 33 ? once : usual)}"));
        foreach (string verb in (string[])["train t.csv --model m", "oversample t.csv --out o.csv", "score t.csv --out s.csv",
            "evaluate t.csv", "inspect t.csv"])
            Fault($"{verb} --target y", ["t.csv: ", .. said]);
    }
}
