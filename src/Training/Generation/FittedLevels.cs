namespace LeoCvae.Training;

/// <summary>What levels stand for, and what is added to the logits of each class, C x levels.</summary>
sealed record FittedLevels(LevelTensors Tensors, float[] Offset);
