using System.Globalization;

namespace LeoCvae.Cli;

/// <summary>Reads option values; a wrong one is named with what was expected.</summary>
static class Values
{
    public static ulong Seed(string? text) => text is null ? LeoModel.DefaultSeed
        : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed) ? seed
        : throw new ArgumentException($"--seed: got '{text}', expected a whole number from 0 to {ulong.MaxValue}");

    public static int? Int(string option, string? text, int minimum = int.MinValue) => (int?)Long(option, text, minimum, int.MaxValue);

    public static long? Long(string option, string? text, long minimum = long.MinValue, long maximum = long.MaxValue) => text is null ? null
        : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) && value >= minimum && value <= maximum ? value
        : throw new ArgumentException($"{option}: got '{text}', expected a whole number{(minimum > int.MinValue ? $" of at least {minimum}" : "")}");

    public static double? Number(string option, string? text) => text is null ? null
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) ? value
        : throw new ArgumentException($"{option}: got '{text}', expected a number");
}
