namespace LeoCvae.Runtime.Tests;

[TestClass]
public class PhiloxBlocksTests
{
    [TestMethod]
    [DataRow(0ul, 0u, 0u, 0u, 0u)]
    [DataRow(0x0123456789ABCDEFul, 7u, 0x80000001u, 0xFFFFFFFFu, 3u)]
    [DataRow(0xFFFFFFFFFFFFFFFFul, 0xFFFFFFFDu, 0xFFFFFFFFu, 0u, 0xFFFFFFFFu)] // the block's number runs over
    public void Blocks_side_by_side_are_those_of_Philox_one_by_one(ulong key, uint block, uint c1, uint c2, uint c3)
    {
        for (int blocks = 0; blocks <= 21; blocks++)
        {
            uint[] words = new uint[4 * blocks];
            PhiloxBlocks.Fill(key, block, c1, c2, c3, words);
            for (int i = 0; i < blocks; i++)
            {
                (uint w0, uint w1, uint w2, uint w3) = CounterRandom.Philox(key, unchecked(block + (uint)i), c1, c2, c3);
                Assert.AreSequenceEqual(new[] { w0, w1, w2, w3 }, words[(4 * i)..(4 * i + 4)], $"block {i} of {blocks}");
            }
        }
    }
}
