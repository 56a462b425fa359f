using System.CommandLine;

namespace LeoCvae.Cli;

/// <summary>What runs a model, and where.</summary>
sealed class EvaluatorArguments
{
    const string Managed = "managed", Onnx = "onnx";

    readonly Option<string> _evaluator = Verb.Text("--evaluator", "NAME",
        "managed (default: our own kernels) or onnx (ONNX Runtime), which gives the same rows but for rounding");
    readonly Option<string> _device;

    /// <param name="verb">Gets the options.</param>
    /// <param name="device">Its own --device, where it has one.</param>
    public EvaluatorArguments(Verb verb, Option<string>? device = null)
    {
        _device = device ?? Verb.Text("--device", "NAME", "cpu (default), cuda (by ONNX Runtime), or auto: CUDA where it can be had");
        verb.Add(_evaluator);
        if (device is null)
            verb.Add(_device);
    }

    /// <summary>
    /// How a model that is yet to be fitted makes rows; null: as it comes from the fit, whatever device that has.
    /// </summary>
    /// <exception cref="DllNotFoundException">It would fail after the fit.</exception>
    public RuntimeOptions? ReadForFit(ParseResult arguments, Session session)
    {
        if (Evaluator(arguments) == LeoCvae.Evaluator.Managed)
            return null;
        RuntimeOptions options = Read(arguments, session);
        options.RequireEvaluator();
        return options;
    }

    /// <summary>Loads a model, and says where it runs if it was left open and isn't CUDA.</summary>
    public LeoModel Load(string folder, ParseResult arguments, Session session)
    {
        if (arguments.GetValue(_evaluator) == Managed && arguments.GetValue(_device) is not (null or RuntimeOptions.Cpu))
            throw new UsageException($"{_evaluator.Name} {Managed} runs on the CPU; leave out {_device.Name}, or give " +
                $"{_evaluator.Name} {Onnx}");
        LeoModel model = LeoModel.Load(folder, Read(arguments, session));
        if (model.DeviceFallback is string why)
            session.Say($"running on the CPU: {why}");
        return model;
    }

    RuntimeOptions Read(ParseResult arguments, Session session)
    {
        string device = arguments.GetValue(_device) ?? RuntimeOptions.Cpu;
        if (device == RuntimeOptions.Cuda)
            RequireOnnxRuntime($"{_device.Name} {device}");
        return session.RuntimeOptions with
        {
            Evaluator = Evaluator(arguments),
            Device = device is RuntimeOptions.Cpu or RuntimeOptions.Cuda or RuntimeOptions.Auto ? device
                : throw new ArgumentException($"{_device.Name}: got '{device}', expected cpu, cuda or auto"),
        };
    }

    Evaluator Evaluator(ParseResult arguments) => arguments.GetValue(_evaluator) switch
    {
        null or Managed => LeoCvae.Evaluator.Managed,
        Onnx => RequireOnnxRuntime($"{_evaluator.Name} {Onnx}"),
        string name => throw new ArgumentException($"{_evaluator.Name}: got '{name}', expected {Managed} or {Onnx}"),
    };

    static Evaluator RequireOnnxRuntime(string option) => OnnxRuntimeSupport.IsEnabled ? LeoCvae.Evaluator.OnnxRuntime
        : throw new DllNotFoundException($"{option}: ONNX Runtime is not in a tool that Native AOT compiled; one that is run from a " +
            $"clone of its repository has it");
}
