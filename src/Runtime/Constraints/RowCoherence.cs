namespace LeoCvae;

/// <summary>
/// Makes a generated row hold its constraints, in managed code and as the ONNX nodes that do the same: what a category determines is looked
/// up, a larger number is raised, parts are moved until their sum fits, each within its range. Flags need no repair: they are drawn as one
/// category. Immutable and thread-safe.
/// </summary>
sealed class RowCoherence
{
    /// <summary>How the names of the graph's constants begin.</summary>
    public const string TensorPrefix = "coherent_constant_";

    // Sums of rounded numbers are off by less.
    const double Slack = 1e-9;

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

    sealed record Fit(RowConstraint Constraint, int[] Parts, int Total, double Least, double Most, double Unit) : Step(Constraint);

    /// <param name="columns">The columns.</param>
    /// <param name="constraints">What holds, in the order in which it is repaired.</param>
    public RowCoherence(IReadOnlyList<ColumnSpec> columns, IReadOnlyList<RowConstraint> constraints)
    {
        _columns = columns;
        HashSet<int> determined = [];
        foreach (RowConstraint constraint in constraints)
        {
            int[] places = [.. constraint.Columns.Select(Place)];
            if (constraint.Kind == ConstraintKind.Dependency)
                AddDependency(constraint, places[0], places[1], determined);
            else if (constraint.Kind == ConstraintKind.Order)
                _steps.Add(new Raise(constraint, places[0], places[1], columns[places[1]].Step, columns[places[1]].Minimum));
            else if (constraint.Kind == ConstraintKind.Sum)
                AddSum(constraint, places);
        }
    }

    /// <summary>Whether anything is repaired.</summary>
    public bool IsEmpty => _steps.Count == 0;

    int Place(string name)
    {
        for (int j = 0; j < _columns.Count; j++)
            if (_columns[j].Name == name)
                return j;
        throw Fault.Argument("constraints", $"a constraint names the column '{VisibleText.Name(name)}', which the table doesn't have");
    }

    void AddDependency(RowConstraint constraint, int from, int to, HashSet<int> determined)
    {
        double[] cells = [.. constraint.Map!.Select(cell => cell ?? double.NaN)];
        if (determined.Add(to) || _columns[to].Categories is not { } names)
        {
            _steps.Add(new Lookup(constraint, from, to, cells));
            return;
        }
        // The column is determined already: what would determine it otherwise gives way.
        double[][] sources = [.. Enumerable.Range(0, names.Count + 1).Select(category => (double[])[.. Enumerable.Range(0, cells.Length)
            .Where(source => Code(cells[source], names.Count) == category)
            .Select(source => source == cells.Length - 1 ? double.NaN : source)])];
        int slots = Math.Max(1, sources.Max(own => own.Length));
        double[] choices = [.. sources.SelectMany(own => Enumerable.Range(0, slots)
            .Select(slot => own.Length == 0 ? double.NaN : own[slot * own.Length / slots]))];
        _steps.Add(new Agree(constraint, from, to, cells, choices, slots, FeatureLayout.ColumnsOfBlocks(_columns).ToList().IndexOf(from)));
    }

    void AddSum(RowConstraint constraint, int[] places)
    {
        int[] parts = constraint.Total is null ? places[..^1] : places;
        (double least, double most) = constraint.Total is double total ? (total, total)
            : (_columns[places[^1]].Minimum, _columns[places[^1]].Maximum);
        int decimals = parts.Max(part => _columns[part].Decimals ?? ColumnSpec.MaxDecimals);
        _steps.Add(new Fit(constraint, parts, constraint.Total is null ? places[^1] : -1, least, most, ColumnSpec.PowersOf10[decimals]));
    }

