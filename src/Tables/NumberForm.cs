using System.Buffers;

namespace LeoCvae;

/// <summary>Gives the texts of numbers with a decimal point, whatever a file has. Not thread-safe.</summary>
sealed class NumberForm(bool hasDecimalComma)
{
    static readonly SearchValues<byte> Signs = SearchValues.Create(",."u8);

    byte[] _buffer = [];

    /// <summary>Whether decimals stand behind a comma.</summary>
    public bool HasDecimalComma => hasDecimalComma;

    /// <summary>A cell's text without blanks around, as a number is written with a decimal point; valid until the next call.</summary>
    public ReadOnlySpan<byte> Of(ReadOnlySpan<byte> cell)
    {
        ReadOnlySpan<byte> number = Blanks.Trim(cell);
        if (!hasDecimalComma || number.IndexOfAny(Signs) < 0)
            return number;
        if (_buffer.Length < number.Length)
            _buffer = new byte[2 * number.Length];
        // Points between thousands become commas, which are refused in numbers.
        for (int i = 0; i < number.Length; i++)
            _buffer[i] = number[i] switch { (byte)',' => (byte)'.', (byte)'.' => (byte)',', byte other => other };
        return _buffer.AsSpan(0, number.Length);
    }

    /// <summary>A number's text as the file writes it.</summary>
    public string Write(string number) => hasDecimalComma ? number.Replace('.', ',') : number;
}
