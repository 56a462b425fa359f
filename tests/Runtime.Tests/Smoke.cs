using System.Globalization;

namespace LeoCvae.Runtime.Tests;

[TestClass]
public class Smoke
{
    [TestMethod]
    public void Culture_is_hostile() => Assert.AreEqual("1,5", 1.5.ToString(CultureInfo.CurrentCulture));
}
