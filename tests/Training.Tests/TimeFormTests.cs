using System.Globalization;
using System.Text;

namespace LeoCvae.Training.Tests;

/// <summary>Times that are written without seconds are what their texts say, and in order as they are written.</summary>
[TestClass]
public class TimeFormTests
{
    [TestMethod]
    [DataRow(Evaluator.Managed)]
    [DataRow(Evaluator.OnnxRuntime)]
    public void Written_rows_read_the_same_and_hold_their_order_in_whatever_forms(Evaluator evaluator)
    {
        using TempFolder folder = new();
        StringBuilder csv = new("opened,closed,billed,kind\n");
        DateTime first = new(2024, 2, 28, 9, 12, 7, DateTimeKind.Unspecified);
        for (int i = 0; i < 240; i++)
        {
            DateTime opened = first.AddSeconds(i * 7919 % 200_000), closed = Up(opened.AddSeconds(i * 131 % 400), 60),
                billed = Up(closed.AddMinutes(i * 37 % 300), 3600);
            csv.Append(CultureInfo.InvariantCulture,
                $"{opened:yyyy-MM-dd HH:mm:ss},{closed:dd.MM.yyyy HH:mm},{billed:yyyy-MM-dd HH},{(i % 5 == 0 ? "late" : "soon")}\n");
        }
        File.WriteAllText(folder["table.csv"], csv.ToString());
        ColumnOptions columns = ColumnOptions.FromJson("""{"columns": {"billed": {"kind": "date-time", "format": "yyyy-MM-dd HH"}}}""");
        Table table = TableFile.Read(folder["table.csv"], columns: columns);
        using (TrainingResult fitted = LeoTrainer.Fit(table, TrainingOptions.Default with { MaxEpochs = 20 }))
            fitted.Model.Save(folder["model"]);
        using LeoModel model = LeoModel.Load(folder["model"], new() { Evaluator = evaluator });
        Assert.AreEqual("opened <= closed; closed <= billed", string.Join("; ", model.Manifest.Constraints!));

        Table made = model.Generate(new Dictionary<string, int> { ["late"] = 2000, ["soon"] = 2000 });
        TableFile.Write(made, folder["made.csv"]);
        Table read = TableFile.Read(folder["made.csv"], columns: columns);
        Assert.AreSequenceEqual(made.Values.ToArray(), read.Values.ToArray());
        int equal = 0;
        for (int i = 0; i < read.RowCount; i++)
        {
            ReadOnlySpan<double> row = read.Row(i);
            Assert.IsTrue(row[0] <= row[1] && row[1] <= row[2], $"row {i}: {row[0]} {row[1]} {row[2]}");
            equal += row[1] - row[0] < 60 ? 1 : 0;
            for (int j = 0; j < row.Length; j++)
                Assert.IsInRange(table.Schema.Columns[j].Minimum, table.Schema.Columns[j].Maximum, row[j]);
        }
        Assert.IsGreaterThan(100, equal, "some are raised, and to no more than the next minute");

        static DateTime Up(DateTime time, int seconds)
        {
            long step = seconds * TimeSpan.TicksPerSecond;
            return new((time.Ticks + step - 1) / step * step);
        }
    }
}
