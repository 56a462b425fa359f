namespace LeoCvae.Training;

/// <summary>A linear layer; weights inputs x outputs, row by row.</summary>
sealed record ClassLayer(int Inputs, int Outputs, float[] Weight, float[] Bias);

/// <summary>
/// A network that tells a row's class: features -> h -> h/2 -> classes, LeakyReLU, softmax. Every batch has as many rows of each class, so
/// that its shares are those of classes that are equally frequent. One thread; the result doesn't depend on the width of registers.
/// </summary>
/// <param name="x">Encoded rows.</param>
/// <param name="members">Of each class the rows that are learned from; a class without any is never told.</param>
/// <param name="hidden">h.</param>
/// <param name="random">Where weights start and rows are drawn.</param>
/// <param name="major">Which network of this stream it is.</param>
sealed unsafe class ClassNetwork(Matrix x, int[][] members, int hidden, CounterRandom random, int major)
{
    const int Batch = 32, MostSteps = 4000, FewestSteps = 500;

    // Of wide tables, whose steps are dear and whose rows are few, fewer steps.
    const int StepsTimesFeatures = 4_000_000;

    const double LearningRate = 1e-3, WeightDecay = 1e-5, GradientClip = 1;

    // Rows of the stream: steps, and behind them the layers' first weights.
    const long FirstLayer = 1L << 38;

    /// <summary>The fitted layers.</summary>
    public ClassLayer[] Layers { get; private set; } = [];

    /// <summary>Fits it.</summary>
    public ClassNetwork Fit(CancellationToken cancellation)
    {
        Simd.Run<Fitting, int>(new(this, cancellation));
        return this;
    }

    readonly struct Fitting(ClassNetwork network, CancellationToken cancellation) : ISimdWork<int>
    {
        public int On<T>() where T : struct, ISimd<T>
        {
            using Pass<T> pass = new(network.Initial(), Batch, withGradients: true);
            (int[][] members, int[] labels) = (network.Members, new int[Batch]);
            int[] known = [.. Enumerable.Range(0, members.Length).Where(c => members[c].Length > 0)];
            float[] uniform = new float[Batch];
            // A network that has nothing to learn from stays as it starts.
            int steps = known.Length == 0 ? 0 : Math.Clamp(StepsTimesFeatures / network.X.Columns, FewestSteps, MostSteps);
            for (int step = 0; step < steps; step++)
            {
                cancellation.ThrowIfCancellationRequested();
                network.Random.FillUniform(CounterRandom.Row(network.Major, step), uniform);
                for (int i = 0; i < Batch; i++)
                {
                    labels[i] = known[(step * Batch + i) % known.Length];
                    int[] own = members[labels[i]];
                    network.X[own[(int)(uniform[i] * own.Length)]].CopyTo(pass.Input(i));
                }
                pass.Step(labels, step + 1);
            }
            network.Layers = pass.Read();
            return steps;
        }
    }

    /// <summary>The share that rows' own class gets.</summary>
    /// <param name="rows">Row numbers.</param>
    /// <param name="classIndex">Their class.</param>
    public float[] Shares(int[] rows, int classIndex) => Simd.Run<Telling, float[]>(new(this, rows, classIndex));

    readonly struct Telling(ClassNetwork network, int[] rows, int classIndex) : ISimdWork<float[]>
    {
        public float[] On<T>() where T : struct, ISimd<T>
        {
            float[] shares = new float[rows.Length];
            using Pass<T> pass = new(network.Layers, Batch, withGradients: false);
            for (int first = 0; first < rows.Length; first += Batch)
            {
                int count = Math.Min(Batch, rows.Length - first);
                for (int i = 0; i < count; i++)
                    network.X[rows[first + i]].CopyTo(pass.Input(i));
                pass.Forward(count);
                for (int i = 0; i < count; i++)
                    shares[first + i] = pass.Shares(i)[classIndex];
            }
            return shares;
        }
    }

