using System.Globalization;

namespace LeoCvae.Runtime.Tests;

[TestClass]
public class HostileCultureTests
{
    [TestMethod]
    public void Tests_and_the_threads_they_start_run_in_a_culture_that_would_break_numbers()
    {
        string Text() => (-1234.5).ToString("N1", CultureInfo.CurrentCulture);
        Assert.AreEqual("\u22121.234,5", Text());
        string? other = null;
        Thread thread = new(() => other = Text());
        thread.Start();
        thread.Join();
        Assert.AreEqual(Text(), other);
    }
}
