using System.Runtime.CompilerServices;

namespace LeoCvae;

/// <summary>
/// Random numbers as a function, not a state: value = f(seed, stream, row, draw), by Philox4x32-10 (Salmon et al. 2011).
/// The key is the 64-bit seed, the counter is (block, row low, row high, stream), and draw j is word j mod 4 of block j / 4.
/// Any thread or shard that asks for the same value gets it. Immutable and thread-safe.
/// </summary>
readonly struct CounterRandom(ulong seed, RandomStream stream)
{
    const uint Multiplier0 = 0xD2511F53, Multiplier1 = 0xCD9E8D57, Weyl0 = 0x9E3779B9, Weyl1 = 0xBB67AE85;

    /// <summary>A row number of two parts: below 2^24 and below 2^40.</summary>
    public static ulong Row(int major, long minor) => ((ulong)major << 40) | (ulong)minor;

    public static (uint, uint, uint, uint) Philox(ulong key, uint c0, uint c1, uint c2, uint c3)
    {
        (uint k0, uint k1) = ((uint)key, (uint)(key >> 32));
        for (int round = 0; round < 10; round++)
        {
            ulong p0 = (ulong)Multiplier0 * c0, p1 = (ulong)Multiplier1 * c2;
            (c0, c1, c2, c3) = ((uint)(p1 >> 32) ^ c1 ^ k0, (uint)p1, (uint)(p0 >> 32) ^ c3 ^ k1, (uint)p0);
            k0 += Weyl0;
            k1 += Weyl1;
        }
        return (c0, c1, c2, c3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    (uint, uint, uint, uint) Block(ulong row, int block) => Philox(seed, (uint)block, (uint)row, (uint)(row >> 32), (uint)stream);

    public uint Word(ulong row, int draw)
    {
        (uint a, uint b, uint c, uint d) = Block(row, draw >> 2);
        return (draw & 3) switch { 0 => a, 1 => b, 2 => c, _ => d };
    }

    /// <summary>A uniform number in [0, 1): the top 24 bits / 2^24, exact in float.</summary>
    public float Uniform(ulong row, int draw) => ToUniform(Word(row, draw));

    /// <summary>Draws 0, 1, 2, ... of a row, uniform in [0, 1).</summary>
    public void FillUniform(ulong row, Span<float> values)
    {
        for (int i = 0; i < values.Length; i += 4)
        {
            (uint a, uint b, uint c, uint d) = Block(row, i >> 2);
            values[i] = ToUniform(a);
            if (i + 1 < values.Length) values[i + 1] = ToUniform(b);
            if (i + 2 < values.Length) values[i + 2] = ToUniform(c);
            if (i + 3 < values.Length) values[i + 3] = ToUniform(d);
        }
    }

    /// <summary>Normals 0, 1, 2, ... of a row: Box-Muller on pairs of draws, in double, rounded to float.</summary>
    public void FillNormal(ulong row, Span<float> values)
    {
        for (int i = 0; i < values.Length; i += 4)
        {
            (uint a, uint b, uint c, uint d) = Block(row, i >> 2);
            Pair(a, b, values[i..]);
            if (i + 2 < values.Length)
                Pair(c, d, values[(i + 2)..]);
        }
    }

    /// <summary>Fisher-Yates with the draws of a row.</summary>
    public void Shuffle(ulong row, Span<int> values)
    {
        for (int i = values.Length - 1, draw = 0; i > 0; i--, draw++)
        {
            int j = (int)((ulong)Word(row, draw) * (uint)(i + 1) >> 32);
            (values[i], values[j]) = (values[j], values[i]);
        }
    }

    static float ToUniform(uint word) => (word >> 8) * (1f / (1 << 24));

    static void Pair(uint a, uint b, Span<float> values)
    {
        // 1 - u lies in (0, 1], so that the logarithm is finite.
        double radius = Math.Sqrt(-2 * Math.Log(1 - (double)ToUniform(a)));
        (double sin, double cos) = Math.SinCos(2 * Math.PI * ToUniform(b));
        values[0] = (float)(radius * cos);
        if (values.Length > 1)
            values[1] = (float)(radius * sin);
    }
}
