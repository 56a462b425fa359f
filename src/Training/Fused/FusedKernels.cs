using System.Runtime.CompilerServices;

namespace LeoCvae.Training;

/// <summary>
/// The parts of a step that are no matrix products: latent draw, losses, their gradients, Adam. Widths are multiples of
/// <see cref="Gemm.Lanes"/>.
/// </summary>
static unsafe class FusedKernels
{
    /// <summary>s = exp(logvar / 2), z = mu + s * noise; returns the row's KL term, 1/2 sum_l (s^2 + mu^2 - 1 - logvar).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Draw<T>(float* mu, float* logvar, float* noise, float* deviation, float* z, int width) where T : struct, ISimd<T>
    {
        float* lanes = stackalloc float[Gemm.Lanes];
        T half = T.Create(0.5f), one = T.Create(1);
        for (int lane = 0; lane < Gemm.Lanes; lane += T.Count)
        {
            T sum = default;
            for (int l = lane; l < width; l += Gemm.Lanes)
            {
                T m = T.Load(mu + l), v = T.Load(logvar + l), s = VectorMath.Exp(T.Multiply(v, half));
                T.Store(s, deviation + l);
                T.Store(T.MultiplyAdd(T.Load(noise + l), s, m), z + l);
                sum = T.Add(sum, T.Subtract(T.MultiplyAdd(m, m, T.Subtract(T.Multiply(s, s), v)), one));
            }
            T.Store(sum, lanes + lane);
        }
        return 0.5f * VectorMath.Fold(lanes, Gemm.Lanes);
    }

    /// <summary>Gradients of mu and log-variance, given that of z: dz + scale * mu, and 1/2 (dz * noise * s + scale * (s^2 - 1)).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void DrawBackward<T>(float* dz, float* mu, float* noise, float* deviation, float* dmu, float* dlogvar, int width,
        float kldScale) where T : struct, ISimd<T>
    {
        T half = T.Create(0.5f), one = T.Create(1), scale = T.Create(kldScale);
        for (int l = 0; l < width; l += T.Count)
        {
            T d = T.Load(dz + l), s = T.Load(deviation + l);
            T.Store(T.MultiplyAdd(scale, T.Load(mu + l), d), dmu + l);
            T own = T.Multiply(scale, T.Subtract(T.Multiply(s, s), one));
            T.Store(T.Multiply(half, T.MultiplyAdd(d, T.Multiply(T.Load(noise + l), s), own)), dlogvar + l);
        }
    }

    /// <summary>Turns outputs into differences from x, times scale; returns the sum of the squared differences.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Differ<T>(float* output, float* x, int width, float scale) where T : struct, ISimd<T>
    {
        float* lanes = stackalloc float[Gemm.Lanes];
        T factor = T.Create(scale);
        for (int lane = 0; lane < Gemm.Lanes; lane += T.Count)
        {
            T sum = default;
            for (int j = lane; j < width; j += Gemm.Lanes)
            {
                T difference = T.Subtract(T.Load(output + j), T.Load(x + j));
                sum = T.MultiplyAdd(difference, difference, sum);
                T.Store(T.Multiply(difference, factor), output + j);
            }
            T.Store(sum, lanes + lane);
        }
        return VectorMath.Fold(lanes, Gemm.Lanes);
    }

    /// <summary>gradient *= mask * (1 where the activation is above 0, else the slope). A dropped unit's mask is 0 anyway.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void LeakyReLUBackward<T>(float* gradient, float* active, float* mask, long count, float slope) where T : struct, ISimd<T>
    {
        T one = T.Create(1), below = T.Create(slope);
        for (long i = 0; i < count; i += T.Count)
        {
            T factor = T.Multiply(T.Load(mask + i), T.IfPositive(T.Load(active + i), one, below));
            T.Store(T.Multiply(T.Load(gradient + i), factor), gradient + i);
        }
    }

    /// <summary>to = a + b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add<T>(float* a, float* b, float* to, int count) where T : struct, ISimd<T>
    {
        for (int i = 0; i < count; i += T.Count)
            T.Store(T.Add(T.Load(a + i), T.Load(b + i)), to + i);
    }

    /// <summary>Adam with the L2 penalty in the gradient, element by element what the torch engine's Adam computes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Adam<T>(float* weights, float* gradients, float* means, float* squares, long first, long end, AdamStep step) where T
        : struct, ISimd<T>
    {
        T beta1 = T.Create((float)AdamStep.Beta1), beta2 = T.Create((float)AdamStep.Beta2),
            rest1 = T.Create((float)(1 - AdamStep.Beta1)), rest2 = T.Create((float)(1 - AdamStep.Beta2)),
            epsilon = T.Create((float)AdamStep.Epsilon);
        T clip = T.Create(step.Clip), decay = T.Create(step.WeightDecay), inverseRoot = T.Create(step.InverseRoot),
            size = T.Create(step.Size);
        for (long i = first; i < end; i += T.Count)
        {
            T weight = T.Load(weights + i), gradient = T.MultiplyAdd(weight, decay, T.Multiply(T.Load(gradients + i), clip));
            T mean = T.MultiplyAdd(gradient, rest1, T.Multiply(T.Load(means + i), beta1));
            T square = T.MultiplyAdd(T.Multiply(gradient, rest2), gradient, T.Multiply(T.Load(squares + i), beta2));
            T.Store(mean, means + i);
            T.Store(square, squares + i);
            T divisor = T.MultiplyAdd(T.Sqrt(square), inverseRoot, epsilon);
            T.Store(T.Add(weight, T.Divide(T.Multiply(mean, size), divisor)), weights + i);
        }
    }
}
