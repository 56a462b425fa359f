namespace LeoCvae.Tests;

/// <summary>Keeps what is reported, on the reporting thread.</summary>
sealed class Reports<T> : IProgress<T>
{
    public List<T> All { get; } = [];

    public void Report(T value) => All.Add(value);
}

static class ReportsExtensions
{
    /// <summary>Fails where shares fall, leave 0 to 1, or say little of the way.</summary>
    public static void RequireRising(this IEnumerable<double> shares, int atLeast)
    {
        double[] all = [.. shares];
        Assert.IsGreaterThanOrEqualTo(atLeast, all.Length);
        Assert.AreSequenceEqual(all.Order(), all);
        Assert.IsTrue(all[0] is >= 0 and <= 0.5 && all[^1] is > 0.8 and <= 1, string.Join(' ', all));
    }
}
