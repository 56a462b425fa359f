namespace LeoCvae;

/// <summary>Constraints that are held together, in the order in which a row is repaired. Not thread-safe.</summary>
/// <param name="columns">The columns.</param>
sealed class HeldConstraints(IReadOnlyList<ColumnSpec> columns)
{
    readonly List<RowConstraint> _all = [];
    RepairPlan _plan = new(columns);

    /// <summary>Those that are held.</summary>
    public IReadOnlyList<RowConstraint> All => _all;

    /// <summary>Adds a constraint behind the others, or else as far behind as it can be held with them.</summary>
    /// <param name="constraint">It fits the columns (<see cref="RowCoherence.Misfit"/>).</param>
    /// <returns>Why it can't be held with the others; null where it is.</returns>
    public string? TryAdd(RowConstraint constraint)
    {
        string? conflict = _plan.Add(constraint, RepairPlan.Places(columns, constraint), out _, out _);
        if (conflict is null)
        {
            _all.Add(constraint);
            return null;
        }
        for (int at = _all.Count - 1; at >= 0; at--)
        {
            List<RowConstraint> candidate = [.. _all];
            candidate.Insert(at, constraint);
            RepairPlan plan = new(columns);
            if (candidate.TrueForAll(each => plan.Add(each, RepairPlan.Places(columns, each), out _, out _) is null))
            {
                _all.Insert(at, constraint);
                _plan = plan;
                return null;
            }
        }
        return conflict;
    }
}
