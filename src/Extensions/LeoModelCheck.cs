using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace LeoCvae.Extensions;

/// <summary>Generates a row of each class.</summary>
sealed class LeoModelCheck(Func<LeoModel> find) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            LeoModel model = find();
            double[] row = new double[model.Schema.Columns.Count];
            for (int c = 0; c < model.Schema.Classes.Count; c++)
                model.Generate(c, first: 0, count: 1, row, cancellation: cancellationToken);
            return Task.FromResult(HealthCheckResult.Healthy($"{model.Schema.Classes.Count} classes x {row.Length} columns"));
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return Task.FromResult(new HealthCheckResult(context.Registration.FailureStatus, e.Message, e));
        }
    }
}
