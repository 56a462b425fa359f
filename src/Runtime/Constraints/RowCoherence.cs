namespace LeoCvae;

/// <summary>
/// Makes a generated row hold its constraints, in managed code and as the ONNX nodes that do the same: what a category determines is looked
/// up, a name that may not be there gives way, a larger number is raised, parts are moved until their sum fits, each within its range.
/// Flags need no repair: they are drawn as one category. Immutable and thread-safe.
/// </summary>
sealed partial class RowCoherence
{
    /// <summary>How the names of the graph's constants begin.</summary>
    public const string TensorPrefix = "coherent_constant_";

    /// <summary>Sums of rounded numbers are off by less.</summary>
    public const double Slack = 1e-9;

    const int NamesOfImplication = 2, MostOthers = 1024;

    // A uniform number tells the level that was drawn; its digits behind these tell nothing of it.
    const float Digits = 1024;

    readonly IReadOnlyList<ColumnSpec> _columns;
    readonly List<Step> _steps = [];

    // What is done to a row, one after the other.
    abstract record Step(RowConstraint Constraint);

    sealed record Lookup(RowConstraint Constraint, int From, int To, double[] Cells) : Step(Constraint);

    // The categories of From that determine each category of To, slot by slot.
    sealed record Agree(RowConstraint Constraint, int From, int To, double[] Cells, double[] Choices, int Slots, int Choice)
        : Step(Constraint);

    // To the next time that the upper column can write, counted from its least one.
    sealed record Raise(RowConstraint Constraint, int Lower, int Upper, double Unit, double From) : Step(Constraint);

    // To the next smaller number that the lower column can write, counted in units; a unit of 0 takes the larger number as it is.
    sealed record Lower(RowConstraint Constraint, int Place, int Upper, double Unit, double Least) : Step(Constraint);

    // Total is -1 where the sum is the same in all rows. Of the parts some are moved.
    sealed record Fit(RowConstraint Constraint, int[] Parts, int[] Moved, int Total, double Least, double Most, double Unit)
        : Step(Constraint);

    sealed record Copy(RowConstraint Constraint, int From, int To) : Step(Constraint);

    // Where From has a name, To has (if that is exact) or may have one; elsewhere another stands in its place.
    sealed record Imply(RowConstraint Constraint, int From, int To, double Where, double Only, double[] Others, int Choice)
        : Step(Constraint);

    /// <param name="columns">The columns.</param>
    /// <param name="constraints">What holds, in the order in which it is repaired.</param>
    public RowCoherence(IReadOnlyList<ColumnSpec> columns, IReadOnlyList<RowConstraint> constraints)
    {
        _columns = columns;
        RepairPlan plan = new(columns);
        foreach (RowConstraint constraint in constraints)
        {
            int[] places = RepairPlan.Places(columns, constraint);
            if (plan.Add(constraint, places, out Repair repair, out int[] parts) is string conflict)
                throw Fault.Argument(nameof(constraints), $"'{constraint}': {conflict}");
            if (StepOf(constraint, places, repair, parts) is Step step)
                _steps.Add(step);
        }
    }

    Step? StepOf(RowConstraint constraint, int[] places, Repair repair, int[] parts)
    {
        switch (repair)
        {
            case Repair.LookUp:
                return new Lookup(constraint, places[0], places[1], Cells(constraint));
            case Repair.Agree:
                return AgreeOf(constraint, places[0], places[1]);
            case Repair.Raise:
                return new Raise(constraint, places[0], places[1], _columns[places[1]].Step, _columns[places[1]].Minimum);
            case Repair.Lower:
                (ColumnSpec low, ColumnSpec high) = (_columns[places[0]], _columns[places[1]]);
                bool isFiner = low.Kind != ColumnKind.Numeric || low.Decimals is null || high.Decimals <= low.Decimals;
                return new Lower(constraint, places[0], places[1], isFiner ? 0 : ColumnSpec.PowersOf10[low.Decimals!.Value], low.Minimum);
            case Repair.Fit:
                return FitOf(constraint, places, parts);
            case Repair.Copy:
                return new Copy(constraint, places[0], places[1]);
            case Repair.Imply:
                double[] map = [.. constraint.Map!.Select(cell => cell ?? 0)];
                return new Imply(constraint, places[0], places[1], map[0], map[1], map[NamesOfImplication..], ChoiceOf(places[1]));
            default:
                return null;
        }
    }

