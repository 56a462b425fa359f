namespace LeoCvae.Evaluation;

/// <summary>How near a class's synthetic rows come to the training rows that they were made from.</summary>
/// <param name="Class">Name of the class.</param>
/// <param name="TrainingRows">Its training rows.</param>
/// <param name="Rows">Its synthetic rows.</param>
/// <param name="NearCopies">Share of these that are near-copies, see <see cref="SyntheticScores.NearCopies"/>.</param>
sealed record ClassCloseness(string Class, int TrainingRows, int Rows, double NearCopies);
