using System.Globalization;
using System.Text.Json;

namespace LeoCvae.Runtime.Tests;

[TestClass]
public class CounterRandomTests
{
    sealed record Case(CounterRandom Random, ulong Row, uint[] Words, float[] Uniforms, float[] Normals);

    [TestMethod]
    public void Philox_gives_the_known_answers_of_Random123()
    {
        using JsonDocument oracle = Repo.Oracle("counter-random.json");
        foreach (JsonElement known in oracle.RootElement.GetProperty("known_answers").EnumerateArray())
        {
            uint[] c = Words(known.GetProperty("counter")), key = Words(known.GetProperty("key")),
                expected = Words(known.GetProperty("out"));
            (uint w0, uint w1, uint w2, uint w3) = CounterRandom.Philox(key[0] | (ulong)key[1] << 32, c[0], c[1], c[2], c[3]);
            Assert.AreSequenceEqual(expected, [w0, w1, w2, w3]);
        }
    }

    [TestMethod]
    public void Words_and_uniforms_equal_the_oracle_and_normals_are_within_one_ulp()
    {
        List<Case> cases = Cases();
        Assert.IsGreaterThan(30, cases.Count);
        foreach (Case c in cases)
        {
            float[] uniforms = new float[c.Words.Length], normals = new float[c.Words.Length];
            c.Random.FillUniform(c.Row, uniforms);
            c.Random.FillNormal(c.Row, normals);
            Assert.AreSequenceEqual(c.Words, [.. c.Words.Select((_, draw) => c.Random.Word(c.Row, draw))]);
            Assert.AreSequenceEqual(c.Uniforms, [.. c.Words.Select((_, draw) => c.Random.Uniform(c.Row, draw))]);
            Assert.AreSequenceEqual(c.Uniforms, uniforms);
            for (int i = 0; i < normals.Length; i++)
                Assert.IsTrue(normals[i] >= MathF.BitDecrement(c.Normals[i]) && normals[i] <= MathF.BitIncrement(c.Normals[i]),
                    $"{normals[i]:R} is not {c.Normals[i]:R}");
        }
    }

    [TestMethod]
    public void Rows_together_are_the_rows_one_by_one()
    {
        CounterRandom random = new(7 | 5ul << 32, RandomStream.Latent);
        foreach (int width in (int[])[0, 1, 3, 4, 8, 13, 16, 31, 32, 33, 64])
            foreach (int count in (int[])[0, 1, 2, 7, 8, 9, 40])
            {
                ulong start = CounterRandom.Row(3, 0);
                long[] rows = [.. Enumerable.Range(0, count).Select(i => ((long)i * i << 20) + i)];
                float[] own = new float[width], all = new float[count * width];
                random.FillUniforms(start, rows, width, all);
                AreRows((row, values) => random.FillUniform(row, values));
                random.FillNormals(start, rows, width, all);
                AreRows((row, values) => random.FillNormal(row, values));
                random.FillByteSums(start, rows, width, all);
                AreRows((row, values) => random.FillByteSums(row, values));

                void AreRows(Action<ulong, float[]> fill)
                {
                    for (int i = 0; i < count; i++)
                    {
                        fill(start + (ulong)rows[i], own);
                        Assert.AreSequenceEqual(own, all[(i * width)..((i + 1) * width)], $"row {i} of {count}, {width} values");
                    }
                }
            }
    }

    [TestMethod]
    public void A_shorter_fill_is_the_beginning_of_a_longer_one()
    {
        CounterRandom random = new(7, RandomStream.Latent);
        float[] uniforms = new float[40], normals = new float[40];
        random.FillUniform(3, uniforms);
        random.FillNormal(3, normals);
        for (int length = 0; length < 40; length++)
        {
            float[] some = new float[length];
            random.FillUniform(3, some);
            Assert.AreSequenceEqual(uniforms[..length], some);
            random.FillNormal(3, some);
            Assert.AreSequenceEqual(normals[..length], some);
        }
    }

    [TestMethod]
    public void Normals_have_mean_0_and_variance_1_and_are_finite()
    {
        float[] values = new float[100_000];
        new CounterRandom(1, RandomStream.TrainingNoise).FillNormal(0, values);
        Assert.IsTrue(values.All(float.IsFinite));
        Assert.AreEqual(0, values.Average(), 0.02);
        Assert.AreEqual(1, values.Average(value => (double)value * value), 0.02);
    }

    [TestMethod]
    public void Seed_stream_and_row_each_change_the_numbers()
    {
        uint[] words = [new CounterRandom(1, RandomStream.Seeds).Word(5, 0), new CounterRandom(2, RandomStream.Seeds).Word(5, 0),
            new CounterRandom(1, RandomStream.Latent).Word(5, 0), new CounterRandom(1, RandomStream.Seeds).Word(6, 0)];
        Assert.HasCount(4, words.Distinct());
    }

    [TestMethod]
    public void A_row_of_two_parts_is_a_number_of_its_own()
    {
        (int, long)[] parts = [(0, 0), (0, 1), (1, 0), (1, 1), (255, (1L << 40) - 1), (256, 0), ((1 << 24) - 1, (1L << 40) - 1)];
        Assert.HasCount(parts.Length, parts.Select(part => CounterRandom.Row(part.Item1, part.Item2)).Distinct());
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(17)]
    [DataRow(1000)]
    public void Shuffle_is_a_permutation_and_a_function_of_the_row(int length)
    {
        CounterRandom random = new(11, RandomStream.Shuffle);
        int[] order = [.. Enumerable.Range(0, length)], first = [.. order], again = [.. order], other = [.. order];
        random.Shuffle(1, first);
        random.Shuffle(1, again);
        random.Shuffle(2, other);
        Assert.AreSequenceEqual(first, again);
        Assert.AreSequenceEqual(order, first.Order());
        Assert.AreEqual(length < 17, first.SequenceEqual(other) || length == 2);
    }

    [TestMethod]
    public void Shuffle_gives_each_order_its_share()
    {
        CounterRandom random = new(3, RandomStream.Shuffle);
        Dictionary<(int, int, int), int> seen = [];
        for (ulong row = 0; row < 6000; row++)
        {
            int[] values = [0, 1, 2];
            random.Shuffle(row, values);
            seen[(values[0], values[1], values[2])] = seen.GetValueOrDefault((values[0], values[1], values[2])) + 1;
        }
        Assert.HasCount(6, seen);
        foreach (int count in seen.Values)
            Assert.AreEqual(1000, count, 120);
    }

    static List<Case> Cases()
    {
        using JsonDocument oracle = Repo.Oracle("counter-random.json");
        ulong Number(JsonElement text) => ulong.Parse(text.GetString()!, CultureInfo.InvariantCulture);
        float[] Floats(JsonElement array) => [.. array.Doubles().Select(value => (float)value)];
        return [.. oracle.RootElement.GetProperty("cases").EnumerateArray().Select(c => new Case(
            new(Number(c.GetProperty("seed")), (RandomStream)c.GetProperty("stream").GetUInt32()), Number(c.GetProperty("row")),
            Words(c.GetProperty("words")), Floats(c.GetProperty("uniforms")), Floats(c.GetProperty("normals"))))];
    }

    static uint[] Words(JsonElement array) => [.. array.EnumerateArray().Select(word => word.GetUInt32())];
}
