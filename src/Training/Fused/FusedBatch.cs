namespace LeoCvae.Training;

/// <summary>
/// What the rows of a batch come to on their way through the network, in one block of memory; strides are the layers' padded widths,
/// and padding is zero. Not thread-safe.
/// </summary>
sealed unsafe class FusedBatch : IDisposable
{
    readonly FusedLayout _layout;
    readonly int[] _widths, _rows;
    readonly FloatMemory _memory;
    readonly nint[] _hidden = new nint[4], _gradients = new nint[4], _masks = new nint[4];

    public FusedBatch(FusedLayout layout, int numbers, int capacity)
    {
        (_layout, NumberStride, Capacity, _rows, _widths) = (layout, Gemm.Padded(numbers), capacity, new int[capacity],
            layout.Shape.HiddenWidths);
        long outputs = layout.Decoder3.Stride, latent = layout.PaddedLatent, hidden = _widths.Sum(width => (long)Gemm.Padded(width));
        _memory = new(capacity * (NumberStride + outputs + 3 * hidden + 8 * latent) + 2 * Gemm.Padded(capacity));
        float* next = _memory.Start;
        float* Take(long width)
        {
            float* taken = next;
            next += capacity * width;
            return taken;
        }
        X = Take(NumberStride);
        Output = Take(outputs);
        for (int i = 0; i < _widths.Length; i++)
            foreach (nint[] activations in (nint[][])[_hidden, _gradients, _masks])
                activations[i] = (nint)Take(Gemm.Padded(_widths[i]));
        Heads = Take(2 * latent);
        HeadsGradient = Take(2 * latent);
        Noise = Take(latent);
        Deviations = Take(latent);
        Z = Take(latent);
        ZGradient = Take(latent);
        RowLosses = Take(1);
        RowKlds = Take(1);
    }

    /// <summary>The most rows.</summary>
    public int Capacity { get; }

    /// <summary>Rows there are.</summary>
    public int Count { get; private set; }

    /// <summary>Row numbers in the table.</summary>
    public ReadOnlySpan<int> Rows => _rows.AsSpan(0, Count);

    /// <summary>Whether masks were given.</summary>
    public bool IsMasked { get; private set; }

    /// <summary>Floats from a row of <see cref="X"/> to the next.</summary>
    public int NumberStride { get; }

    /// <summary>The features that are numbers.</summary>
    public float* X { get; }

    /// <summary>The decoder's outputs; later the gradients of them.</summary>
    public float* Output { get; }

    /// <summary>mu, then log-variance.</summary>
    public float* Heads { get; }

    public float* HeadsGradient { get; }

    public float* Noise { get; }

    /// <summary>exp(log-variance / 2).</summary>
    public float* Deviations { get; }

    public float* Z { get; }

    public float* ZGradient { get; }

    /// <summary>One weighted squared error a row.</summary>
    public float* RowLosses { get; }

    /// <summary>One KL term a row.</summary>
    public float* RowKlds { get; }

    public nint HiddenStride(int layer) => Gemm.Padded(_widths[layer]);

    public float* Hidden(int layer) => (float*)_hidden[layer];

    public float* Gradient(int layer) => (float*)_gradients[layer];

    public float* Mask(int layer) => (float*)_masks[layer];

    /// <summary>Takes the rows, noise and masks of a step; no noise is noise of 0.</summary>
    public void Load(ReadOnlySpan<int> rows, ReadOnlySpan<float> noise, float[][]? masks)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rows.Length, Capacity);
        rows.CopyTo(_rows);
        Count = rows.Length;
        IsMasked = masks is not null;
        if (noise.IsEmpty)
            new Span<float>(Noise, Count * _layout.PaddedLatent).Clear();
        else
            Pad(noise, _layout.Shape.Latent, Noise);
        for (int i = 0; i < masks?.Length; i++)
            Pad(masks[i], _widths[i], Mask(i));
    }

    public void Dispose() => _memory.Dispose();

    void Pad(ReadOnlySpan<float> values, int width, float* to)
    {
        int stride = Gemm.Padded(width);
        if (stride == width)
            values[..(Count * width)].CopyTo(new Span<float>(to, Count * width));
        else
            for (int i = 0; i < Count; i++)
                values.Slice(i * width, width).CopyTo(new Span<float>(to + i * (nint)stride, width));
    }
}
