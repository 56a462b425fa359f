namespace LeoCvae.Training;

/// <summary>
/// The order of floats by their bits, eight bits at a time: for the hundreds or thousands values of a column several times as fast as by
/// comparing them.
/// </summary>
static class FloatSort
{
    const int Bits = 8, Digits = 32 / Bits, Digit = (1 << Bits) - 1;

    /// <summary>Places of the values in ascending order; equal ones stay in theirs, and -0 comes before 0. None is NaN.</summary>
    public static int[] Order(ReadOnlySpan<float> values) => Array.ConvertAll(Keys(values), key => (int)(uint)key);

    /// <summary>The values in ascending order.</summary>
    public static float[] Sorted(ReadOnlySpan<float> values) =>
        Array.ConvertAll(Keys(values), key => BitConverter.UInt32BitsToSingle(Turned((uint)(key >> 32) ^ uint.MaxValue) ^ uint.MaxValue));

    // In the high half a value's bits, turned so that they rise with it, in the low half its place: in ascending order.
    static ulong[] Keys(ReadOnlySpan<float> values)
    {
        ulong[] keys = GC.AllocateUninitializedArray<ulong>(values.Length), next = GC.AllocateUninitializedArray<ulong>(values.Length);
        Span<int> counts = stackalloc int[Digits << Bits];
        counts.Clear();
        for (int i = 0; i < values.Length; i++)
        {
            uint bits = Turned(BitConverter.SingleToUInt32Bits(values[i]));
            keys[i] = (ulong)bits << 32 | (uint)i;
            for (int digit = 0; digit < Digits; digit++)
                counts[(digit << Bits) + (int)(bits >> digit * Bits & Digit)]++;
        }
        for (int digit = 0; digit < Digits; digit++)
        {
            Span<int> starts = counts.Slice(digit << Bits, 1 << Bits);
            for (int value = 0, sum = 0; value < starts.Length; value++)
                (starts[value], sum) = (sum, sum + starts[value]);
            int shift = 32 + digit * Bits;
            foreach (ulong key in keys)
                next[starts[(int)(key >> shift) & Digit]++] = key;
            (keys, next) = (next, keys);
        }
        return keys;
    }

    // All bits of a negative number, the sign of another one.
    static uint Turned(uint bits) => bits ^ ((uint)((int)bits >> 31) | 1u << 31);
}
