using System.Numerics.Tensors;

namespace LeoCvae.Evaluation;

/// <summary>
/// The last steps and how they changed the gradient: what L-BFGS knows of the curvature (Nocedal and Wright, Numerical Optimization,
/// algorithm 7.4). Not thread-safe.
/// </summary>
/// <param name="parameters">Their number.</param>
/// <param name="curvature">What was known before the first step; null for nothing.</param>
sealed class LbfgsHistory(int parameters, LogisticCurvature? curvature = null)
{
    const int Most = 10;

    readonly List<(double[] Step, double[] Change, double Product)> _pairs = [];
    readonly double[] _factors = new double[Most];

    /// <summary>Adds a step along which the slope became greater, and forgets the oldest one of many.</summary>
    public void Add(ReadOnlySpan<double> step, ReadOnlySpan<double> change)
    {
        (double[] Step, double[] Change, double Product) pair = (new double[parameters], new double[parameters], 0);
        if (_pairs.Count == Most)
        {
            pair = _pairs[0];
            _pairs.RemoveAt(0);
        }
        step.CopyTo(pair.Step);
        change.CopyTo(pair.Change);
        _pairs.Add(pair with { Product = DoubleVectors.Dot(step, change) });
    }

    /// <summary>The direction to go in from where the gradient is this.</summary>
    public void Descend(ReadOnlySpan<double> gradient, Span<double> direction)
    {
        TensorPrimitives.Negate(gradient, direction);
        for (int i = _pairs.Count - 1; i >= 0; i--)
        {
            (double[] step, double[] change, double product) = _pairs[i];
            _factors[i] = DoubleVectors.Dot(step, direction) / product;
            TensorPrimitives.MultiplyAdd(change, -_factors[i], direction, direction);
        }
        if (curvature is not null)
            curvature.Divide(direction);
        else if (_pairs.Count > 0)
        {
            (_, double[] change, double product) = _pairs[^1];
            TensorPrimitives.Multiply(direction, product / DoubleVectors.Dot(change, change), direction);
        }
        for (int i = 0; i < _pairs.Count; i++)
        {
            (double[] step, double[] change, double product) = _pairs[i];
            TensorPrimitives.MultiplyAdd(step, _factors[i] - DoubleVectors.Dot(change, direction) / product, direction, direction);
        }
    }
}
