using System.Globalization;
using System.Runtime.Intrinsics;

namespace LeoCvae.Runtime.Tests.Numerics;

[TestClass]
public class SimdTests
{
    /// <summary>
    /// CI runs the tests of searches and kernels with wider registers switched off, and says so here: the switch must work.
    /// </summary>
    [TestMethod]
    public void Registers_are_as_wide_as_the_environment_says()
    {
        if (Environment.GetEnvironmentVariable("LEOCVAE_WIDEST_REGISTER") is string expected)
            Assert.AreEqual(int.Parse(expected, CultureInfo.InvariantCulture),
                Simd.Has512 ? 512 : Simd.Has256 ? 256 : Vector128.IsHardwareAccelerated ? 128 : 0);
    }

    [TestMethod]
    public unsafe void Exp_is_right_to_two_units_in_the_last_place_and_the_same_for_every_width()
    {
        float* values = stackalloc float[16];
        for (float x = -85; x < 88.7f; x += 0.0373f)
        {
            new Span<float>(values, 16).Fill(x);
            (Simd512 of512, Simd256 of256) = (VectorMath.Exp(Simd512.Load(values)), VectorMath.Exp(Simd256.Load(values)));
            float wide = First(of512);
            Assert.AreEqual(wide, First(of256));
            double expected = Math.Exp(x);
            Assert.AreEqual(expected, wide, 2 * (MathF.BitIncrement((float)expected) - (float)expected), $"e^{x}");
        }
        float First<T>(T value) where T : struct, ISimd<T>
        {
            T.Store(value, values);
            return values[0];
        }
    }
}
