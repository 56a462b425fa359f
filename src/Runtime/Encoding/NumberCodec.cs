using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LeoCvae;

/// <summary>A node of an ONNX graph.</summary>
readonly record struct GraphNode(string Operator, string Result, string[] Inputs, (string Name, object Value)[] Attributes);

/// <summary>A constant tensor of an ONNX graph.</summary>
readonly record struct GraphConstant(string Name, Array Values, int[] Shape);

/// <summary>
/// The rule of number columns, and its only home: what becomes of a cell on its way into the network and out of it, in managed code and as
/// the ONNX nodes that do the same. In: x - mean as a float. Out: + mean in double, rounded to the column's decimals (ties to even), kept
/// within its range, of times without seconds to the minute, and of a column of few values the one that is nearest. Scales are folded into
/// the weights. Immutable and thread-safe.
/// </summary>
sealed class NumberCodec
{
    public const string MeanTensor = "column_mean";

    readonly double[] _mean, _minimum, _maximum;

    // 10^decimals of columns that are rounded, 0 for the others.
    readonly double[] _unit;
    readonly bool _rounds;

    // Of a column of few values they, and the middles between them; null of the others, and null where no column has any.
    readonly (double[] Values, double[] Middles)?[]? _few;

    // Seconds from one time to the next of columns that are written without seconds, 0 for the others; null where no column is.
    readonly double[]? _step;

    // Of columns beside others their places in a row; null where all columns are numbers that are there.
    readonly int[]? _places;

    // What the nodes out of the network result in.
    readonly string _result;

    /// <param name="columns">All columns of a table.</param>
    /// <param name="mean">Mean of each number; null for noughts, where nothing but <see cref="Valid"/> is asked for.</param>
    /// <param name="result">Name of the rows out of the network.</param>
    public NumberCodec(IReadOnlyList<ColumnSpec> columns, double[]? mean = null, string result = "rows")
    {
        _result = result;
        if (FeatureLayout.ColumnsOfBlocks(columns).Any())
        {
            _places = [.. Enumerable.Range(0, columns.Count).Where(j => FeatureLayout.IsNumber(columns[j]))];
            _result = "numbers";
            columns = [.. columns.Where(FeatureLayout.IsNumber)];
        }
        _mean = mean ?? new double[columns.Count];
        _minimum = [.. columns.Select(column => column.Minimum)];
        _maximum = [.. columns.Select(column => column.Maximum)];
        _unit = [.. columns.Select(column => column.Decimals is int decimals ? ColumnSpec.PowersOf10[decimals] : 0)];
        _rounds = _unit.Any(unit => unit > 0);
        if (columns.Any(column => column.Step > 1))
            _step = [.. columns.Select(column => column.Step is double step and > 1 ? step : 0)];
        if (columns.Any(column => column.Values is not null))
            _few = [.. columns.Select(column => column.Values is { } values ? ((double[])[.. values], Middles(values))
                : ((double[], double[])?)null)];
        InConstants = [new(MeanTensor, _mean, [_mean.Length]), .. _places is null ? [] : (GraphConstant[])[
            new("number_columns", (long[])[.. _places.Select(place => (long)place)], [_places.Length]),
            new("number_zero", (double[])[0], [])]];
        (OutConstants, OutNodes) = Out();
    }

    public int Width => _mean.Length;

    /// <summary>From rows (double) to what the encoder's first product takes (float); none where there are no numbers.</summary>
    public IReadOnlyList<GraphNode> InNodes => Width == 0 ? [] : _places is null
        ? [Node("Sub", "centered", ["rows", MeanTensor]), Node("Cast", Centered, ["centered"], ("to", OnnxType.Float))]
        : [
            Node("Gather", "numbers", ["rows", "number_columns"], ("axis", 1)),
            Node("Sub", "centered_or_missing", ["numbers", MeanTensor]),
            Node("IsNaN", "is_missing", ["centered_or_missing"]),
            // Where a number is missing stands the mean.
            Node("Where", "centered", ["is_missing", "number_zero", "centered_or_missing"]),
            Node("Cast", Centered, ["centered"], ("to", OnnxType.Float)),
        ];

    /// <summary>The result of <see cref="InNodes"/>.</summary>
    public const string Centered = "centered_float";

    public IReadOnlyList<GraphConstant> InConstants { get; }

    /// <summary>From <see cref="Raw"/> to rows, or numbers beside other columns (double).</summary>
    public IReadOnlyList<GraphNode> OutNodes { get; }

