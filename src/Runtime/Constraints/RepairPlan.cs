namespace LeoCvae;

/// <summary>How a row is made to hold a constraint.</summary>
enum Repair
{
    /// <summary>Flags are drawn as one category: nothing is to be done.</summary>
    None,

    /// <summary>The determined cell is looked up.</summary>
    LookUp,

    /// <summary>The category that determines a cell gives way to one that fits it.</summary>
    Agree,

    /// <summary>The larger number is raised.</summary>
    Raise,

    /// <summary>The smaller number is lowered.</summary>
    Lower,

    /// <summary>Parts of a sum are moved, then the total is computed.</summary>
    Fit,

    /// <summary>The second column is the first one.</summary>
    Copy,

    /// <summary>A name that may not be there gives way.</summary>
    Imply,
}

/// <summary>
/// Which repairs, one after the other, make a row hold all of its constraints: none writes a column that an earlier one has settled, but
/// numbers that are only ever raised, or only ever lowered, may be so again. Not thread-safe.
/// </summary>
/// <param name="columns">The columns.</param>
sealed class RepairPlan(IReadOnlyList<ColumnSpec> columns)
{
    enum State
    {
        Free,
        Raised,
        Lowered,
        Settled,
    }

    readonly State[] _states = new State[columns.Count];

    // Of columns in which names give way the one that they follow.
    readonly Dictionary<int, int> _follows = [];

    /// <summary>Says which of some constraints can't be held after those before it, and why; null where all are held.</summary>
    public static string? Conflict(IReadOnlyList<ColumnSpec> columns, IEnumerable<RowConstraint> constraints)
    {
        RepairPlan plan = new(columns);
        foreach (RowConstraint constraint in constraints)
            if (plan.Add(constraint, Places(columns, constraint), out _, out _) is string conflict)
                return $"'{constraint}': {conflict}";
        return null;
    }

    /// <summary>Where a constraint's columns stand.</summary>
    /// <exception cref="ArgumentException">The table hasn't one of them.</exception>
    public static int[] Places(IReadOnlyList<ColumnSpec> columns, RowConstraint constraint)
    {
        return [.. constraint.Columns.Select(Place)];

        int Place(string name)
        {
            for (int j = 0; j < columns.Count; j++)
                if (columns[j].Name == name)
                    return j;
            throw Fault.Argument(nameof(constraint),
                $"a constraint names the column '{VisibleText.Name(name)}', which the table doesn't have");
        }
    }

    /// <summary>Plans the repair of one more constraint.</summary>
    /// <param name="constraint">It fits the columns (<see cref="RowCoherence.Misfit"/>).</param>
    /// <param name="places">Where its columns stand.</param>
    /// <param name="repair">What is to be done.</param>
    /// <param name="parts">Of a sum the places of the parts that may be moved.</param>
    /// <returns>Why it can't be held; null where it can.</returns>
    public string? Add(RowConstraint constraint, int[] places, out Repair repair, out int[] parts)
    {
        parts = [];
        (Repair How, string? Conflict) planned = constraint.Kind switch
        {
            ConstraintKind.Flags => (Repair.None, places.All(IsFree) ? null : "other constraints change one of its columns"),
            ConstraintKind.Dependency => Depend(places[0], places[1]),
            ConstraintKind.Order => Order(places[0], places[1]),
            ConstraintKind.Sum when constraint.Total is null && places.Length == 2 => Copy(columns[places[0]], places[1]),
            ConstraintKind.Sum => Sum(constraint, places, out parts),
            _ => Imply(places[0], places[1]),
        };
        repair = planned.How;
        if (planned.Conflict is not null)
            return planned.Conflict;
        foreach (int place in places)
            _states[place] = repair == Repair.Raise && place == places[1] ? State.Raised
                : repair == Repair.Lower && place == places[0] ? State.Lowered : State.Settled;
        return null;
    }

    bool IsFree(int place) => _states[place] == State.Free;

    string Settled(int place) => $"other constraints settle '{VisibleText.Name(columns[place].Name)}'";

    (Repair, string?) Depend(int from, int to) => IsFree(to) ? (Repair.LookUp, null)
        : columns[to].Categories is not null && IsFree(from) ? (Repair.Agree, null) : (Repair.Agree, Settled(to));

    (Repair, string?) Copy(ColumnSpec from, int to) => (Repair.Copy, !IsFree(to) ? Settled(to)
        : from.Minimum < columns[to].Minimum || from.Maximum > columns[to].Maximum
            || columns[to].Values is { } values && !(from.Values ?? []).SequenceEqual(values) ? "their values differ where one is missing"
        : null);

    (Repair, string?) Order(int lower, int upper)
    {
        (ColumnSpec low, ColumnSpec high) = (columns[lower], columns[upper]);
        bool isNumber = low.Kind == ColumnKind.Numeric;
        // What is raised or lowered onto another number must be able to be it; a smaller number may be rounded down instead.
        if (_states[upper] is State.Free or State.Raised && high.Values is null
            && (!isNumber || high.Decimals is null || low.Decimals <= high.Decimals))
            return (Repair.Raise, null);
        if (_states[lower] is State.Free or State.Lowered && low.Values is null && (isNumber || low.Step == high.Step))
            return (Repair.Lower, null);
        return (Repair.Raise, _states[upper] == State.Free && _states[lower] == State.Free
            ? "both columns have few values: neither can be moved" : Settled(_states[upper] == State.Free ? lower : upper));
    }

    (Repair, string?) Sum(RowConstraint constraint, int[] places, out int[] parts)
    {
        int[] all = constraint.Total is null ? places[..^1] : places;
        int[] moved = parts = [.. all.Where(part => IsFree(part) && columns[part].Values is null)];
        if (constraint.Total is null && !(IsFree(places[^1]) && columns[places[^1]].Values is null))
            return (Repair.Fit, IsFree(places[^1]) ? "the total has few values" : Settled(places[^1]));
        if (moved.Length == 0)
            return (Repair.Fit, "other constraints settle all parts, or they have few values");
        if (moved.Length == all.Length)
            return (Repair.Fit, null);
        // Whatever the others are, those that move must be able to make up for it.
        int[] others = [.. all.Except(moved)];
        double least = constraint.Total ?? columns[places[^1]].Minimum, most = constraint.Total ?? columns[places[^1]].Maximum,
            slack = RowCoherence.Slack * Math.Max(1, Math.Max(Math.Abs(least), Math.Abs(most)));
        double highest = others.Sum(part => columns[part].Maximum) + moved.Sum(part => columns[part].Minimum),
            lowest = others.Sum(part => columns[part].Minimum) + moved.Sum(part => columns[part].Maximum);
        return (Repair.Fit, highest <= most + slack && lowest >= least - slack ? null
            : "other constraints settle several parts, whose sum the rest can't make up for");
    }

    (Repair, string?) Imply(int from, int to)
    {
        bool isFree = IsFree(to) || _follows.TryGetValue(to, out int other) && other == from;
        if (isFree)
            _follows[to] = from;
        return (Repair.Imply, isFree ? null : Settled(to));
    }
}
