using System.Text;

namespace LeoCvae.Runtime.Tests;

[TestClass]
public class CellTextsTests
{
    [TestMethod]
    public void Texts_are_told_apart_by_every_byte_and_their_length_and_counted()
    {
        Random random = new(5);
        CellTexts texts = new();
        Dictionary<string, (int Index, long Count, long Row)> expected = [];
        for (int row = 0; row < 200_000; row++)
        {
            // Few letters, so that many texts differ in one byte or in their length alone.
            int length = random.Next(36);
            char[] letters = new string('a', length).ToCharArray();
            for (int i = random.Next(3); i > 0 && length > 0; i--)
                letters[random.Next(length)] = (char)('a' + random.Next(6));
            string text = new(letters);
            (int index, long count, long first) = expected.GetValueOrDefault(text, (expected.Count, 0, row));
            expected[text] = (index, count + 1, first);
            Assert.AreEqual(index, texts.Add(Encoding.UTF8.GetBytes(text), row, 0));
        }
        Assert.AreEqual(expected.Count, texts.Count);
        Assert.IsGreaterThan(2000, texts.Count);
        foreach ((string text, (int index, long count, long row)) in expected)
        {
            Assert.AreEqual(text, texts.Text(index));
            Assert.AreEqual(count, texts.CountOf(index));
            Assert.AreEqual(row, texts.RowOf(index));
            Assert.IsTrue(texts.Contains(text));
            Assert.AreEqual(expected.ContainsKey(text + "a"), texts.Contains(text + "a"));
        }
        Assert.AreSequenceEqual([.. Enumerable.Range(0, texts.Count)], texts.InOrder());
    }

    [TestMethod]
    public void A_text_of_an_earlier_row_comes_first_and_is_counted_on()
    {
        CellTexts texts = new();
        texts.Add("b"u8, 5, 6);
        texts.Add("a"u8, 6, 7);
        Assert.AreEqual(1, texts.CountOf(0));
        texts.Add("a"u8, 1, 2);
        texts.Add("b"u8, 2, 3);
        Assert.AreSequenceEqual([1, 0], texts.InOrder());
        Assert.AreEqual(2, texts.CountOf(0));
        Assert.AreEqual("row 2 (line 2)", texts.PlaceOf(1));
    }
}