    /// <summary>Whether anything is repaired.</summary>
    public bool IsEmpty => _steps.Count == 0;

    int ChoiceOf(int column) => FeatureLayout.ColumnsOfBlocks(_columns).ToList().IndexOf(column);

    static double[] Cells(RowConstraint constraint) => [.. constraint.Map!.Select(cell => cell ?? double.NaN)];

    // The column is determined already: what would determine it otherwise gives way.
    Agree AgreeOf(RowConstraint constraint, int from, int to)
    {
        double[] cells = Cells(constraint);
        int names = _columns[to].Categories!.Count;
        double[][] sources = [.. Enumerable.Range(0, names + 1).Select(category => (double[])[.. Enumerable.Range(0, cells.Length)
            .Where(source => Code(cells[source], names) == category)
            .Select(source => source == cells.Length - 1 ? double.NaN : source)])];
        int slots = Math.Max(1, sources.Max(own => own.Length));
        double[] choices = [.. sources.SelectMany(own => Enumerable.Range(0, slots)
            .Select(slot => own.Length == 0 ? double.NaN : own[slot * own.Length / slots]))];
        return new(constraint, from, to, cells, choices, slots, ChoiceOf(from));
    }

    Fit FitOf(RowConstraint constraint, int[] places, int[] moved)
    {
        int[] parts = constraint.Total is null ? places[..^1] : places;
        (double least, double most) = constraint.Total is double total ? (total, total)
            : (_columns[places[^1]].Minimum, _columns[places[^1]].Maximum);
        int decimals = parts.Max(part => _columns[part].Decimals ?? ColumnSpec.MaxDecimals);
        return new(constraint, parts, moved, constraint.Total is null ? places[^1] : -1, least, most, ColumnSpec.PowersOf10[decimals]);
    }

