namespace LeoCvae;

/// <summary>A linear layer y = x W (+ start) with its weights laid out for <see cref="Gemm"/>. Thread-safe.</summary>
sealed unsafe class DenseLayer : IDisposable
{
    readonly FloatMemory _weight, _bias;

    /// <summary>Copies weights (inputs x outputs, row by row) and the bias, if there is one.</summary>
    public DenseLayer(ReadOnlySpan<float> weight, ReadOnlySpan<float> bias, int outputs)
    {
        (Inputs, Outputs, Stride) = (weight.Length / outputs, outputs, Gemm.Padded(outputs));
        _weight = new((long)Inputs * Stride);
        _bias = new(Stride);
        Gemm.ToPanels(weight, outputs, _weight.Start);
        bias.CopyTo(new(_bias.Start, outputs));
    }

    public int Inputs { get; }

    public int Outputs { get; }

    /// <summary>Floats from a row of y to the next: the outputs, padded.</summary>
    public int Stride { get; }

    /// <summary>y = x W + bias, or onto what y holds already.</summary>
    /// <param name="x">rows x inputs.</param>
    /// <param name="xStride">Floats from a row of x to the next.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="y">rows x <see cref="Stride"/>.</param>
    /// <param name="ontoY">Whether the product is added to y instead of the bias.</param>
    public void Apply<T>(float* x, int xStride, int rows, float* y, bool ontoY) where T : struct, ISimd<T>
    {
        float* start = ontoY ? y : _bias.Start;
        Gemm.MultiplyPanels<T>(rows, Stride, Inputs, x, xStride, _weight.Start, y, Stride, start, ontoY ? Stride : 0);
        GC.KeepAlive(this);
    }

    public void Dispose()
    {
        _weight.Dispose();
        _bias.Dispose();
    }
}
