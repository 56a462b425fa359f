using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LeoCvae;

/// <summary>
/// Random numbers as a function, not a state: value = f(seed, stream, row, draw), by Philox4x32-10 (Salmon et al. 2011).
/// The key is the 64-bit seed, the counter is (block, row low, row high, stream), and draw j is word j mod 4 of block j / 4.
/// Any thread or shard that asks for the same value gets it. Immutable and thread-safe.
/// </summary>
readonly struct CounterRandom(ulong seed, RandomStream stream)
{
    internal const uint Multiplier0 = 0xD2511F53, Multiplier1 = 0xCD9E8D57, Weyl0 = 0x9E3779B9, Weyl1 = 0xBB67AE85;
    internal const int Rounds = 10;

    // Words that are made before they are turned into numbers.
    const int Chunk = 64;

    /// <summary>A row number of two parts: below 2^24 and below 2^40.</summary>
    public static ulong Row(int major, long minor) => ((ulong)major << 40) | (ulong)minor;

    public static (uint, uint, uint, uint) Philox(ulong key, uint c0, uint c1, uint c2, uint c3)
    {
        (uint k0, uint k1) = ((uint)key, (uint)(key >> 32));
        for (int round = 0; round < Rounds; round++)
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
    public float Uniform(ulong row, int draw) => Uniforms.Of(Word(row, draw));

    /// <summary>Draws 0, 1, 2, ... of a row, uniform in [0, 1).</summary>
    public void FillUniform(ulong row, Span<float> values) => Fill<Uniforms>(row, values);

    /// <summary>Normals 0, 1, 2, ... of a row: Box-Muller on pairs of draws, in double, rounded to float.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void FillNormal(ulong row, Span<float> values)
    {
        Span<uint> words = stackalloc uint[Chunk];
        for (int first = 0; first < values.Length; first += Chunk)
        {
            Span<float> some = values.Slice(first, Math.Min(Chunk, values.Length - first));
            words = words[..((some.Length + 3) / 4 * 4)];
            FillWords(row, first, words);
            ref ulong pairs = ref Unsafe.As<uint, ulong>(ref MemoryMarshal.GetReference(words));
            int i = 0;
            for (; i <= some.Length - Vector<float>.Count; i += Vector<float>.Count)
                BoxMuller.Normals(Vector.LoadUnsafe(ref pairs, (nuint)i / 2)).CopyTo(some[i..]);
            if (i == some.Length)
                continue;
            // Words behind the wanted ones may be any: there is room for a whole chunk.
            Vector<float> last = BoxMuller.Normals(Vector.LoadUnsafe(ref pairs, (nuint)i / 2));
            for (int j = 0; i + j < some.Length; j++)
                some[i + j] = last[j];
        }
    }

    /// <summary>
    /// Values 0, 1, 2, ... of a row, nearly normal and bounded, with mean 0 and variance 1: (b - 510) / sqrt(21845), b the sum of the four
    /// bytes of the draw. They need no logarithm, sine or root, as normals do.
    /// </summary>
    public void FillByteSums(ulong row, Span<float> values) => Fill<ByteSums>(row, values);

    /// <summary>What <see cref="FillUniform"/> gives for each of some rows, one after the other.</summary>
    /// <param name="start">Is added to the numbers of rows.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="width">Values of a row.</param>
    /// <param name="values">Receives them.</param>
    public void FillUniforms(ulong start, ReadOnlySpan<long> rows, int width, Span<float> values) =>
        FillAll<Uniforms>(start, rows, width, values);

    /// <summary>What <see cref="FillNormal"/> gives for each of some rows, one after the other.</summary>
    /// <inheritdoc cref="FillUniforms"/>
    public void FillNormals(ulong start, ReadOnlySpan<long> rows, int width, Span<float> values) =>
        FillAll<Normals>(start, rows, width, values);

    /// <summary>What <see cref="FillByteSums(ulong, Span{float})"/> gives for each of some rows, one after the other.</summary>
    /// <inheritdoc cref="FillUniforms"/>
    public void FillByteSums(ulong start, ReadOnlySpan<long> rows, int width, Span<float> values) =>
        FillAll<ByteSums>(start, rows, width, values);

    /// <summary>Fisher-Yates with the draws of a row.</summary>
    public void Shuffle(ulong row, Span<int> values)
    {
        for (int i = values.Length - 1, draw = 0; i > 0; i--, draw++)
        {
            int j = (int)((ulong)Word(row, draw) * (uint)(i + 1) >> 32);
            (values[i], values[j]) = (values[j], values[i]);
        }
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void Fill<T>(ulong row, Span<float> values) where T : struct, IWordValue
    {
        Span<uint> words = stackalloc uint[Chunk];
        for (int first = 0; first < values.Length; first += Chunk)
        {
            Span<float> some = values.Slice(first, Math.Min(Chunk, values.Length - first));
            FillWords(row, first, words[..((some.Length + 3) / 4 * 4)]);
            int i = 0;
            for (; i <= some.Length - Vector<float>.Count; i += Vector<float>.Count)
                T.Of(new Vector<uint>(words[i..])).CopyTo(some[i..]);
            for (; i < some.Length; i++)
                some[i] = T.Of(words[i]);
        }
    }

    void FillAll<T>(ulong start, ReadOnlySpan<long> rows, int width, Span<float> values) where T : struct, IWordsValue
    {
        // Narrow rows don't fill wide registers by themselves.
        if (rows.Length > 1 && width <= PhiloxBlocks.MostBlocks * PhiloxBlocks.WordsOfBlock)
            FillRows<T>(start, rows, width, values);
        else
            for (int i = 0; i < rows.Length; i++)
                T.Fill(this, start + (ulong)rows[i], values.Slice(i * width, width));
    }

    // Eight rows at a time, word by word in place.
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void FillRows<T>(ulong start, ReadOnlySpan<long> rows, int width, Span<float> values) where T : struct, IWordsValue
    {
        const int Together = PhiloxBlocks.Rows;
        int blocks = (width + PhiloxBlocks.WordsOfBlock - 1) / PhiloxBlocks.WordsOfBlock, stride = blocks * PhiloxBlocks.WordsOfBlock;
        Span<uint> words = stackalloc uint[Together * PhiloxBlocks.MostBlocks * PhiloxBlocks.WordsOfBlock];
        Span<float> made = MemoryMarshal.Cast<uint, float>(words);
        ref uint word = ref MemoryMarshal.GetReference(words);
        Span<ulong> numbers = stackalloc ulong[Together];
        numbers.Clear();
        for (int first = 0; first < rows.Length; first += Together)
        {
            int count = Math.Min(Together, rows.Length - first);
            for (int i = 0; i < count; i++)
                numbers[i] = start + (ulong)rows[first + i];
            PhiloxBlocks.FillRows(seed, numbers, blocks, (uint)stream, words);
            for (int i = 0; i < count * stride; i += Vector<uint>.Count)
                T.Of(Vector.LoadUnsafe(ref word, (nuint)i)).As<float, uint>().StoreUnsafe(ref word, (nuint)i);
            Span<float> some = values.Slice(first * width, count * width);
            if (stride == width)
                made[..some.Length].CopyTo(some);
            else
                for (int i = 0; i < count; i++)
                    made.Slice(i * stride, width).CopyTo(some[(i * width)..]);
        }
    }

    void FillWords(ulong row, int first, Span<uint> words) =>
        PhiloxBlocks.Fill(seed, (uint)first >> 2, (uint)row, (uint)(row >> 32), (uint)stream, words);

    /// <summary>Numbers of as many words.</summary>
    interface IWordsValue
    {
        static abstract Vector<float> Of(Vector<uint> words);

        /// <summary>The numbers of a row.</summary>
        static abstract void Fill(CounterRandom random, ulong row, Span<float> values);
    }

    /// <summary>A number of a word; of a vector of them the same bits.</summary>
    interface IWordValue : IWordsValue
    {
        static abstract float Of(uint word);
    }

    readonly struct Normals : IWordsValue
    {
        public static void Fill(CounterRandom random, ulong row, Span<float> values) => random.FillNormal(row, values);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<float> Of(Vector<uint> words) => BoxMuller.Normals(words.As<uint, ulong>());
    }

    readonly struct Uniforms : IWordValue
    {
        public static void Fill(CounterRandom random, ulong row, Span<float> values) => random.FillUniform(row, values);

        const float Unit = 1f / (1 << 24);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static float Of(uint word) => (word >> 8) * Unit;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<float> Of(Vector<uint> words) => Vector.ConvertToSingle((words >> 8).As<uint, int>()) * Unit;
    }

    readonly struct ByteSums : IWordValue
    {
        public static void Fill(CounterRandom random, ulong row, Span<float> values) => random.FillByteSums(row, values);

        // Four bytes have a variance of 4 (2^16 - 1) / 12.
        const float Mean = 510, Unit = 0.006765876f;
        const uint EvenBytes = 0x00FF00FF, LowHalf = 0xFFFF;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static float Of(uint word)
        {
            uint pairs = (word & EvenBytes) + (word >> 8 & EvenBytes);
            return ((pairs & LowHalf) + (pairs >> 16) - Mean) * Unit;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<float> Of(Vector<uint> words)
        {
            Vector<uint> even = new(EvenBytes), pairs = (words & even) + ((words >> 8) & even);
            Vector<uint> sum = (pairs & new Vector<uint>(LowHalf)) + (pairs >> 16);
            return (Vector.ConvertToSingle(sum.As<uint, int>()) - new Vector<float>(Mean)) * Unit;
        }
    }
}
