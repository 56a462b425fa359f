using System.Globalization;
using System.Text;

namespace LeoCvae.Tests;

/// <summary>
/// Inputs made of good ones by small random damages, each from its number: as many as LEOCVAE_FUZZ says, or those that it names
/// (100000-200000), else a few thousand. An input gives a result or a fault of the input, soon and in little memory; what else it gives
/// is reported with the input.
/// </summary>
static class Mutations
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    const long MostBytes = 1L << 28;

    /// <summary>The numbers of the inputs that are tried: the first, and the one behind the last.</summary>
    static (int First, int End) Numbers(int usual)
    {
        if (Environment.GetEnvironmentVariable("LEOCVAE_FUZZ") is not string { Length: > 0 } told)
            return (0, usual);
        int[] numbers = [.. told.Split('-').Select(number => int.Parse(number, NumberStyles.None, CultureInfo.InvariantCulture))];
        return numbers is [int first, int end] ? (first, end) : (0, numbers.Single());
    }

    /// <summary>Tries inputs.</summary>
    /// <param name="usual">How many, unless the environment says it.</param>
    /// <param name="seeds">Good inputs.</param>
    /// <param name="parts">Pieces that are put in.</param>
    /// <param name="read">Reads one; faults of the input are InvalidDataException and ArgumentException.</param>
    /// <param name="areChecked">Whether no input that is hurt can be read, as its hash says so.</param>
    public static void Try(int usual, byte[][] seeds, byte[][] parts, Action<byte[]> read, bool areChecked = false)
    {
        int good = 0;
        (int first, int end) = Numbers(usual);
        for (int i = first; i < end; i++)
        {
            Random random = new(i);
            byte[] input = Mutate(seeds[random.Next(seeds.Length)], seeds, parts, random);
            long before = GC.GetTotalAllocatedBytes();
            DateTime start = DateTime.UtcNow;
            try
            {
                read(input);
                good++;
            }
            catch (Exception e) when (e is InvalidDataException or ArgumentException)
            {
                Assert.IsGreaterThan(10, e.Message.Length);
            }
            catch (Exception e) when (e is not UnitTestAssertException)
            {
                Assert.Fail($"input {i}: {e}\n{Shown(input)}");
            }
            TimeSpan time = DateTime.UtcNow - start;
            long bytes = GC.GetTotalAllocatedBytes() - before;
            if (time > Patience || bytes > MostBytes)
                Assert.Fail($"input {i}: {time} and {bytes} bytes\n{Shown(input)}");
        }
        // Some are hurt so little that they are read: the others are no trivial rejections.
        Assert.IsTrue(good > 0 || areChecked || end - first < 100);
    }

    static byte[] Mutate(byte[] seed, byte[][] seeds, byte[][] parts, Random random)
    {
        List<byte> bytes = [.. seed];
        for (int left = random.Next(1, 5); left > 0; left--)
        {
            int at = random.Next(bytes.Count + 1), length = Math.Min(random.Next(1, 9), bytes.Count - at);
            switch (random.Next(8))
            {
                case 0 when at < bytes.Count:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1 when at < bytes.Count:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes.RemoveRange(at, length);
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.GetRange(at, length));
                    break;
                case 4:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                case 5:
                    byte[] other = seeds[random.Next(seeds.Length)];
                    int from = random.Next(other.Length + 1);
                    bytes.InsertRange(at, other[from..Math.Min(other.Length, from + random.Next(1, 40))]);
                    break;
                default:
                    if (parts.Length > 0)
                        bytes.InsertRange(at, parts[random.Next(parts.Length)]);
                    break;
            }
        }
        return [.. bytes];
    }

    static string Shown(byte[] input) => input.Length > 2000 ? $"({input.Length} bytes)" : $"{Encoding.Latin1.GetString(input)}\n" +
        Convert.ToBase64String(input);
}