    /// <summary>Says how a constraint doesn't fit the columns; null where it does.</summary>
    public static string? Misfit(RowConstraint constraint, IReadOnlyList<ColumnSpec> columns, bool withMap = true)
    {
        string[] names = [.. constraint.Columns ?? []];
        int least = constraint.Kind == ConstraintKind.Sum && constraint.Total is null ? 3 : 2;
        bool isPair = constraint.Kind is ConstraintKind.Dependency or ConstraintKind.Order;
        if (!Enum.IsDefined(constraint.Kind))
            return "got an unknown kind, expected Dependency, Order, Sum or Flags";
        if (names.Length < least || isPair && names.Length > 2)
            return FormattableString.Invariant($"got {names.Length} columns, expected {(isPair ? "2" : $"{least} or more")}");
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
            ConstraintKind.Order => AreAll(column => FeatureLayout.IsNumber(column) && column.Kind == own[0].Kind && column.Values is null)
                ? null : "two numbers, or two dates, of many values",
            ConstraintKind.Sum => AreAll(column => column is { Kind: ColumnKind.Numeric, Values: null, FlagOf: null, Decimals: not null })
                ? null : "rounded numbers of many values",
            _ => AreAll(column => column is { Kind: ColumnKind.Numeric, HasMissing: false, Minimum: 0, Maximum: 1, Decimals: 0 }) ? null
                : "numbers that are 0 or 1 and never missing",
        };
        if (wrong is not null)
            return $"got {string.Join(", ", own.Select(column => column.Kind).Distinct())}, expected {wrong}";
        // What is moved onto another column must be on that column's grid.
        if (constraint.Kind == ConstraintKind.Order && own[0].Decimals > (own[1].Decimals ?? ColumnSpec.MaxDecimals)
            || constraint.Kind == ConstraintKind.Sum && constraint.Total is null && own[..^1].Max(part => part.Decimals) > own[^1].Decimals)
            return "the last column has fewer decimals than another";
        bool IsCell(double? cell) => cell is not double value || (own[1].Categories is { } names
            ? value >= 0 && value < names.Count && value == Math.Floor(value) : double.IsFinite(value));
        if (constraint.Kind == ConstraintKind.Dependency && withMap && !(constraint.Map is { } map
            && map.Count == own[0].Categories!.Count + 1 && map.All(IsCell)))
            return "its map doesn't fit the categories";
        return null;
    }

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
                case Fit fit:
                    Move(row, fit);
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
        for (int i = fit.Parts.Length - 1; i >= 0; i--)
        {
            int part = fit.Parts[i];
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

    /// <summary>The graph's constants and nodes, from rows that need not hold to rows that do.</summary>
    /// <param name="from">Name of the rows.</param>
    /// <param name="to">Name of what results.</param>
    /// <param name="isDrawn">Whether the graph has the input choice.</param>
    public (IReadOnlyList<GraphConstant> Constants, IReadOnlyList<GraphNode> Nodes) Graph(string from, string to, bool isDrawn)
    {
        Builder graph = new(from);
        foreach (Step step in _steps)
            switch (step)
            {
                case Lookup lookup:
                    string source = graph.Code(lookup.From, lookup.Cells.Length - 1);
                    graph.Set(lookup.To, graph.Node("Gather", [graph.Doubles(lookup.Cells), source]));
                    break;
                case Agree agree:
                    AddAgree(graph, agree, isDrawn);
                    break;
                case Raise raise:
                    string low = graph.Column(raise.Lower), high = graph.Column(raise.Upper), raised = low;
                    if (raise.Unit != 1)
                    {
                        (string unit, string start) = (graph.Double(raise.Unit), graph.Double(raise.From));
                        string units = graph.Node("Ceil", [graph.Node("Div", [graph.Node("Sub", [low, start]), unit])]);
                        raised = graph.Node("Add", [graph.Node("Mul", [units, unit]), start]);
                    }
                    graph.Set(raise.Upper, graph.Node("Where", [graph.Node("Less", [high, low]), raised, high]));
                    break;
                case Fit fit:
                    AddFit(graph, fit);
                    break;
            }
        return (graph.Constants, graph.Finish(_columns.Count, to));
    }

    void AddAgree(Builder graph, Agree agree, bool isDrawn)
    {
        int categories = _columns[agree.To].Categories!.Count, missing = agree.Cells.Length - 1;
        string source = graph.Column(agree.From), code = graph.Code(agree.To, categories);
        // Compared by codes, as NaN isn't equal to itself.
        string codes = graph.Longs([.. agree.Cells.Select(cell => (long)Code(cell, categories))]);
        string own = graph.Node("Gather", [codes, graph.Code(agree.From, missing)]), last = graph.Long(agree.Slots - 1), slot;
        if (isDrawn)
        {
            string choice = graph.Node("Gather", [LevelTensors.Choice, graph.Longs([agree.Choice], 1)], ("axis", 1));
            string scaled = graph.Node("Mul", [choice, graph.Float(agree.Slots)]);
            slot = graph.Node("Min", [graph.Node("Cast", [scaled], ("to", 7)), last]);
        }
        else
            slot = graph.Long(Math.Min((int)(0.5f * agree.Slots), agree.Slots - 1));
        string place = graph.Node("Add", [graph.Node("Mul", [code, graph.Long(agree.Slots)]), slot]);
        graph.Set(agree.From, graph.Node("Where", [graph.Node("Equal", [own, code]), source,
            graph.Node("Gather", [graph.Doubles(agree.Choices), place])]));
    }

    void AddFit(Builder graph, Fit fit)
    {
        string zero = graph.Double(0), unit = graph.Double(fit.Unit), sum = Sum();
        string Rounded(string value) => graph.Node("Div", [graph.Node("Round", [graph.Node("Mul", [value, unit])]), unit]);
        string isMissing = graph.Node("IsNaN", [sum]);
        string over = graph.Node("Max", [graph.Node("Sub", [sum, graph.Double(fit.Most)]), zero]),
            under = graph.Node("Max", [graph.Node("Sub", [graph.Double(fit.Least), sum]), zero]);
        for (int i = fit.Parts.Length - 1; i >= 0; i--)
        {
            (int place, string part) = (fit.Parts[i], graph.Column(fit.Parts[i]));
            string less = graph.Node("Min", [over, graph.Node("Sub", [part, graph.Double(_columns[place].Minimum)])]),
                more = graph.Node("Min", [under, graph.Node("Sub", [graph.Double(_columns[place].Maximum), part])]);
            string moved = Rounded(graph.Node("Add", [graph.Node("Sub", [part, less]), more]));
            (over, under) = (graph.Node("Sub", [over, less]), graph.Node("Sub", [under, more]));
            graph.Set(place, graph.Node("Where", [isMissing, part, moved]));
        }
        if (fit.Total < 0)
            return;
        string old = graph.Column(fit.Total);
        string keeps = graph.Node("Or", [isMissing, graph.Node("IsNaN", [old])]);
        graph.Set(fit.Total, graph.Node("Where", [keeps, old, Rounded(Sum())]));

        string Sum()
        {
            string total = graph.Column(fit.Parts[0]);
            foreach (int part in fit.Parts.AsSpan(1))
                total = graph.Node("Add", [total, graph.Column(part)]);
            return total;
        }
    }

    // Nodes and constants with names of their own, and the newest values of each column.
    sealed class Builder(string rows)
    {
        readonly List<GraphNode> _nodes = [];
        readonly List<GraphConstant> _constants = [];
        readonly Dictionary<int, string> _columns = [];
        readonly HashSet<int> _changed = [];

        public IReadOnlyList<GraphConstant> Constants => _constants;

        public string Node(string op, string[] inputs, params (string Name, object Value)[] attributes)
        {
            string name = FormattableString.Invariant($"coherent_{_nodes.Count}");
            _nodes.Add(new(op, name, inputs, attributes));
            return name;
        }

        public string Double(double value) => Constant(new[] { value }, []);

        public string Float(float value) => Constant(new[] { value }, []);

        public string Long(long value) => Constant(new[] { value }, []);

        public string Doubles(double[] values) => Constant(values, [values.Length]);

        public string Longs(long[] values, params int[] shape) => Constant(values, shape.Length == 0 ? [values.Length] : shape);

        /// <summary>N x 1.</summary>
        public string Column(int column)
        {
            if (!_columns.TryGetValue(column, out string? name))
                _columns[column] = name = Node("Gather", [rows, Longs([column], 1)], ("axis", 1));
            return name;
        }

        public void Set(int column, string name)
        {
            _columns[column] = name;
            _changed.Add(column);
        }

        /// <summary>Index of a category; of a missing one the number of categories.</summary>
        public string Code(int column, int missing)
        {
            string cell = Column(column);
            return Node("Cast", [Node("Where", [Node("IsNaN", [cell]), Double(missing), cell])], ("to", 7));
        }

        public List<GraphNode> Finish(int width, string to)
        {
            int[] changed = [.. _changed.Order()];
            string all = Node("Concat", [rows, .. changed.Select(column => _columns[column])], ("axis", 1));
            long[] places = [.. Enumerable.Range(0, width).Select(column => (long)(Array.BinarySearch(changed, column) is int place and >= 0
                ? width + place : column))];
            _nodes.Add(new("Gather", to, [all, Longs(places)], [("axis", 1)]));
            return _nodes;
        }

        string Constant(Array values, int[] shape)
        {
            string name = FormattableString.Invariant($"{TensorPrefix}{_constants.Count}");
            _constants.Add(new(name, values, shape));
            return name;
        }
    }
}
