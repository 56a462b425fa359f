using System.Reflection;

[assembly: Parallelize(Workers = 2, Scope = ExecutionScope.MethodLevel)]

namespace LeoCvae.Evaluation.Tests;

[TestClass]
public class LeakageTests
{
    [TestMethod]
    public void Nobody_outside_can_make_training_rows_and_a_resampler_is_given_nothing_else()
    {
        Assert.IsEmpty(typeof(TrainingRows).GetConstructors(BindingFlags.Public | BindingFlags.Instance));
        Type[] given = [.. typeof(IResampler).GetMethod(nameof(IResampler.Resample))!.GetParameters().Select(parameter => parameter.ParameterType)];
        Assert.AreSequenceEqual((Type[])[typeof(TrainingRows), typeof(ulong), typeof(CancellationToken)], given);
    }
}
