using System.Globalization;

namespace LeoCvae.Tests;

/// <summary>
/// All tests run in a culture with a decimal comma, a dotted thousand and its own minus sign: what is read and written must not care.
/// </summary>
[TestClass]
public static class HostileCulture
{
    [AssemblyInitialize]
    public static void Set(TestContext _)
    {
        CultureInfo culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NumberDecimalSeparator = ",";
        culture.NumberFormat.NumberGroupSeparator = ".";
        culture.NumberFormat.NegativeSign = "\u2212";
        CultureInfo.DefaultThreadCurrentCulture = culture;
        CultureInfo.CurrentCulture = culture;
    }
}
