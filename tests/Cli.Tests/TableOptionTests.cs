using System.Globalization;
using System.Text;
using System.Text.Json;

namespace LeoCvae.Cli.Tests;

/// <summary>What the columns of a table are: as inspect shows it, as options change it, for every verb that reads one.</summary>
[TestClass]
public class TableOptionTests : CliTest
{
    const int Rows = 60;
    const string Quick = "--epochs 2 --hidden 8 --latent 2";

    [TestInitialize]
    public void WriteTable()
    {
        StringBuilder csv = new("id,age,\"city, town\",zip,joined,note,y\n");
        string[] cities = ["Ulm", "\"Köln, Deutz\"", " Bonn"];
        for (int row = 0; row < Rows; row++)
        {
            string age = row % 10 == 7 ? "NA" : $"{20 + row * 7 % 50}", zip = row % 4 == 0 ? "01234" : "56789";
            csv.Append(CultureInfo.InvariantCulture, $"P-{row},{age},{cities[row % 3]},{zip},").Append(CultureInfo.InvariantCulture,
                $"{1 + row % 28:00}.{1 + row % 12:00}.2024,n{row % 9},{(row % 5 == 0 ? "rare" : "common")}\n");
        }
        Write("table.csv", csv.ToString());
    }

    [TestMethod]
    public void Inspect_shows_what_columns_are_with_the_option_that_changes_each()
    {
        string text = Done("inspect table.csv").Output;
        foreach ((string column, string kind, string change) in (ReadOnlySpan<(string, string, string)>)
            [("id", "identifier", "--categories id"), ("age", "number", "--categories age"),
            ("city, town", "category", "--ids '\"city, town\"'"), ("zip", "category", "--numbers zip"),
            ("joined", "date", "--categories joined")])
        {
            string start = $"│ {column} ";
            string line = Assert.ContainsSingle(line => line.StartsWith(start, StringComparison.Ordinal), text.Split('\n'));
            Assert.Contains($"│ {kind} ", line);
            Assert.Contains($"│ {change} ", line);
        }
        Assert.Contains("columns: 1 number, 3 categories, 1 date, 1 identifier; missing values in 1", text);
        Assert.Contains("dd.MM.yyyy", text);
    }

    [TestMethod]
    public void What_inspect_prints_as_JSON_is_a_schema()
    {
        JsonElement json = Json("inspect table.csv");
        Assert.AreEqual("dd.MM.yyyy", json.GetProperty("columns").GetProperty("joined").GetProperty("format").GetString());
        Assert.AreEqual(6, json.GetProperty("missing").GetProperty("age").GetInt32());
        Write("schema.json", json.ToString());
        Assert.AreEqual(json.ToString(), Json("inspect table.csv --schema schema.json").ToString());
        // An option goes before the file.
        JsonElement other = Json("inspect - --schema schema.json --numbers zip --categories id", Read("table.csv")).GetProperty("columns");
        Assert.AreEqual("number", other.GetProperty("zip").GetProperty("kind").GetString());
        Assert.AreEqual("category", other.GetProperty("id").GetProperty("kind").GetString());
    }

    [TestMethod]
    public void A_mixed_table_goes_through_the_verbs_and_real_rows_keep_their_bytes()
    {
        Done($"oversample table.csv --drop note --out out.csv --save-model model {Quick}");
        string[] real = Read("table.csv").TrimEnd('\n').Split('\n'), all = Read("out.csv").TrimEnd('\n').Split('\n');
        Assert.AreSequenceEqual(real, all[..real.Length]);
        Table table = TableFile.Read(At("table.csv")), made = TableFile.Read(At("out.csv"));
        Assert.HasCount(96, all[1..]);
        for (int row = 0; row < all.Length - real.Length; row++)
        {
            Assert.StartsWith($"synthetic-{row + 1},", all[real.Length + row]);
            Assert.EndsWith(",,rare", all[real.Length + row]);
        }
        foreach (string column in (string[])["city, town", "zip"])
            Assert.IsEmpty(made.Column<string>(column).Except(table.Column<string>(column)));
        Assert.IsTrue(made.Column<DateOnly>("joined").All(day => day >= new DateOnly(2024, 1, 1) && day <= new DateOnly(2024, 12, 31)));

        Assert.Contains(" identifier ", Done("inspect model").Output);
        Done("generate model --out new.csv --count 5");
        Assert.StartsWith("id,age,\"city, town\",zip,joined,y\nsynthetic-1,", Read("new.csv"));
        Done("score table.csv --drop note --out scores.csv");
        Done("embed model table.csv --drop note --out means.csv");
        Assert.AreEqual(Rows + 1, Read("means.csv").TrimEnd('\n').Split('\n').Length);
        Fault("embed model table.csv --out more.csv", "got the column 'note', which is not expected; --drop note leaves it out");
        Done("evaluate table.csv --drop note --methods none,smote --classifiers logreg --folds 2");
    }

