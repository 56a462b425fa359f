using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace LeoCvae.Extensions;

/// <summary>Models in a container of services.</summary>
public static class LeoModelServices
{
    /// <summary>
    /// Adds a model as a singleton <see cref="LeoModel"/>. Its options are validated and its files read when the application starts: a
    /// missing or damaged model is an <see cref="OptionsValidationException"/> there, not an error of the first request. The container
    /// disposes of it.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets the options.</param>
    /// <example><code>
    /// builder.Services.AddLeoModel(options => options.Path = "models/lung");
    /// app.MapGet("/rows", (LeoModel model) => model.Generate(model.SplitEqually(10)).RowCount);
    /// </code></example>
    public static IServiceCollection AddLeoModel(this IServiceCollection services, Action<LeoModelOptions> configure) =>
        Add(services, null, configure);

    /// <summary>The same by a key, for several models in one application.</summary>
    /// <param name="services">The services.</param>
    /// <param name="key">The key: <c>[FromKeyedServices("lung")] LeoModel model</c>.</param>
    /// <param name="configure">Sets the options.</param>
    /// <exception cref="ArgumentException">The key is empty, or was used before.</exception>
    public static IServiceCollection AddLeoModel(this IServiceCollection services, string key, Action<LeoModelOptions> configure)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        return Add(services, key, configure);
    }

    /// <summary>Adds a check that generates a row of each class: "leo-model", or "leo-model-KEY".</summary>
    /// <param name="builder">The health checks.</param>
    /// <param name="key">The model's key; null for the model without one.</param>
    /// <example><code>builder.Services.AddHealthChecks().AddLeoModel();</code></example>
    public static IHealthChecksBuilder AddLeoModel(this IHealthChecksBuilder builder, string? key = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new(key is null ? "leo-model" : $"leo-model-{key}", services => new LeoModelCheck(() =>
            key is null ? services.GetRequiredService<LeoModel>() : services.GetRequiredKeyedService<LeoModel>(key)), null, null));
    }

    static IServiceCollection Add(IServiceCollection services, string? key, Action<LeoModelOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        if (services.Any(service => service.ServiceType == typeof(LeoModel) && Equals(service.ServiceKey, key)))
            throw key is null
                ? Fault.Argument(nameof(services), $"a model without a key was added before, expected a key for each of several")
                : Fault.Argument(nameof(key), $"got the key '{key}' again, expected one for each model");
        string name = key ?? Options.DefaultName;
        services.AddOptions<LeoModelOptions>(name).Configure(configure).ValidateOnStart();
        services.AddKeyedSingleton<LeoModelSource>(name);
        services.AddSingleton<IValidateOptions<LeoModelOptions>>(provider =>
            new LeoModelValidation(name, provider.GetRequiredKeyedService<LeoModelSource>(name)));
        LeoModel Load(IServiceProvider provider) => provider.GetRequiredKeyedService<LeoModelSource>(name)
            .Load(provider.GetRequiredService<IOptionsMonitor<LeoModelOptions>>().Get(name));
        if (key is null)
            services.AddSingleton(Load);
        else
            services.AddKeyedSingleton(key, (provider, _) => Load(provider));
        return services;
    }
}
