namespace LeoCvae;

/// <summary>Blanks around a cell, which count for nothing where it is a number, a time, a group or a missing value.</summary>
static class Blanks
{
    /// <summary>The cell without them; most have none.</summary>
    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> cell) =>
        cell.Length > 0 && cell[0] > ' ' && cell[^1] > ' ' ? cell : cell.Trim(" \t\r\n"u8);
}
