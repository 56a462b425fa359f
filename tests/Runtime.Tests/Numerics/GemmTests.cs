using CsCheck;

namespace LeoCvae.Runtime.Tests.Numerics;

/// <summary>Products against their definition, one chain of fused multiply-adds for each element: equal bit for bit.</summary>
[TestClass]
public unsafe class GemmTests
{
    static readonly Gen<(int M, int N, int K, int Start, uint Seed)> Sizes =
        Gen.Select(Gen.Int[1, 40], Gen.Int[1, 5], Gen.OneOf(Gen.Int[0, 40], Gen.Int[200, 700]), Gen.Int[0, 2], Gen.UInt);

    [TestMethod]
    public void Products_are_chains_of_multiply_adds_for_every_width() => Sizes.Sample((m, lanes, k, start, seed) =>
    {
        int n = lanes * Gemm.Lanes;
        using FloatMemory a = Random(m * k, seed), b = Random(k * n, seed + 1), transposed = new(n * (long)k),
            into = Random(m * n, seed + 2), bias = Random(n, seed + 3), scratch = new(Gemm.ScratchSize), panels = new((long)n * k);
        Gemm.ToPanels(new(b.Start, k * n), n, panels.Start);
        for (int i = 0; i < k; i++)
            for (int j = 0; j < n; j++)
                transposed.Start[j * k + i] = b.Start[i * n + j];
        float[] expected = new float[m * n];
        for (int i = 0; i < m; i++)
            for (int j = 0; j < n; j++)
            {
                float sum = start == 0 ? 0 : start == 1 ? bias.Start[j] : into.Start[i * n + j];
                for (int l = 0; l < k; l++)
                    sum = MathF.FusedMultiplyAdd(a.Start[i * k + l], b.Start[l * n + j], sum);
                expected[i * n + j] = sum;
            }
        if (!Simd.Fuses)
            return;
        Run<Simd512>();
        Run<Simd256>();
        Run<Simd128>();

        void Run<T>() where T : struct, ISimd<T>
        {
            using FloatMemory c = new(m * (long)n);
            foreach (string how in (string[])["", "transposed", "panels"])
            {
                new Span<float>(into.Start, m * n).CopyTo(new(c.Start, m * n));
                float* from = start == 0 ? null : start == 1 ? bias.Start : c.Start;
                if (how == "transposed")
                    Gemm.MultiplyTransposed<T>(m, n, k, a.Start, k, 1, transposed.Start, k, c.Start, n, from, start == 2 ? n : 0,
                        scratch.Start);
                else if (how == "panels")
                    Gemm.MultiplyPanels<T>(m, n, k, a.Start, k, panels.Start, c.Start, n, from, start == 2 ? n : 0);
                else
                    Gemm.Multiply<T>(m, n, k, a.Start, k, 1, b.Start, n, c.Start, n, from, start == 2 ? n : 0, scratch.Start);
                Assert.IsTrue(new ReadOnlySpan<float>(c.Start, m * n).SequenceEqual(expected),
                    $"{typeof(T).Name} {how}");
            }
        }
    }, iter: 200);

    static FloatMemory Random(int length, uint seed)
    {
        FloatMemory memory = new(length);
        new CounterRandom(seed, RandomStream.Latent).FillNormal(0, new(memory.Start, length));
        return memory;
    }
}
