using System.Numerics.Tensors;

namespace LeoCvae;

/// <summary>
/// How the encoder takes categories and missing values, as ONNX nodes and in managed code: the level of each block picks a row of the first
/// layer's weights, and the rows are added up. A category that is not known picks a row of zeros. Immutable and thread-safe.
/// </summary>
sealed class LevelEncoding
{
    /// <summary>
    /// int64: for each block the row of weights of a missing value, of any value that is no known category, and of each category.
    /// </summary>
    public const string RowsTensor = "level_rows";

    /// <summary>float[1 + levels, h]: a row of zeros, then one for each level.</summary>
    public const string WeightTensor = "encoder1_levels";

    /// <summary>The result of the nodes: what the blocks add to the first layer, float[N, h].</summary>
    public const string Term = "level_term";

    const int Missing = 0, Other = 1, Categories = 2;

    readonly (int Column, int Categories, int First, int[] Flags)[] _blocks;
    readonly long[] _rows;

    /// <param name="columns">The columns.</param>
    /// <param name="rows">The tensor.</param>
    public LevelEncoding(IReadOnlyList<ColumnSpec> columns, long[] rows)
    {
        int first = 0;
        _rows = rows;
        _blocks = [.. FeatureLayout.ColumnsOfBlocks(columns).Select(column =>
        {
            int[] flags = columns[column].FlagOf is null ? [] : FeatureLayout.FlagColumns(columns, column);
            int categories = flags.Length > 0 ? flags.Length : columns[column].Categories?.Count ?? 0;
            first += Categories + categories;
            return (column, categories, first - Categories - categories, flags);
        })];
        RowCount = first;
    }

    /// <summary>How many numbers the tensor must have.</summary>
    public int RowCount { get; }

    /// <summary>The tensor of a layout.</summary>
    public static long[] Rows(FeatureLayout layout)
    {
        List<long> rows = [];
        foreach (LevelBlock block in layout.Blocks)
        {
            long Row(int level) => level < 0 ? 0 : 1 + block.First - layout.Numbers.Length + level;
            rows.Add(Row(block.Missing));
            // A number that is there has the first level, and so have names of rows.
            rows.Add(Row(block.Flags.Length > 0 ? block.None : block.LevelOf.Length == 0 ? 0 : -1));
            rows.AddRange(block.Flags.Select((_, flag) => Row(flag)));
            rows.AddRange(block.LevelOf.Select(level => Row(level)));
        }
        return [.. rows];
    }

    /// <summary>The row of weights of each block, for a table's row.</summary>
    void Rows(ReadOnlySpan<double> row, Span<long> rows)
    {
        for (int b = 0; b < _blocks.Length; b++)
        {
            (int column, int categories, int first, int[] flags) = _blocks[b];
            double cell = flags.Length > 0 ? LevelBlock.FlagOf(row, flags) : row[column];
            rows[b] = _rows[first + (double.IsNaN(cell) ? Missing
                : cell >= 0 && cell < categories ? Categories + (int)cell : Other)];
        }
    }

    /// <summary>Adds the weights of a row's levels.</summary>
    /// <param name="row">A table's row.</param>
    /// <param name="weights">A row of weights for each level, as wide as what they are added to.</param>
    /// <param name="picked">Room for a number of each block.</param>
    /// <param name="sum">What they are added to.</param>
    public void AddWeights(ReadOnlySpan<double> row, ReadOnlySpan<float> weights, Span<long> picked, Span<float> sum)
    {
        Rows(row, picked);
        foreach (long pick in picked)
            TensorPrimitives.Add(sum, weights.Slice((int)pick * sum.Length, sum.Length), sum);
    }

    public int Blocks => _blocks.Length;

    public IReadOnlyList<GraphConstant> Constants
    {
        get
        {
            List<GraphConstant> constants =
            [
                new(RowsTensor, _rows, [_rows.Length]),
                new("level_columns", (long[])[.. _blocks.Select(block => (long)block.Column)], [_blocks.Length]),
                new("level_last_category", (double[])[.. _blocks.Select(block => block.Categories - 0.5)], [_blocks.Length]),
                new("level_first", (long[])[.. _blocks.Select(block => (long)block.First + Categories)], [_blocks.Length]),
                new("level_zero", (double[])[0], []),
                new("level_other", (double[])[Other - Categories], []),
                new("level_missing", (double[])[Missing - Categories], []),
                new("level_axis", (long[])[1], [1]),
            ];
            (int Block, int Flag, int Column)[] flags = [.. _blocks.SelectMany((block, b) => block.Flags.Select((column, k) =>
                (b, k, column)))];
            if (flags.Length == 0)
                return constants;
            double[] numbers = new double[flags.Length * _blocks.Length];
            for (int i = 0; i < flags.Length; i++)
                numbers[i * _blocks.Length + flags[i].Block] = flags[i].Flag + 1;
            constants.AddRange([
                new("flag_columns", (long[])[.. flags.Select(flag => (long)flag.Column)], [flags.Length]),
                new("flag_half", (double[])[0.5], []),
                new("flag_numbers", numbers, [flags.Length, _blocks.Length]),
                new("flag_one", (double[])[1], []),
                new("flag_blocks", (bool[])[.. _blocks.Select(block => block.Flags.Length > 0)], [_blocks.Length]),
            ]);
            return constants;
        }
    }

    public IReadOnlyList<GraphNode> Nodes =>
    [
        .. _blocks.All(block => block.Flags.Length == 0)
            ? (GraphNode[])[Node("Gather", "level_cells", [ModelInput, "level_columns"], ("axis", 1))]
            : [
                Node("Gather", "level_columns_cells", [ModelInput, "level_columns"], ("axis", 1)),
                Node("Gather", "flag_cells", [ModelInput, "flag_columns"], ("axis", 1)),
                Node("Greater", "flag_is_on", ["flag_cells", "flag_half"]),
                Node("Cast", "flag_on", ["flag_is_on"], ("to", OnnxType.Double)),
                Node("MatMul", "flag_numbers_from_1", ["flag_on", "flag_numbers"]),
                Node("Sub", "flag_levels", ["flag_numbers_from_1", "flag_one"]),
                Node("Where", "level_cells", ["flag_blocks", "flag_levels", "level_columns_cells"]),
            ],
        Node("Less", "level_below", ["level_cells", "level_zero"]),
        Node("Greater", "level_above", ["level_cells", "level_last_category"]),
        Node("Or", "level_unknown", ["level_below", "level_above"]),
        Node("Where", "level_known", ["level_unknown", "level_other", "level_cells"]),
        Node("IsNaN", "level_is_missing", ["level_cells"]),
        Node("Where", "level_or_missing", ["level_is_missing", "level_missing", "level_known"]),
        Node("Cast", "level_category", ["level_or_missing"], ("to", OnnxType.Int64)),
        Node("Add", "level_place", ["level_category", "level_first"]),
        Node("Gather", "level_row", [RowsTensor, "level_place"]),
        Node("Gather", "level_weights", [WeightTensor, "level_row"]),
        Node("ReduceSum", Term, ["level_weights", "level_axis"], ("keepdims", 0)),
    ];

    const string ModelInput = "rows";

    static GraphNode Node(string op, string result, string[] inputs, params (string Name, object Value)[] attributes) =>
        new(op, result, inputs, attributes);
}