    /// <summary>The mean loss of a batch of all rows given and its gradients by the layers, without a step.</summary>
    internal static (double Loss, ClassLayer[] Gradients) Gradient(ClassLayer[] layers, Matrix rows, int[] labels) =>
        Simd.Run<Differentiating, (double, ClassLayer[])>(new(layers, rows, labels));

    readonly struct Differentiating(ClassLayer[] layers, Matrix rows, int[] labels) : ISimdWork<(double, ClassLayer[])>
    {
        public (double, ClassLayer[]) On<T>() where T : struct, ISimd<T>
        {
            using Pass<T> pass = new(layers, rows.Rows, withGradients: true);
            for (int i = 0; i < rows.Rows; i++)
                rows[i].CopyTo(pass.Input(i));
            return (pass.Gradient(labels), pass.ReadGradients());
        }
    }

    Matrix X => x;

    int[][] Members => members;

    CounterRandom Random => random;

    int Major => major;

    // PyTorch's start of linear layers.
    internal ClassLayer[] Initial()
    {
        int[] sizes = [x.Columns, hidden, Math.Max(1, hidden / 2), members.Length];
        return [.. Enumerable.Range(0, sizes.Length - 1).Select(k =>
        {
            float[] values = new float[(sizes[k] + 1) * sizes[k + 1]];
            random.FillUniform(CounterRandom.Row(major, FirstLayer + k), values);
            float bound = 1 / MathF.Sqrt(sizes[k]);
            foreach (ref float value in values.AsSpan())
                value = (2 * value - 1) * bound;
            return new ClassLayer(sizes[k], sizes[k + 1], values[..(sizes[k] * sizes[k + 1])], values[(sizes[k] * sizes[k + 1])..]);
        })];
    }

    // Forward, loss, backward and Adam on the kernels of Runtime; nothing is allocated in a step.
    sealed class Pass<T> : IDisposable where T : struct, ISimd<T>
    {
        // Where a layer's weights and bias lie.
        readonly record struct Place(int Inputs, int Outputs, long Weight, long Bias)
        {
            public int InputStride => Gemm.Padded(Inputs);

            public int Stride => Gemm.Padded(Outputs);
        }

        readonly Place[] _places;
        readonly long _length;
        readonly int _batch;
        readonly FloatMemory _weights, _gradients, _means, _squares, _ones, _scratch = new(Gemm.ScratchSize);
        // Inputs of each layer and at last the shares, and the gradients of the same.
        readonly FloatMemory[] _values, _backward;

        public Pass(ClassLayer[] layers, int batch, bool withGradients)
        {
            long end = 0;
            _places = [.. layers.Select(layer =>
            {
                long weight = end, bias = weight + (long)Gemm.Padded(layer.Inputs) * Gemm.Padded(layer.Outputs);
                end = bias + Gemm.Padded(layer.Outputs);
                return new Place(layer.Inputs, layer.Outputs, weight, bias);
            })];
            (_length, _batch) = (end, batch);
            long learned = withGradients ? end : 0;
            (_weights, _gradients, _means, _squares) = (new(end), new(learned), new(learned), new(learned));
            int[] strides = [_places[0].InputStride, .. _places.Select(place => place.Stride)];
            _values = [.. strides.Select(stride => new FloatMemory((long)batch * stride))];
            _backward = [.. strides.Select(stride => new FloatMemory(withGradients ? (long)batch * stride : 0))];
            _ones = new((long)batch * strides.Max());
            new Span<float>(_ones.Start, (int)_ones.Length).Fill(1);
            for (int k = 0; k < layers.Length; k++)
                Copy(_places[k], _weights.Start, layers[k], isRead: false);
        }

        public Span<float> Input(int row) => new(_values[0].Start + row * (nint)_places[0].InputStride, _places[0].Inputs);

        public ReadOnlySpan<float> Shares(int row) => new(_values[^1].Start + row * (nint)_places[^1].Stride, _places[^1].Outputs);

