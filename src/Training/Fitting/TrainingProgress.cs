namespace LeoCvae.Training;

/// <summary>The losses of an epoch. Reported after each one; kept in <see cref="TrainingResult.Losses"/>.</summary>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="MaxEpochs">The most epochs that may run.</param>
/// <param name="TrainLoss">Mean loss of the epoch's steps, dropout on.</param>
/// <param name="TrainReconstruction">Mean weighted reconstruction term of the steps.</param>
/// <param name="TrainKld">Mean KL term of the steps, in nats, before the floor.</param>
/// <param name="ValidationLoss">Loss of the validation rows, dropout off, fixed noise; of the training rows where there are none.</param>
/// <param name="IsBest">Whether these weights are the best so far.</param>
public readonly record struct TrainingProgress(int Epoch, int MaxEpochs, double TrainLoss, double TrainReconstruction, double TrainKld,
    double ValidationLoss, bool IsBest);
