namespace LeoCvae;

sealed partial class RowCoherence
{
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
                case Lower lower:
                    string own = graph.Column(lower.Place), bound = graph.Column(lower.Upper), lowered = bound;
                    if (lower.Unit != 0)
                    {
                        string inUnits = graph.Node("Mul", [bound, graph.Double(lower.Unit)]);
                        string floor = graph.Node("Floor", [graph.Node("Add", [inUnits, graph.Double(Slack)])]);
                        lowered = graph.Node("Max", [graph.Double(lower.Least), graph.Node("Div", [floor, graph.Double(lower.Unit)])]);
                    }
                    graph.Set(lower.Place, graph.Node("Where", [graph.Node("Greater", [own, bound]), lowered, own]));
                    break;
                case Copy copy:
                    (string first, string second) = (graph.Column(copy.From), graph.Column(copy.To));
                    string isMissing = graph.Node("Or", [graph.Node("IsNaN", [first]), graph.Node("IsNaN", [second])]);
                    graph.Set(copy.To, graph.Node("Where", [isMissing, second, first]));
                    break;
                case Fit fit:
                    AddFit(graph, fit);
                    break;
                case Imply imply:
                    AddImply(graph, imply, isDrawn);
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
            slot = graph.Node("Min", [graph.Node("Cast", [scaled], ("to", OnnxType.Int64)), last]);
        }
        else
            slot = graph.Long(Math.Min((int)(0.5f * agree.Slots), agree.Slots - 1));
        string place = graph.Node("Add", [graph.Node("Mul", [code, graph.Long(agree.Slots)]), slot]);
        graph.Set(agree.From, graph.Node("Where", [graph.Node("Equal", [own, code]), source,
            graph.Node("Gather", [graph.Doubles(agree.Choices), place])]));
    }

    static void AddImply(Builder graph, Imply imply, bool isDrawn)
    {
        string from = graph.Column(imply.From), to = graph.Column(imply.To), only = graph.Double(imply.Only),
            other = graph.Long(imply.Others.Length / 2);
        if (isDrawn)
        {
            string choice = graph.Node("Gather", [LevelTensors.Choice, graph.Longs([imply.Choice], 1)], ("axis", 1));
            string digits = graph.Node("Mul", [choice, graph.Float(Digits)]);
            string share = graph.Node("Sub", [digits, graph.Node("Floor", [digits])]);
            string place = graph.Node("Cast", [graph.Node("Mul", [share, graph.Float(imply.Others.Length)])], ("to", OnnxType.Int64));
            other = graph.Node("Min", [place, graph.Long(imply.Others.Length - 1)]);
        }
        string elsewhere = graph.Node("Where", [graph.Node("Equal", [to, only]),
            graph.Node("Gather", [graph.Doubles(imply.Others), other]), to]);
        graph.Set(imply.To, graph.Node("Where", [graph.Node("Equal", [from, graph.Double(imply.Where)]),
            imply.Constraint.Exactly ? only : to, elsewhere]));
    }

    void AddFit(Builder graph, Fit fit)
    {
        string zero = graph.Double(0), unit = graph.Double(fit.Unit), sum = Sum();
        string Rounded(string value) => graph.Node("Div", [graph.Node("Round", [graph.Node("Mul", [value, unit])]), unit]);
        string isMissing = graph.Node("IsNaN", [sum]);
        string over = graph.Node("Max", [graph.Node("Sub", [sum, graph.Double(fit.Most)]), zero]),
            under = graph.Node("Max", [graph.Node("Sub", [graph.Double(fit.Least), sum]), zero]);
        for (int i = fit.Moved.Length - 1; i >= 0; i--)
        {
            (int place, string part) = (fit.Moved[i], graph.Column(fit.Moved[i]));
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
            return Node("Cast", [Node("Where", [Node("IsNaN", [cell]), Double(missing), cell])], ("to", OnnxType.Int64));
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
