using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LeoCvae.Training;

/// <summary>
/// Adam with an L2 penalty in the gradient, step for step what TorchSharp's computes, but with scalars that live as long as the
/// calls that read them (see <see cref="TorchEngine"/>). Not thread-safe.
/// </summary>
sealed class Adam : IDisposable
{
    readonly double _learningRate;
    readonly (Parameter Weight, Tensor Mean, Tensor Square)[] _states;
    readonly Scalar _one = 1, _beta1 = AdamStep.Beta1, _beta2 = AdamStep.Beta2, _rest1 = 1 - AdamStep.Beta1,
        _rest2 = 1 - AdamStep.Beta2, _epsilon = AdamStep.Epsilon;
    readonly Scalar? _weightDecay;

    /// <summary>Takes the parameters but doesn't own them; libtorch must be loaded.</summary>
    public Adam(IEnumerable<Parameter> parameters, double learningRate, double weightDecay)
    {
        _learningRate = learningRate;
        _weightDecay = weightDecay == 0 ? null : weightDecay;
        using DisposeScope scope = NewDisposeScope();
        Tensor Zeros(Parameter like) => zeros_like(like).DetachFromDisposeScope();
        _states = [.. parameters.Select(parameter => (parameter, Zeros(parameter), Zeros(parameter)))];
    }

    /// <summary>Steps taken.</summary>
    public int Steps { get; set; }

    /// <summary>Running means of a parameter's gradient and of its square.</summary>
    public (Tensor Mean, Tensor Square) State(Parameter parameter)
    {
        (_, Tensor mean, Tensor square) = Array.Find(_states, state => ReferenceEquals(state.Weight, parameter));
        return (mean, square);
    }

    /// <summary>Sets all gradients to zero.</summary>
    public void ZeroGradients()
    {
        foreach ((Parameter weight, _, _) in _states)
        {
            using Tensor? gradient = weight.grad;
            gradient?.zero_();
        }
    }

    /// <summary>Moves the weights along their gradients.</summary>
    public void Step()
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable inference = no_grad();
        Steps++;
        using Scalar root = Math.Sqrt(1 - Math.Pow(AdamStep.Beta2, Steps)),
            size = -(_learningRate / (1 - Math.Pow(AdamStep.Beta1, Steps)));
        foreach ((Parameter weight, Tensor mean, Tensor square) in _states)
        {
            Tensor gradient = weight.grad!;
            if (_weightDecay is not null)
                gradient = gradient.add(weight, _weightDecay);
            mean.mul_(_beta1).add_(gradient, _rest1);
            square.mul_(_beta2).addcmul_(gradient, gradient, _rest2);
            weight.addcdiv_(mean, square.sqrt().div(root).add_(_epsilon, _one), size);
        }
    }

    public void Dispose()
    {
        foreach ((_, Tensor mean, Tensor square) in _states)
        {
            mean.Dispose();
            square.Dispose();
        }
        foreach (Scalar? scalar in (Scalar?[])[_one, _beta1, _beta2, _rest1, _rest2, _epsilon, _weightDecay])
            scalar?.Dispose();
    }
}
