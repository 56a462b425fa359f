using LeoCvae.Evaluation;

namespace LeoCvae.Cli;

/// <summary>A plan of evaluations as numbered tasks: each a method on a fold. Immutable.</summary>
/// <param name="File">The plan's file, as it was given.</param>
/// <param name="Sha256">SHA-256 of its bytes, in hexadecimal.</param>
/// <param name="Runs">The evaluations: one for each of the plan's runs and each of its seeds.</param>
sealed record SweepPlan(string File, string Sha256, IReadOnlyList<SweepRun> Runs)
{
    /// <summary>The number of tasks.</summary>
    public int Tasks => Runs[^1].FirstTask + Runs[^1].Units.Count;

    /// <summary>All tasks by number.</summary>
    public IEnumerable<SweepTask> All => Runs.SelectMany(run => run.Tasks);
}

/// <summary>An evaluation of a plan: what evaluate does, of the same options. Immutable.</summary>
/// <param name="Name">Its name, no other's.</param>
/// <param name="Place">Where it stands: file and place in the plan.</param>
/// <param name="Request">What is asked for.</param>
/// <param name="Inputs">The files that it reads, as the plan names them and as they are found.</param>
/// <param name="FirstTask">Number of its first task.</param>
/// <param name="Units">Its units, a task each.</param>
sealed record SweepRun(string Name, string Place, EvaluationRequest Request, IReadOnlyList<(string Name, string Path)> Inputs,
    int FirstTask, IReadOnlyList<UnitPlace> Units)
{
    /// <summary>Its tasks, by number.</summary>
    public IEnumerable<SweepTask> Tasks => Units.Select((place, unit) => new SweepTask(FirstTask + unit, this, unit, place));

    /// <summary>Reads the table; what is wrong with it is said with the place in the plan.</summary>
    public Dataset Load(Session session)
    {
        try
        {
            Dataset data = Request.Load(session, out _);
            MethodEvaluator.Validate(data, Request.Methods, Request.Classifiers, Request.Options);
            return data;
        }
        catch (Exception e) when (e is ArgumentException or IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"{Place}: {SweepPlanReader.InPlan(Verb.Message(e, EvaluationArguments.OptionOf))}", e);
        }
    }
}

/// <summary>A task of a plan. Immutable.</summary>
/// <param name="Number">Its number, from 0.</param>
/// <param name="Run">The evaluation that it is a part of.</param>
/// <param name="Unit">Number of its unit there.</param>
/// <param name="Place">What the unit is.</param>
sealed record SweepTask(int Number, SweepRun Run, int Unit, UnitPlace Place)
{
    public string Method => Run.Request.Methods[Place.Method].Name;

    public override string ToString() => $"{Run.Name}, seed {Run.Request.Options.Seed}: repeat {Place.Repeat}, fold {Place.Fold}, {Method}";
}
