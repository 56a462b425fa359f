using System.Numerics.Tensors;

namespace LeoCvae.Evaluation;

/// <summary>
/// Finds the weights with the least loss: the sum of the rows' cross-entropies and half the squared length of all weights but the
/// intercepts. Logits along a direction are linear in the step, so that a step costs no pass over the features. Not thread-safe.
/// </summary>
sealed class LogisticFit
{
    // The loss curves by 1/2 at least: no weight is further than twice this from the best one.
    const double Tolerance = 1e-3;
    const int MostSteps = 1000, MostTrials = 40, LeastSteps = 10;
    // Wolfe's conditions: the loss falls by this share of what the slope promises, and the slope to this share of what it was.
    const double LeastFall = 1e-4, MostSlope = 0.9;
    // Of the loss: what is less is rounding.
    const double Rounding = 1e-12;

    readonly LogisticRows _rows;
    readonly int[] _labels;
    readonly float[] _weights;
    readonly int _outputs, _intercept, _firstClass;
    readonly double _penalty;
    readonly double[] _parameters, _gradient, _logits, _ahead, _probabilities, _errors;

    LogisticFit(Matrix x, int[] labels, float[] weights, int classes)
    {
        (_rows, _labels, _weights, _outputs) = (new(x), labels, weights, LogisticModel.Outputs(classes));
        (_intercept, _firstClass) = (x.Columns, classes - _outputs);
        // The one logit of two classes is the difference of two whose weights are half as long, and opposite.
        _penalty = _outputs == 1 ? 0.5 : 1;
        int parameters = checked(_outputs * _rows.Stride), logits = checked(_outputs * x.Rows);
        (_parameters, _gradient) = (new double[parameters], new double[parameters]);
        (_logits, _ahead, _probabilities, _errors) = (new double[logits], new double[logits], new double[logits], new double[logits]);
    }

    /// <summary>Fits labels below <paramref name="classes"/>, each of which occurs.</summary>
    public static LogisticModel Run(Matrix x, int[] labels, float[] weights, int classes, CancellationToken cancellation)
    {
        LogisticFit fit = new(x, labels, weights, classes);
        fit.Minimize(cancellation);
        return new(fit._parameters, classes);
    }

    void Minimize(CancellationToken cancellation)
    {
        LbfgsHistory history = new(_parameters.Length);
        double[] direction = new double[_parameters.Length], change = new double[_parameters.Length];
        // A step is two products with all rows. The curvature is taken anew when steps have cost as much as it does.
        double every = Math.Max(LeastSteps, LogisticCurvature.Work(_rows, _outputs) / (2.0 * _rows.Count * _parameters.Length));
        int renewed = 0;
        double loss = Loss(0);
        for (int step = 0; step < MostSteps; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            _gradient.CopyTo(change, 0);
            Differentiate();
            if (step > 0)
            {
                TensorPrimitives.Subtract(_gradient, change, change);
                history.Add(direction, change);
            }
            if (DoubleVectors.Dot(_gradient, _gradient) <= Tolerance * Tolerance)
                return;
            if (step >= renewed + every)
                (history, renewed) = (new(_parameters.Length, new(_rows, _probabilities, _weights, _penalty)), step);
            history.Descend(_gradient, direction);
            if (!Search(direction, ref loss))
                return;
        }
    }

    // The gradient of all, where the errors are from.
    void Differentiate()
    {
        TensorPrimitives.Multiply(_parameters, _penalty, _gradient);
        for (int c = 0; c < _outputs; c++)
            _gradient[c * _rows.Stride + _intercept] = 0;
        _rows.Add(_errors, _gradient);
    }

    // Goes as far in the direction as Wolfe's conditions ask for, and makes it the step; false where nothing but rounding is left.
    bool Search(double[] direction, ref double loss)
    {
        _rows.Multiply(direction, _ahead);
        double penalty = Penalty(_parameters, _parameters), slopeOfPenalty = Penalty(_parameters, direction),
            curvatureOfPenalty = Penalty(direction, direction);
        (double slope, double curvature) = Bend();
        double startLoss = loss + penalty / 2, startSlope = slope + slopeOfPenalty, rounding = Rounding * startLoss;
        if (!(startSlope < 0))
            return false;
        (double low, double high, double length) = (0, double.PositiveInfinity, -startSlope / (curvature + curvatureOfPenalty));
        for (int trial = 0; trial < MostTrials; trial++)
        {
            loss = Loss(length);
            (slope, curvature) = Bend();
            slope += slopeOfPenalty + length * curvatureOfPenalty;
            double change = loss + penalty / 2 + length * (slopeOfPenalty + length * curvatureOfPenalty / 2) - startLoss;
            if (change > LeastFall * length * startSlope + rounding)
                high = length;
            else if (slope < MostSlope * startSlope)
                low = length;
            else
            {
                TensorPrimitives.Multiply(direction, length, direction);
                TensorPrimitives.Add(_parameters, direction, _parameters);
                TensorPrimitives.MultiplyAdd(_ahead, length, _logits, _logits);
                return true;
            }
            double newton = length - slope / (curvature + curvatureOfPenalty);
            length = newton > low && newton < high ? newton : double.IsFinite(high) ? (low + high) / 2 : 2 * low;
        }
        return false;
    }

    // The rows' cross-entropies so far along the direction; leaves their probabilities and errors.
    double Loss(double length)
    {
        TensorPrimitives.MultiplyAdd(_ahead, length, _logits, _probabilities);
        double loss = 0;
        for (int i = 0; i < _rows.Count; i++)
        {
            Span<double> row = _probabilities.AsSpan(i * _outputs, _outputs), errors = _errors.AsSpan(i * _outputs, _outputs);
            int own = _labels[i] - _firstClass;
            double logit = own < 0 ? 0 : row[own], weight = _weights[i];
            loss += weight * (LogisticModel.Softmax(row) - logit);
            for (int c = 0; c < errors.Length; c++)
                errors[c] = weight * (row[c] - (c == own ? 1 : 0));
        }
        return loss;
    }

    // The first and second derivative of the rows' cross-entropies along the direction.
    (double Slope, double Curvature) Bend()
    {
        double curvature = 0;
        for (int i = 0; i < _rows.Count; i++)
        {
            (double mean, double squares) = (0, 0);
            for (int at = i * _outputs; at < (i + 1) * _outputs; at++)
            {
                double share = _probabilities[at] * _ahead[at];
                mean += share;
                squares += share * _ahead[at];
            }
            curvature += _weights[i] * (squares - mean * mean);
        }
        return (DoubleVectors.Dot(_errors, _ahead), curvature);
    }

    // The penalty's product of two vectors: without the intercepts.
    double Penalty(double[] a, double[] b)
    {
        double product = DoubleVectors.Dot(a, b);
        for (int c = 0, at = _intercept; c < _outputs; c++, at += _rows.Stride)
            product -= a[at] * b[at];
        return _penalty * product;
    }
}