    /// <summary>Says how a constraint doesn't fit the columns; null where it does.</summary>
    public static string? Misfit(RowConstraint constraint, IReadOnlyList<ColumnSpec> columns, bool withMap = true)
    {
        string[] names = [.. constraint.Columns ?? []];
        const int least = 2;
        bool isPair = constraint.Kind is ConstraintKind.Dependency or ConstraintKind.Order or ConstraintKind.Implication;
        if (!Enum.IsDefined(constraint.Kind))
            return "got an unknown kind, expected Dependency, Order, Sum, Flags or Implication";
        if (names.Length < least || isPair && names.Length > 2)
            return FormattableString.Invariant($"got {names.Length} columns, expected {(isPair ? "2" : "2 or more")}");
        if (names.Distinct(StringComparer.Ordinal).Count() < names.Length)
            return "got a column twice";
        foreach (string name in names)
            if (!columns.Any(column => column.Name == name))
                return $"there is no column '{VisibleText.Name(name)}'";
        ColumnSpec[] own = [.. names.Select(name => columns.First(column => column.Name == name))];
        bool AreAll(Func<ColumnSpec, bool> are) => own.All(are);
        string? wrong = constraint.Kind switch
        {
            ConstraintKind.Dependency => own[0].Kind == ColumnKind.Category && own[1].Kind != ColumnKind.Identifier
                && own[1].FlagOf is null ? null : "a category that determines another column",
            ConstraintKind.Order => AreAll(column => FeatureLayout.IsNumber(column) && column.Kind == own[0].Kind) ? null
                : "two numbers, two dates, or two times",
            ConstraintKind.Sum when names.Length == 2 && constraint.Total is null => AreAll(column => FeatureLayout.IsNumber(column)
                && column.Kind == own[0].Kind) ? null : "two numbers, two dates, or two times",
            ConstraintKind.Sum => AreAll(column => column is { Kind: ColumnKind.Numeric, FlagOf: null, Decimals: not null })
                ? null : "rounded numbers",
            ConstraintKind.Implication => AreAll(column => column.Kind == ColumnKind.Category) ? null : "two categories",
            _ => AreAll(IsFlag) ? null : "columns of 0 and 1, or false and true, never missing",
        };
        if (wrong is not null)
            return $"got {string.Join(", ", own.Select(column => column.Kind).Distinct())}, expected {wrong}";
        // What is moved onto another column must be on that column's grid.
        if (constraint.Kind == ConstraintKind.Sum && constraint.Total is null && own[..^1].Max(part => part.Decimals) > own[^1].Decimals)
            return "the last column has fewer decimals than another";
        bool IsCell(double? cell) => cell is not double value || (own[1].Categories is { } names
            ? value >= 0 && value < names.Count && value == Math.Floor(value) : double.IsFinite(value));
        if (constraint.Kind == ConstraintKind.Dependency && withMap && !(constraint.Map is { } map
            && map.Count == own[0].Categories!.Count + 1 && map.All(IsCell)))
            return "its map doesn't fit the categories";
        if (constraint.Kind == ConstraintKind.Implication && withMap && !(constraint is { Names: [_, _] said, Map: { } cells }
            && cells.Count is > NamesOfImplication and <= NamesOfImplication + MostOthers
            && cells.Skip(1).All(cell => cell is not null && IsCell(cell)) && cells[0] is >= 0
            && cells[0] < own[0].Categories!.Count && own[0].Categories![(int)cells[0]!] == said[0]
            && own[1].Categories![(int)cells[1]!] == said[1] && !cells.Skip(NamesOfImplication).Contains(cells[1])))
            return "its names or its map don't fit the categories";
        return null;
    }

    /// <summary>Whether a column's cells are 0 and 1: numbers, or the indices of false and true.</summary>
    public static bool IsFlag(ColumnSpec column) => !column.HasMissing && (column.Categories is [string off, string on]
        ? IsFalseAndTrue(off, on) : column is { Kind: ColumnKind.Numeric, Minimum: 0, Maximum: 1, Decimals: 0 });

