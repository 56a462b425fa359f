using System.Numerics;

namespace LeoCvae.Runtime.Tests;

/// <summary>The series beside the system's mathematics library.</summary>
[TestClass]
public class BoxMullerTests
{
    const int Values = 1 << 24, Step = 61;
    const double TwoUlp = 4.5e-16;

    [TestMethod]
    public void Logarithms_are_within_two_ulp()
    {
        foreach (int i in Sample())
        {
            double x = (i + 1.0) / Values, expected = Math.Log(x);
            Assert.AreEqual(expected, BoxMuller.Log(new Vector<double>(x))[0], TwoUlp * Math.Abs(expected), $"ln {x:R}");
        }
    }

    [TestMethod]
    public void Sines_and_cosines_are_within_two_ulp()
    {
        foreach (int i in Sample())
        {
            double x = 2 * Math.PI * ((double)i / Values);
            (Vector<double> sin, Vector<double> cos) = BoxMuller.SinCos(new(x));
            Assert.AreEqual(Math.Sin(x), sin[0], TwoUlp * Math.Abs(Math.Sin(x)), $"sin {x:R}");
            Assert.AreEqual(Math.Cos(x), cos[0], TwoUlp * Math.Abs(Math.Cos(x)), $"cos {x:R}");
        }
    }

    [TestMethod]
    public void Normals_round_to_the_same_floats()
    {
        uint[] draws = new uint[400_000];
        PhiloxBlocks.Fill(1, 0, 2, 3, 4, draws);
        int others = 0;
        for (int i = 0; i < draws.Length; i += Vector<uint>.Count)
        {
            Vector<float> normals = BoxMuller.Normals(new Vector<uint>(draws, i).As<uint, ulong>());
            for (int pair = 0; pair < Vector<ulong>.Count; pair++)
            {
                double radius = Math.Sqrt(-2 * Math.Log(1 - Uniform(draws[i + 2 * pair]))),
                    angle = 2 * Math.PI * Uniform(draws[i + 2 * pair + 1]);
                foreach ((double expected, float actual) in (ReadOnlySpan<(double, float)>)[(radius * Math.Cos(angle), normals[2 * pair]),
                    (radius * Math.Sin(angle), normals[2 * pair + 1])])
                {
                    Assert.IsTrue(actual >= MathF.BitDecrement((float)expected) && actual <= MathF.BitIncrement((float)expected),
                        $"{actual:R} is not {expected:R}");
                    others += actual == (float)expected ? 0 : 1;
                }
            }
        }
        // A double that lies halfway between two floats may fall to either side.
        Assert.IsLessThanOrEqualTo(1, others);
    }

    static double Uniform(uint word) => (word >> 8) / (double)Values;

    static IEnumerable<int> Sample() => Enumerable.Range(0, Values / Step).Select(i => i * Step)
        .Concat([Values / 8, Values / 4, Values / 2, 3 * (Values / 4), Values - 2, Values - 1]);
}
