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
    public void Numbers_are_finite_unless_one_is_not()
    {
        for (int length = 0; length < 40; length++)
        {
            double[] values = [.. Enumerable.Range(0, length).Select(i => i % 3 == 0 ? double.MaxValue : -i)];
            Assert.IsTrue(VectorMath.AreFinite(values));
            for (int i = 0; i < length; i++)
                foreach (double bad in (double[])[double.NaN, double.PositiveInfinity, double.NegativeInfinity])
                {
                    (double before, values[i]) = (values[i], bad);
                    Assert.IsFalse(VectorMath.AreFinite(values), $"{bad} at {i} of {length}");
                    values[i] = before;
                }
        }
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

    [TestMethod]
    public unsafe void Whole_numbers_are_rounded_towards_0_by_every_width()
    {
        float[] given = [0, 0.99f, 1, 39.999996f, 40, -0.5f, -1.5f, float.NaN, 2, 3, 4, 5, 6.5f, 7.25f, 8, 1e6f];
        int[] expected = [0, 0, 1, 39, 40, 0, -1, 0, 2, 3, 4, 5, 6, 7, 8, 1_000_000];
        int* whole = stackalloc int[16];
        fixed (float* values = given)
        {
            AssertWhole<Simd128>(values);
            AssertWhole<Simd256>(values);
            AssertWhole<Simd512>(values);
        }
        void AssertWhole<T>(float* values) where T : struct, ISimd<T>
        {
            for (int i = 0; i < given.Length; i += T.Count)
                T.StoreWhole(T.Load(values + i), whole + i);
            Assert.AreSequenceEqual(expected, new Span<int>(whole, given.Length).ToArray(), typeof(T).Name);
        }
    }
}