    /// <summary>Whether two names are false and true, in any case.</summary>
    public static bool IsFalseAndTrue(string off, string on) => off.Equals("false", StringComparison.OrdinalIgnoreCase)
        && on.Equals("true", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a row holds a constraint.</summary>
    public static bool Holds(RowConstraint constraint, ReadOnlySpan<double> row, int[] places)
    {
        switch (constraint.Kind)
        {
            case ConstraintKind.Dependency:
                double from = row[places[0]];
                IReadOnlyList<double?> map = constraint.Map!;
                int code = double.IsNaN(from) ? map.Count - 1 : (int)from;
                return (uint)code < (uint)map.Count && (map[code] ?? double.NaN).Equals(row[places[1]]);
            case ConstraintKind.Implication:
                bool isThere = row[places[0]] == constraint.Map![0], hasName = row[places[1]] == constraint.Map[1];
                return isThere ? hasName || !constraint.Exactly : !hasName;
            case ConstraintKind.Order:
                return !(row[places[0]] > row[places[1]]);
            case ConstraintKind.Sum:
                double sum = 0;
                int parts = constraint.Total is null ? places.Length - 1 : places.Length;
                for (int i = 0; i < parts; i++)
                    sum += row[places[i]];
                double off = Math.Abs(sum - (constraint.Total ?? row[places[^1]]));
                return double.IsNaN(off) || off <= Slack * Math.Max(1, Math.Abs(sum));
            default:
                int on = 0;
                foreach (int place in places)
                {
                    if (row[place] is not (0 or 1))
                        return false;
                    on += (int)row[place];
                }
                return on == 1 || on == 0 && constraint.MayBeNone;
        }
    }

    /// <summary>Repairs a row.</summary>
    /// <param name="row">The row.</param>
    /// <param name="choice">The uniform numbers that its levels were drawn with; empty stands for 1/2.</param>
    public void Apply(Span<double> row, ReadOnlySpan<float> choice)
    {
        foreach (Step step in _steps)
            switch (step)
            {
                case Lookup lookup:
                    row[lookup.To] = lookup.Cells[Code(row[lookup.From], lookup.Cells.Length - 1)];
                    break;
                case Agree agree:
                    double determined = agree.Cells[Code(row[agree.From], agree.Cells.Length - 1)];
                    if (!determined.Equals(row[agree.To]))
                    {
                        int slot = Math.Min((int)((choice.IsEmpty ? 0.5f : choice[agree.Choice]) * agree.Slots), agree.Slots - 1);
                        row[agree.From] = agree.Choices[Code(row[agree.To], _columns[agree.To].Categories!.Count) * agree.Slots + slot];
                    }
                    break;
                case Raise raise:
                    if (row[raise.Upper] < row[raise.Lower])
                        row[raise.Upper] = raise.Unit == 1 ? row[raise.Lower]
                            : raise.From + Math.Ceiling((row[raise.Lower] - raise.From) / raise.Unit) * raise.Unit;
                    break;
                case Lower lower:
                    if (row[lower.Place] > row[lower.Upper])
                        row[lower.Place] = lower.Unit == 0 ? row[lower.Upper]
                            : Math.Max(lower.Least, Math.Floor(row[lower.Upper] * lower.Unit + Slack) / lower.Unit);
                    break;
                case Copy copy:
                    if (!double.IsNaN(row[copy.From]) && !double.IsNaN(row[copy.To]))
                        row[copy.To] = row[copy.From];
                    break;
                case Fit fit:
                    Move(row, fit);
                    break;
                case Imply imply when row[imply.From] == imply.Where:
                    row[imply.To] = imply.Constraint.Exactly ? imply.Only : row[imply.To];
                    break;
                case Imply imply when row[imply.To] == imply.Only:
                    int other = imply.Others.Length / 2;
                    if (!choice.IsEmpty)
                    {
                        float digits = choice[imply.Choice] * Digits;
                        other = Math.Min((int)((digits - MathF.Floor(digits)) * imply.Others.Length), imply.Others.Length - 1);
                    }
                    row[imply.To] = imply.Others[other];
                    break;
            }
    }

    // Whatever is too much is taken from the parts, the last first, down to their least values; whatever is too little is added likewise.
    void Move(Span<double> row, Fit fit)
    {
        double sum = 0;
        foreach (int part in fit.Parts)
            sum += row[part];
        double over = Math.Max(sum - fit.Most, 0), under = Math.Max(fit.Least - sum, 0);
        for (int i = fit.Moved.Length - 1; i >= 0; i--)
        {
            int part = fit.Moved[i];
            double less = Math.Min(over, row[part] - _columns[part].Minimum), more = Math.Min(under, _columns[part].Maximum - row[part]);
            double moved = row[part] - less + more;
            (over, under) = (over - less, under - more);
            moved = Math.Round(moved * fit.Unit) / fit.Unit;
            // Of a missing part nothing is known.
            row[part] = double.IsNaN(sum) ? row[part] : moved;
        }
        if (fit.Total < 0 || double.IsNaN(sum))
            return;
        double total = 0;
        foreach (int part in fit.Parts)
            total += row[part];
        total = Math.Round(total * fit.Unit) / fit.Unit;
        row[fit.Total] = double.IsNaN(row[fit.Total]) ? row[fit.Total] : total;
    }

    static int Code(double cell, int missing) => double.IsNaN(cell) ? missing : Math.Clamp((int)cell, 0, missing);
}