    [TestMethod]
    public void A_table_for_a_model_is_read_as_the_model_says()
    {
        Done($"train table.csv --drop note --model model {Quick}");
        // By themselves these would be numbers, a category, and no dates.
        Write("new.csv", "id,age,\"city, town\",zip,joined,y\n7,,1,12,03.04.2024,rare\n8,30,Kiel,13,05.06.2024,common\n");
        Done("embed model new.csv --out means.csv");
        Write("bad.csv", "id,age,\"city, town\",zip,joined,y\n7,old,1,12,03.04.2024,rare\n8,30,Kiel,13,2024-04-03,common\n");
        Fault("embed model bad.csv --out more.csv", "row 1 (line 2), column 'age': got 'old', expected a finite number", "column 'joined'");
        Fault("oversample bad.csv --model model --out more.csv", "row 1 (line 2), column 'age': got 'old'");
    }

    [TestMethod]
    public void Missing_values_are_learned_filled_in_or_refused()
    {
        Done($"oversample table.csv --drop note --out learned.csv {Quick}");
        Done($"oversample table.csv --drop note --missing impute --out imputed.csv --save-model model {Quick}");
        Assert.StartsWith(Read("table.csv"), Read("imputed.csv"));
        Assert.DoesNotContain(" some ", Done("inspect model").Output);
        ColumnOptions without = new() { Columns = new Dictionary<string, ColumnChoice> { ["note"] = new() } };
        Assert.AreSequenceEqual([0, 6, 0, 0, 0], TableFile.Read(At("imputed.csv"), columns: without).MissingCounts());
        foreach (string verb in (string[])["train table.csv --model new", "oversample table.csv --out new.csv",
            "score table.csv --out new.csv", "evaluate table.csv", "embed model table.csv --drop note --out new.csv", "inspect table.csv"])
            Fault($"{verb} --missing refuse", "row 8 (line 9), column 'age': the value is missing, as in 6 of 60 rows", "--missing learn");
    }

    [TestMethod]
    public void Names_of_columns_are_given_as_CSV_and_a_wrong_one_is_told_with_the_right()
    {
        Assert.AreEqual("identifier", Json(["inspect", "table.csv", "--ids", "zip,\"city, town\"", "--drop", "id", "--drop", "note"])
            .GetProperty("columns").GetProperty("city, town").GetProperty("kind").GetString());
        Fault("inspect table.csv --drop Note", "no column 'Note'", "did you mean 'note'?");
        Fault("inspect table.csv --drop a,,b", "--drop: got 'a,,b' with an empty name");
        Fault("inspect table.csv --drop \"a", "--drop: got '\"a' with a quote that is never closed");
        Fault("inspect table.csv --drop y", "column 'y' is the label column and can't be left out", "--target");
        Fault("inspect table.csv --numbers note", "row 1 (line 2), column 'note': got 'n0', expected a finite number");
        Misuse("inspect table.csv --drop zip --ids zip", "column 'zip' is given to --ids and --drop");
        Fault("inspect table.csv --missing lern", "--missing: got 'lern', expected learn, impute or refuse; did you mean 'learn'?");
        Fault("inspect table.csv --schema none.json", "--schema: no such file: 'none.json'");
        Write("bad.json", """{"columns": {"zip": {"kind": "numbre"}}}""");
        Fault("inspect table.csv --schema bad.json", "--schema: 'bad.json': column 'zip': got the kind 'numbre'", "did you mean 'number'?");
        CopyModel("model");
        Misuse("inspect model --drop zip", "--drop is for a table");
    }
}
