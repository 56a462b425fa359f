namespace LeoCvae.Runtime.Tests.Data;

/// <summary>Cells as texts, and back.</summary>
[TestClass]
public class CellTextTests
{
    static readonly ColumnSpec
        Weight = new() { Name = "weight", Minimum = 0, Maximum = 9 },
        City = new() { Name = "city", Kind = ColumnKind.Category, Minimum = 0, Maximum = 1, Categories = ["Ulm", "Köln"] },
        Day = new() { Name = "day", Kind = ColumnKind.Date, Minimum = 0, Maximum = 9, Format = "dd.MM.yyyy" },
        Time = new() { Name = "time", Kind = ColumnKind.DateTime, Minimum = 0, Maximum = 9, Format = "yyyy-MM-dd HH:mm:ss" },
        Id = new() { Name = "id", Kind = ColumnKind.Identifier, Minimum = 0, Maximum = 0 };

    [TestMethod]
    public void A_cell_is_read_from_its_own_text()
    {
        foreach ((ColumnSpec column, double cell, string text) in ((ColumnSpec, double, string)[])[
            (Weight, 12.5, "12.5"), (Weight, -1e-7, "-1E-07"), (City, 1, "Köln"), (Day, 19_844, "01.05.2024"),
            (Time, 86_400 + 3661, "1970-01-02 01:01:01"), (Id, 0, "")])
        {
            Assert.AreEqual(text, column.Text(cell));
            Assert.AreEqual(cell, column.Cell(text));
        }
        foreach (ColumnSpec column in (ColumnSpec[])[Weight, City, Day, Time])
        {
            Assert.AreEqual("", column.Text(double.NaN));
            Assert.AreEqual(double.NaN, column.Cell(""));
        }
    }

    [TestMethod]
    public void What_a_column_does_not_have_is_refused()
    {
        Expect.Throws<ArgumentException>(() => City.Text(2), "column 'city': got 2, expected the index of one of 2 categories");
        Expect.Throws<ArgumentException>(() => City.Cell("Koln"), "column 'city': got 'Koln'", "did you mean 'Köln'?");
        Expect.Throws<ArgumentException>(() => Day.Cell("2024-05-01"), "column 'day'", "expected a date in the form dd.MM.yyyy");
        Expect.Throws<ArgumentException>(() => Weight.Cell("1,5"), "column 'weight': got '1,5', expected a finite number");
        Expect.Throws<ArgumentException>(() => Weight.Cell("1e999"), "expected a finite number");
        Assert.ThrowsExactly<ArgumentNullException>(() => Weight.Cell(null!));
    }
}
