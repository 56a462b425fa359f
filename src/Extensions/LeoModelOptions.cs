using Microsoft.Extensions.Options;

namespace LeoCvae.Extensions;

/// <summary>Which model an application serves, and how it is evaluated. Validated when the application starts.</summary>
public sealed class LeoModelOptions
{
    /// <summary>A model folder, or a generator.onnx alone (which can generate, but not embed or score).</summary>
    public string Path { get; set; } = "";

    /// <summary>What runs the networks; default the managed evaluator.</summary>
    public Evaluator Evaluator { get; set; }

    /// <summary>Where the networks run: "cpu" (default), "cuda", or "auto", as <see cref="RuntimeOptions.Device"/>.</summary>
    public string Device { get; set; } = RuntimeOptions.Cpu;

    /// <summary>Threads for large requests; default -1, all cores.</summary>
    public int MaxDegreeOfParallelism { get; set; } = -1;

    /// <summary>Whether the model must keep its training rows, which scores and vectors of rows without labels need; default no.</summary>
    public bool RequireReference { get; set; }
}

/// <summary>Says at the start what would fail at the first request. A model is read whole: that is how its hashes are checked.</summary>
sealed class LeoModelValidation(string? name, LeoModelSource source) : IValidateOptions<LeoModelOptions>
{
    public ValidateOptionsResult Validate(string? optionsName, LeoModelOptions options)
    {
        if (optionsName != name)
            return ValidateOptionsResult.Skip;
        if (string.IsNullOrWhiteSpace(options.Path))
            return ValidateOptionsResult.Fail("LeoModelOptions.Path: got nothing, expected a model folder");
        try
        {
            source.Load(options);
            return ValidateOptionsResult.Success;
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException or ArgumentException
            or InvalidOperationException or DllNotFoundException)
        {
            return ValidateOptionsResult.Fail($"LeoModelOptions: {e.Message}");
        }
    }
}

/// <summary>The model of some options, loaded once.</summary>
sealed class LeoModelSource : IDisposable
{
    readonly Lock _lock = new();
    LeoModel? _model;

    public LeoModel Load(LeoModelOptions options)
    {
        lock (_lock)
        {
            if (_model is not null)
                return _model;
            LeoModel model = LeoModel.Load(options.Path, new()
            {
                Evaluator = options.Evaluator,
                Device = options.Device,
                MaxDegreeOfParallelism = options.MaxDegreeOfParallelism,
            });
            if (options.RequireReference && !model.HasReference)
            {
                model.Dispose();
                throw new InvalidOperationException($"{options.Path}: the model keeps none of its training rows, which are required " +
                    "here; fit it with a reference (TrainingOptions.WithReference, train --with-reference)");
            }
            return _model = model;
        }
    }

    public void Dispose() => _model?.Dispose();
}
