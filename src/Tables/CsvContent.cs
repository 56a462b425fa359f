namespace LeoCvae;

/// <summary>All records of a text, and what its columns seem to be.</summary>
/// <param name="Records">The records, the header first.</param>
/// <param name="Header">The columns' names.</param>
/// <param name="Columns">What each is, and whether its numbers are written as whole ones.</param>
/// <param name="Rows">How many rows there are.</param>
sealed record CsvContent(RecordBytes Records, string[] Header, (ColumnSpec Column, bool IsWhole)[] Columns, int Rows);
