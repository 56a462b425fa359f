using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace LeoCvae.Extensions.Tests;

[TestClass]
public class LeoModelServicesTests
{
    public required TestContext TestContext { get; set; }

    CancellationToken Cancellation => TestContext.CancellationToken;

    static IHost Host(Action<IServiceCollection> add)
    {
        HostApplicationBuilder builder = new(new HostApplicationBuilderSettings { DisableDefaults = true });
        add(builder.Services);
        return builder.Build();
    }

    [TestMethod]
    public async Task Models_are_singletons_by_key_and_end_with_the_container()
    {
        LeoModel plain, keeping;
        using (IHost host = Host(services => services.AddLeoModel(options => options.Path = ServedModel.Plain)
            .AddLeoModel("keeping", options => (options.Path, options.RequireReference) = (ServedModel.Keeping, true))))
        {
            await host.StartAsync(Cancellation);
            plain = host.Services.GetRequiredService<LeoModel>();
            keeping = host.Services.GetRequiredKeyedService<LeoModel>("keeping");
            Assert.AreSame(plain, host.Services.GetRequiredService<LeoModel>());
            Assert.AreSame(keeping, host.Services.GetRequiredKeyedService<LeoModel>("keeping"));
            Assert.IsFalse(plain.HasReference);
            Assert.IsTrue(keeping.HasReference);
            Assert.AreEqual(4, plain.Generate(plain.SplitEqually(4)).RowCount);
        }
        foreach (LeoModel model in (LeoModel[])[plain, keeping])
            Assert.ThrowsExactly<ObjectDisposedException>(() => model.Generate(model.SplitEqually(4)));
    }

    [TestMethod]
    public async Task A_device_that_may_be_missing_is_done_without()
    {
        using IHost host = Host(services => services.AddLeoModel(options => (options.Path, options.Device) = (ServedModel.Plain, "auto")));
        await host.StartAsync(Cancellation);
        LeoModel model = host.Services.GetRequiredService<LeoModel>();
        Assert.IsNotNull(model.DeviceFallback);
        Assert.AreEqual(4, model.Generate(model.SplitEqually(4)).RowCount);
    }

    [TestMethod]
    public async Task A_model_that_cannot_be_served_is_refused_at_the_start()
    {
        string nowhere = Path.Combine(ServedModel.Plain, "nowhere");
        await Refused(options => { }, "expected a model folder");
        await Refused(options => options.Path = nowhere, nowhere);
        await Refused(options => (options.Path, options.RequireReference) = (ServedModel.Plain, true), "--with-reference");
        await Refused(options => (options.Path, options.MaxDegreeOfParallelism) = (ServedModel.Plain, 0), "MaxDegreeOfParallelism");
        await Refused(options => (options.Path, options.Evaluator) = (ServedModel.Plain, (Evaluator)7), "Evaluator");
        await Refused(options => (options.Path, options.Device) = (ServedModel.Plain, "gpu"), "expected cpu, cuda or auto");
        // The tests have no native library.
        await Refused(options => (options.Path, options.Evaluator) = (ServedModel.Plain, Evaluator.OnnxRuntime), "add the package");
        await Refused(options => (options.Path, options.Device) = (ServedModel.Plain, "cuda"), "add the package");
    }

    async Task Refused(Action<LeoModelOptions> configure, string message)
    {
        foreach (string? key in (string?[])[null, "lung"])
        {
            using IHost host = Host(services => _ = key is null ? services.AddLeoModel(configure) : services.AddLeoModel(key, configure));
            OptionsValidationException e = await Assert.ThrowsExactlyAsync<OptionsValidationException>(() => host.StartAsync(Cancellation));
            Assert.Contains(message, e.Message);
        }
    }

    [TestMethod]
    public void A_key_is_given_once()
    {
        IServiceCollection services = new ServiceCollection().AddLeoModel("a", _ => { }).AddLeoModel(_ => { });
        Expect.Throws<ArgumentException>(() => services.AddLeoModel("a", _ => { }), "got the key 'a' again");
        Expect.Throws<ArgumentException>(() => services.AddLeoModel(_ => { }), "a model without a key was added before");
        Expect.Throws<ArgumentException>(() => services.AddLeoModel("", _ => { }));
    }

    [TestMethod]
    public async Task Health_is_that_rows_can_be_made()
    {
        using IHost host = Host(services => services.AddLogging().AddLeoModel("a", options => options.Path = ServedModel.Plain)
            .AddLeoModel(options => options.Path = ServedModel.Keeping).AddHealthChecks().AddLeoModel("a").AddLeoModel());
        HealthCheckService health = host.Services.GetRequiredService<HealthCheckService>();
        HealthReport report = await health.CheckHealthAsync(Cancellation);
        Assert.AreEqual(HealthStatus.Healthy, report.Status);
        Assert.AreSequenceEqual((string[])["leo-model", "leo-model-a"], report.Entries.Keys.Order().ToArray());
        host.Services.GetRequiredKeyedService<LeoModel>("a").Dispose();
        report = await health.CheckHealthAsync(Cancellation);
        Assert.AreEqual(HealthStatus.Unhealthy, report.Entries["leo-model-a"].Status);
        Assert.AreEqual(HealthStatus.Healthy, report.Entries["leo-model"].Status);
    }
}