    /// <summary>Numbers in double, neither rounded nor kept within their range: where <see cref="OutNodes"/> start.</summary>
    public const string Raw = "raw";

    /// <summary>From what the decoder's last product gives where there is no row noise (<see cref="Deviation"/>, float) to
    /// <see cref="Raw"/>.</summary>
    public static IReadOnlyList<GraphNode> RawNodes { get; } =
        [Node("Cast", "deviation_double", [Deviation], ("to", OnnxType.Double)), Node("Add", Raw, ["deviation_double", MeanTensor])];

    /// <summary>Where <see cref="RawNodes"/> start.</summary>
    public const string Deviation = "deviation";

    public IReadOnlyList<GraphConstant> OutConstants { get; }

    /// <summary>A row on its way in.</summary>
    public void Center(ReadOnlySpan<double> row, Span<float> centered)
    {
        if (_places is null)
            for (int j = 0; j < row.Length; j++)
                centered[j] = (float)(row[j] - _mean[j]);
        else
            for (int j = 0; j < _places.Length; j++)
                centered[j] = row[_places[j]] is double value && double.IsNaN(value) ? 0 : (float)(value - _mean[j]);
    }

    /// <summary>A row on its way out, without -0.</summary>
    public void ToValidRow(ReadOnlySpan<float> deviations, Span<double> row)
    {
        int j = 0;
        ref float deviation = ref MemoryMarshal.GetReference(deviations[..row.Length]);
        ref double cell = ref MemoryMarshal.GetReference(row[.._mean.Length]);
        for (; j <= row.Length - Vector<float>.Count; j += Vector<float>.Count)
        {
            Vector.Widen(Vector.LoadUnsafe(ref deviation, (nuint)j), out Vector<double> low, out Vector<double> high);
            InRange(j, low).StoreUnsafe(ref cell, (nuint)j);
            InRange(j + Vector<double>.Count, high).StoreUnsafe(ref cell, (nuint)(j + Vector<double>.Count));
        }
        for (; j < row.Length; j++)
            row[j] = InRange(j, deviations[j] + _mean[j]) + 0.0;
        if (_step is not null)
            for (j = 0; j < row.Length; j++)
                row[j] = OnStep(j, row[j]) + 0.0;
        if (_few is not null)
            for (j = 0; j < row.Length; j++)
                row[j] = Nearest(j, row[j]) + 0.0;
    }

    /// <summary>The nearest value that a column can hold.</summary>
    public double Valid(int column, double value)
    {
        value = OnStep(column, InRange(column, value));
        // Adding zero makes a rounded -0.3 a plain 0.
        return (_few is null ? value : Nearest(column, value)) + 0.0;
    }

    double InRange(int j, double value)
    {
        double unit = _unit[j];
        if (unit > 0)
            value = Math.Round(value * unit) / unit;
        return Math.Min(Math.Max(value, _minimum[j]), _maximum[j]);
    }

    // Columns j, j + 1, ... of a row, from their means.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    Vector<double> InRange(int j, Vector<double> deviations)
    {
        Vector<double> value = deviations + From(_mean, j);
        if (_rounds)
        {
            Vector<double> unit = From(_unit, j);
            value = Vector.ConditionalSelect(Vector.GreaterThan(unit, Vector<double>.Zero), Vector.Round(value * unit) / unit, value);
        }
        // The value comes second: what is no number stays none.
        return Vector.MinNative(From(_maximum, j), Vector.MaxNative(From(_minimum, j), value)) + Vector<double>.Zero;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector<double> From(double[] values, int j) => Vector.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(values), (nuint)j);

    // Steps are counted from the least time, which is one that the form can write, whatever its offset.
    double OnStep(int j, double value) => _step is null || _step[j] == 0 ? value
        : Math.Min(_minimum[j] + Math.Round((value - _minimum[j]) / _step[j]) * _step[j], _maximum[j]);

    double Nearest(int j, double value)
    {
        if (_few![j] is not { } few)
            return value;
        int place = 0;
        foreach (double middle in few.Middles)
            if (value > middle)
                place++;
        return few.Values[place];
    }

    static double[] Middles(IReadOnlyList<double> values) => [.. values.Zip(values.Skip(1), (low, high) => low + (high - low) / 2)];

