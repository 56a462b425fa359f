namespace LeoCvae.Runtime.Tests;

/// <summary>A model that is replaced, deleted or disposed of under its users gives right answers or none.</summary>
[TestClass]
public class ModelLifetimeTests
{
    [TestMethod]
    [DataRow(Evaluator.Managed)]
    [DataRow(Evaluator.OnnxRuntime)]
    public void A_model_that_is_swapped_under_load_never_gives_a_wrong_row(Evaluator evaluator)
    {
        RuntimeOptions options = new() { Evaluator = evaluator, MaxDegreeOfParallelism = 1 };
        LeoModel served = LeoModel.Load(TestModel.Folder, options);
        double[] rows = served.Generate(TestModel.Counts(400, 40)).Values.ToArray();
        float[] means = served.Embed(TestModel.Training).Values;
        int done = 0, refused = 0;
        using CancellationTokenSource stop = new();
        Task[] users = [.. Enumerable.Range(0, 4).Select(user => Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
                try
                {
                    LeoModel model = Volatile.Read(ref served);
                    if (user % 2 == 0)
                        Assert.IsTrue(rows.AsSpan().SequenceEqual(model.Generate(TestModel.Counts(400, 40)).Values), "wrong rows");
                    else
                        Assert.IsTrue(means.AsSpan().SequenceEqual(model.Embed(TestModel.Training).Values), "wrong means");
                    Interlocked.Increment(ref done);
                }
                catch (ObjectDisposedException)
                {
                    Interlocked.Increment(ref refused);
                }
        }))];
        for (int swaps = 0; swaps < 30 || Volatile.Read(ref done) < 50; swaps++)
        {
            Interlocked.Exchange(ref served, LeoModel.Load(TestModel.Folder, options)).Dispose();
            if (users.Any(user => user.IsFaulted))
                break;
        }
        stop.Cancel();
        Task.WaitAll(users);
        served.Dispose();
    }

    [TestMethod]
    [DataRow(Evaluator.Managed)]
    [DataRow(Evaluator.OnnxRuntime)]
    public void A_call_that_runs_when_the_model_is_disposed_of_ends_right(Evaluator evaluator)
    {
        LeoModel model = LeoModel.Load(TestModel.Folder, new() { Evaluator = evaluator, MaxDegreeOfParallelism = 2 });
        double[] expected = model.Generate(TestModel.Counts(9000, 10)).Values.ToArray();
        Table rows = model.Generate(TestModel.Counts(9000, 10), progress: new Immediate(_ => model.Dispose()));
        Assert.IsTrue(expected.AsSpan().SequenceEqual(rows.Values));
        Assert.ThrowsExactly<ObjectDisposedException>(() => model.Generate(TestModel.Counts(1, 1)));
        Assert.ThrowsExactly<ObjectDisposedException>(() => model.Save("nowhere"));
    }

    [TestMethod]
    public void What_is_counted_is_freed_once_by_the_last_of_its_users()
    {
        int freed = 0;
        Lifetime lifetime = new("it", () => freed++);
        Lifetime.Use first = lifetime.Enter(), second = lifetime.Enter();
        lifetime.End();
        lifetime.End();
        Assert.ThrowsExactly<ObjectDisposedException>(() => lifetime.Enter());
        first.Dispose();
        Assert.AreEqual(0, freed);
        second.Dispose();
        Assert.AreEqual(1, freed);
        Assert.ThrowsExactly<ObjectDisposedException>(() => lifetime.Enter());
    }

    sealed class Immediate(Action<long> report) : IProgress<long>
    {
        public void Report(long value) => report(value);
    }
}
