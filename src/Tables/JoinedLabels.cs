namespace LeoCvae;

/// <summary>How rows and the labels of another file went together.</summary>
/// <param name="Rows">Rows that have a label.</param>
/// <param name="Unlabeled">Rows without one, which are left out.</param>
/// <param name="Unused">Labels of no row.</param>
public sealed record JoinedLabels(int Rows, int Unlabeled, int Unused);
