namespace LeoCvae;

/// <summary>A column that is written after the others.</summary>
/// <param name="Name">Its header.</param>
/// <param name="Text">The text of a row, by row number; numbers in the invariant culture.</param>
public sealed record ExtraColumn(string Name, Func<int, string> Text);
