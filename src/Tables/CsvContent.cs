namespace LeoCvae;

/// <summary>What the columns of a text seem to be, and how its records are read again.</summary>
/// <param name="Open">Opens the text anew.</param>
/// <param name="NewLine">What ends its lines.</param>
/// <param name="Header">The columns' names.</param>
/// <param name="Columns">What each is, and whether its numbers are written as whole ones.</param>
/// <param name="Rows">How many rows there are.</param>
sealed record CsvContent(Func<Stream> Open, byte[] NewLine, string[] Header, (ColumnSpec Column, bool IsWhole)[] Columns, long Rows);