        public void Forward(int count)
        {
            for (int k = 0; k < _places.Length; k++)
            {
                Place place = _places[k];
                float* output = _values[k + 1].Start;
                Gemm.Multiply<T>(count, place.Stride, place.Inputs, _values[k].Start, place.InputStride, 1, _weights.Start + place.Weight,
                    place.Stride, output, place.Stride, _weights.Start + place.Bias, 0, _scratch.Start);
                if (k < _places.Length - 1)
                    VectorMath.LeakyReLU<T>(output, null, (long)count * place.Stride, CvaeShape.LeakySlope);
                else
                    for (int i = 0; i < count; i++)
                        VectorMath.Softmax<T>(output + i * (nint)place.Stride, place.Outputs);
            }
        }

        /// <summary>The mean loss of a whole batch, and its gradients.</summary>
        public double Gradient(ReadOnlySpan<int> labels)
        {
            Forward(_batch);
            Place last = _places[^1];
            double loss = 0;
            for (int i = 0; i < _batch; i++)
            {
                float* shares = _values[^1].Start + i * (nint)last.Stride, gradient = _backward[^1].Start + i * (nint)last.Stride;
                loss -= Math.Log(Math.Max(shares[labels[i]], float.Epsilon)) / _batch;
                for (int c = 0; c < last.Outputs; c++)
                    gradient[c] = (shares[c] - (c == labels[i] ? 1 : 0)) / _batch;
            }
            for (int k = _places.Length - 1; k >= 0; k--)
            {
                Place place = _places[k];
                float* gradient = _backward[k + 1].Start;
                if (k < _places.Length - 1)
                    FusedKernels.LeakyReLUBackward<T>(gradient, _values[k + 1].Start, _ones.Start, (long)_batch * place.Stride,
                        CvaeShape.LeakySlope);
                Gemm.Multiply<T>(place.Inputs, place.Stride, _batch, _values[k].Start, 1, place.InputStride, gradient, place.Stride,
                    _gradients.Start + place.Weight, place.Stride, null, 0, _scratch.Start);
                VectorMath.ColumnSums<T>(gradient, place.Stride, _batch, place.Stride, _gradients.Start + place.Bias);
                if (k > 0)
                    Gemm.MultiplyTransposed<T>(_batch, place.InputStride, place.Outputs, gradient, place.Stride, 1,
                        _weights.Start + place.Weight, place.Stride, _backward[k].Start, place.InputStride, null, 0, _scratch.Start);
            }
            return loss;
        }

        public void Step(ReadOnlySpan<int> labels, int step)
        {
            Gradient(labels);
            double squares = 0;
            for (long at = 0; at < _length; at += VectorMath.Block)
                squares += VectorMath.SumOfSquares<T>(_gradients.Start + at, (int)Math.Min(VectorMath.Block, _length - at));
            FusedKernels.Adam<T>(_weights.Start, _gradients.Start, _means.Start, _squares.Start, 0, _length,
                AdamStep.At(step, squares, GradientClip, WeightDecay, LearningRate));
        }

        public ClassLayer[] Read() => Read(_weights.Start);

        public ClassLayer[] ReadGradients() => Read(_gradients.Start);

        ClassLayer[] Read(float* block) => [.. _places.Select(place =>
        {
            ClassLayer layer = new(place.Inputs, place.Outputs, new float[place.Inputs * place.Outputs], new float[place.Outputs]);
            Copy(place, block, layer, isRead: true);
            return layer;
        })];

        static void Copy(Place place, float* block, ClassLayer layer, bool isRead)
        {
            for (int row = 0; row <= place.Inputs; row++)
            {
                Span<float> own = row < place.Inputs ? layer.Weight.AsSpan(row * place.Outputs, place.Outputs) : layer.Bias,
                    there = new(block + (row < place.Inputs ? place.Weight + row * (long)place.Stride : place.Bias), place.Outputs);
                if (isRead)
                    there.CopyTo(own);
                else
                    own.CopyTo(there);
            }
        }

        public void Dispose()
        {
            foreach (FloatMemory memory in (FloatMemory[])[_weights, _gradients, _means, _squares, _ones, _scratch, .. _values,
                .. _backward])
                memory.Dispose();
        }
    }
}