    (List<GraphConstant> Constants, List<GraphNode> Nodes) Out()
    {
        if (Width == 0)
            return ([], []);
        int[] shape = [Width];
        List<GraphConstant> constants = [new(MeanTensor, _mean, shape)];
        List<GraphNode> nodes = [];
        string rows = Raw;
        if (_rounds)
        {
            constants.Add(new("decimal_unit", (double[])[.. _unit.Select(unit => unit > 0 ? unit : 1)], shape));
            nodes.AddRange([Node("Mul", "in_units", [rows, "decimal_unit"]), Node("Round", "rounded_units", ["in_units"]),
                Node("Div", "rounded", ["rounded_units", "decimal_unit"])]);
            if (_unit.Contains(0))
            {
                constants.Add(new("rounds", (bool[])[.. _unit.Select(unit => unit > 0)], shape));
                nodes.Add(Node("Where", "rounded_where_asked", ["rounds", "rounded", rows]));
            }
            rows = nodes[^1].Result;
        }
        constants.AddRange([new("column_minimum", _minimum, shape), new("column_maximum", _maximum, shape)]);
        nodes.AddRange([Node("Max", "above_minimum", [rows, "column_minimum"]),
            Node("Min", _few is null && _step is null ? _result : "in_range", ["above_minimum", "column_maximum"])]);
        if (_step is not null)
            ToSteps(_step, constants, nodes);
        if (_few is not null)
            ToNearest(_few, constants, nodes);
        return (constants, nodes);
    }

    void ToSteps(double[] steps, List<GraphConstant> constants, List<GraphNode> nodes)
    {
        constants.AddRange([new("step", (double[])[.. steps.Select(step => Math.Max(step, 1))], [Width]),
            new("has_step", (bool[])[.. steps.Select(step => step > 0)], [Width])]);
        nodes.AddRange([Node("Sub", "from_minimum", ["in_range", "column_minimum"]), Node("Div", "in_steps", ["from_minimum", "step"]),
            Node("Round", "whole_steps", ["in_steps"]), Node("Mul", "stepped", ["whole_steps", "step"]),
            Node("Add", "on_step", ["stepped", "column_minimum"]), Node("Min", "on_step_in_range", ["on_step", "column_maximum"]),
            Node("Where", _few is null ? _result : "on_step_where_asked", ["has_step", "on_step_in_range", "in_range"])]);
    }

    // Counts the middles below a value, column by column of few values, and takes the value of that place.
    void ToNearest((double[] Values, double[] Middles)?[] few, List<GraphConstant> constants, List<GraphNode> nodes)
    {
        string rows = nodes[^1].Result;
        int[] columns = [.. Enumerable.Range(0, few.Length).Where(j => few[j] is not null)];
        int most = columns.Max(j => few[j]!.Value.Values.Length);
        double[] Padded(double[] values, int length, double padding) => [.. values, .. Enumerable.Repeat(padding, length - values.Length)];
        constants.AddRange([
            new("few_columns", (long[])[.. columns.Select(j => (long)j)], [columns.Length]),
            new("few_axis", (long[])[2], [1]),
            // No value lies above the largest number there is.
            new("few_middles", (double[])[.. columns.SelectMany(j => Padded(few[j]!.Value.Middles, most - 1, double.MaxValue))],
                [columns.Length, most - 1]),
            new("few_offset", (long[])[.. columns.Select((_, place) => (long)place * most)], [columns.Length]),
            new("few_values", (double[])[.. columns.SelectMany(j => Padded(few[j]!.Value.Values, most, 0))], [columns.Length * most]),
            new("few_place", (long[])[.. few.Select((_, j) => Array.IndexOf(columns, j) is int place and >= 0 ? few.Length + place : j)],
                [few.Length]),
        ]);
        nodes.AddRange([
            Node("Gather", "few", [rows, "few_columns"], ("axis", 1)),
            Node("Unsqueeze", "few_apart", ["few", "few_axis"]),
            Node("Greater", "few_above", ["few_apart", "few_middles"]),
            Node("Cast", "few_above_count", ["few_above"], ("to", OnnxType.Int64)),
            Node("ReduceSum", "few_number", ["few_above_count", "few_axis"], ("keepdims", 0)),
            Node("Add", "few_index", ["few_number", "few_offset"]),
            Node("Gather", "few_nearest", ["few_values", "few_index"]),
            Node("Concat", "all_and_few", [rows, "few_nearest"], ("axis", 1)),
            Node("Gather", _result, ["all_and_few", "few_place"], ("axis", 1)),
        ]);
    }

    static GraphNode Node(string op, string result, string[] inputs, params (string Name, object Value)[] attributes) =>
        new(op, result, inputs, attributes);
}
