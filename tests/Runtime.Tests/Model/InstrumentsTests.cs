using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace LeoCvae.Runtime.Tests;

/// <summary>What an application's own listeners see.</summary>
[TestClass]
[DoNotParallelize]
public class InstrumentsTests
{
    [TestMethod]
    public void Rows_and_seconds_of_calls_can_be_listened_to()
    {
        using LeoModel model = TestModel.Load();
        Dictionary<string, double> sums = [];
        List<string> operations = [], activities = [];
        using MeterListener meter = new()
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == "LeoCvae")
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        meter.SetMeasurementEventCallback<long>((instrument, rows, _, _) =>
            sums[instrument.Name] = sums.GetValueOrDefault(instrument.Name) + rows);
        meter.SetMeasurementEventCallback<double>((instrument, seconds, tags, _) =>
        {
            Assert.IsInRange(0, 60, seconds);
            operations.Add($"{instrument.Name} {tags[0].Value}");
        });
        using ActivityListener listener = new()
        {
            ShouldListenTo = source => source.Name == "LeoCvae",
            Sample = (ref _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity => activities.Add($"{activity.OperationName} {activity.GetTagItem("leocvae.rows")}"),
        };
        ActivitySource.AddActivityListener(listener);
        meter.Start();
        _ = model.Generate(model.SplitEqually(10));
        double[] rows = new double[3 * 30];
        model.Generate(0, first: 0, count: 3, rows);
        model.Embed(rows, 0, new float[3 * model.Manifest.LatentSize]);
        // A call that is refused is none.
        Assert.ThrowsExactly<ArgumentException>(() => model.Embed(rows, 0, new float[1]));
        Assert.AreEqual(13, sums["leocvae.rows.generated"]);
        Assert.AreEqual(3, sums["leocvae.rows.embedded"]);
        Assert.AreSequenceEqual((string[])[.. ((string[])["generate", "generate", "embed"]).Select(operation =>
            $"leocvae.call.duration {operation}")], operations);
        Assert.AreSequenceEqual((string[])["leocvae generate 10", "leocvae generate 3", "leocvae embed 3"], activities);
    }
}
