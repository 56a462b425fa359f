namespace LeoCvae;

/// <summary>What the file of a decoder stores of its blocks of levels.</summary>
/// <param name="Counts">Levels of each block, B.</param>
/// <param name="Values">
/// B x most levels: the cell that a level stands for, the index of a category, or of a flag (their number for none), NaN for a missing
/// value, 0 for a number that is there, -1 for the level that rare categories share.
/// </param>
/// <param name="Shared">
/// C x R x S: of each class and each block with a shared level, S categories; one of them is drawn in its place, so that their shares are
/// those of the class.
/// </param>
sealed record LevelTensors(int[] Counts, double[] Values, double[] Shared)
{
    public const string LastName = "level_last", ValuesName = "level_values", SharedName = "level_shared";

    /// <summary>float[h, levels] and float[C, levels]: the last layer's part for levels, its bias by class.</summary>
    public const string WeightName = "levels_weight", BiasName = "levels_bias";

    /// <summary>Input of the graph: float[N, B + R] in [0, 1).</summary>
    public const string Choice = "choice";

    /// <summary>S, the most categories that stand for the rare ones of a class.</summary>
    public const int SharedSlots = 1024;

    /// <summary>The most levels of a block.</summary>
    public int Most => Values.Length / Counts.Length;
}

/// <summary>
/// How the decoder's last activations become categories and missing values, as ONNX nodes and in managed code: of each block softmax of its
/// logits, the level at a uniform number by inverse CDF (without one the likeliest), and what it stands for. Immutable and thread-safe.
/// </summary>
sealed unsafe class LevelDecoding
{
    // Of the places behind a block's last level: no share.
    const float Nothing = -1e9f;

    readonly LevelTensors _tensors;
    readonly int _classes;

    // For each block its column, the column's place among the numbers (-1 of a category), its first logit, its place among blocks with a
    // shared level (-1), and its flags.
    readonly (int Column, int Number, int First, int Shared, int[] Flags)[] _blocks;
    readonly int _columns, _numbers;

    public LevelDecoding(IReadOnlyList<ColumnSpec> columns, LevelTensors tensors, int classes)
    {
        (_tensors, _classes, _columns, _numbers) = (tensors, classes, columns.Count, columns.Count(FeatureLayout.IsNumber));
        int[] places = FeatureLayout.NumberPlaces(columns);
        (int first, int shared, int b) = (0, 0, 0);
        _blocks = [.. FeatureLayout.ColumnsOfBlocks(columns).Select(column =>
        {
            bool isShared = tensors.Values.AsSpan(b * tensors.Most, tensors.Counts[b]).Contains(-1);
            (int, int, int, int, int[]) block = (column, places[column], first, isShared ? shared++ : -1,
                columns[column].FlagOf is null ? [] : FeatureLayout.FlagColumns(columns, column));
            first += tensors.Counts[b++];
            return block;
        })];
        (Levels, SharedBlocks) = (first, shared);
        NumberPlaces = places;
    }

    /// <summary>Whether every level stands for a cell that its column can hold: a damaged file must not lead beyond them.</summary>
    public bool FitsColumns(IReadOnlyList<ColumnSpec> columns)
    {
        for (int b = 0; b < _blocks.Length; b++)
        {
            (int column, int number, int _, int shared, int[] flags) = _blocks[b];
            int categories = number >= 0 ? 1 : flags.Length > 0 ? flags.Length + (columns[column].MayBeNone ? 1 : 0)
                : Math.Max(1, columns[column].Categories?.Count ?? 1);
            bool IsCell(double cell) => cell >= 0 && cell < categories && cell == Math.Floor(cell);
            foreach (double cell in _tensors.Values.AsSpan(b * _tensors.Most, _tensors.Counts[b]))
                if (!(double.IsNaN(cell) ? columns[column].HasMissing : cell == -1 && shared >= 0 || IsCell(cell)))
                    return false;
            for (int c = 0; shared >= 0 && c < _classes; c++)
                foreach (double cell in _tensors.Shared.AsSpan((c * SharedBlocks + shared) * Slots, Slots))
                    if (!IsCell(cell))
                        return false;
        }
        return true;
    }

    /// <summary>All levels, which have a logit each.</summary>
    public int Levels { get; }

    /// <summary>R, blocks with a level that rare categories share.</summary>
    public int SharedBlocks { get; }

    /// <summary>Uniform numbers of a row: one a block, one more for each with a shared level.</summary>
    public int Choices => _blocks.Length + SharedBlocks;

    int[] NumberPlaces { get; }

    int Slots => SharedBlocks == 0 ? 0 : _tensors.Shared.Length / (_classes * SharedBlocks);

    /// <summary>What is stored of a layout, with the shared categories of each class.</summary>
    public static LevelTensors Tensors(FeatureLayout layout, Func<LevelBlock, double[][]> shared)
    {
        int most = layout.Blocks.Max(block => block.Count);
        double[] values = new double[layout.Blocks.Count * most];
        List<double[][]> rare = [];
        foreach ((int b, LevelBlock block) in layout.Blocks.Index())
        {
            Span<double> own = values.AsSpan(b * most, most);
            foreach ((int category, int level) in block.LevelOf.Index())
                if (level >= 0)
                    own[level] = level == block.Shared ? -1 : category;
            if (block.Missing >= 0)
                own[block.Missing] = double.NaN;
            for (int flag = 0; block.Flags.Length > 0 && flag < block.Count; flag++)
                own[flag] = flag;
            if (block.Shared >= 0)
                rare.Add(shared(block));
        }
        double[] all = rare.Count == 0 ? [] : [.. Enumerable.Range(0, rare[0].Length).SelectMany(c => rare.SelectMany(block => block[c]))];
        return new([.. layout.Blocks.Select(block => block.Count)], values, all);
    }

    /// <summary>Puts numbers and cells of levels into a row.</summary>
    /// <param name="numbers">Valid numbers in the order of their columns.</param>
    /// <param name="logits">A logit of each level, and room up to a whole vector; written over.</param>
    /// <param name="classIndex">The class.</param>
    /// <param name="choice">Uniform numbers; empty for the likeliest levels.</param>
    /// <param name="row">The row.</param>
    public void Fill<T>(ReadOnlySpan<double> numbers, float* logits, int classIndex, ReadOnlySpan<float> choice, Span<double> row)
        where T : struct, ISimd<T>
    {
        for (int j = 0; j < row.Length; j++)
            row[j] = NumberPlaces[j] >= 0 ? numbers[NumberPlaces[j]] : 0;
        if (!choice.IsEmpty)
            ToShares<T>(logits);
        for (int b = 0; b < _blocks.Length; b++)
        {
            (int column, int number, int first, int shared, int[] flags) = _blocks[b];
            int count = _tensors.Counts[b];
            int level = choice.IsEmpty ? IndexOfMax(new(logits + first, count)) : Drawn(logits + first, count, choice[b]);
            double value = _tensors.Values[b * _tensors.Most + level];
            if (value < 0)
            {
                int slot = choice.IsEmpty ? Slots / 2 : Math.Min((int)(choice[_blocks.Length + shared] * Slots), Slots - 1);
                value = _tensors.Shared[(classIndex * SharedBlocks + shared) * Slots + slot];
            }
            for (int k = 0; k < flags.Length; k++)
                row[flags[k]] = value == k ? 1 : 0;
            if (flags.Length == 0)
                row[column] = number >= 0 ? row[column] + value : value;
        }
    }

    static int IndexOfMax(ReadOnlySpan<float> values)
    {
        int most = 0;
        for (int l = 1; l < values.Length; l++)
            if (values[l] > values[most])
                most = l;
        return most;
    }

    // e^logits over their block's largest, of all blocks at once.
    void ToShares<T>(float* logits) where T : struct, ISimd<T>
    {
        for (int b = 0; b < _blocks.Length; b++)
        {
            Span<float> block = new(logits + _blocks[b].First, _tensors.Counts[b]);
            float most = block[0];
            foreach (float logit in block)
                most = logit > most ? logit : most;
            foreach (ref float logit in block)
                logit -= most;
        }
        for (int l = 0; l < Levels; l += T.Count)
            T.Store(VectorMath.Exp(T.Load(logits + l)), logits + l);
    }

    // Shares up to their sum.
    static int Drawn(float* shares, int count, float uniform)
    {
        float sum = 0, below = 0;
        for (int l = 0; l < count; l++)
            sum += shares[l];
        int level = 0;
        for (; level < count - 1; level++)
        {
            below += shares[level] / sum;
            if (below > uniform)
                break;
        }
        return level;
    }

    /// <summary>The graph's constants.</summary>
    /// <param name="isDrawn">Whether levels are drawn, rather than the likeliest.</param>
    public IReadOnlyList<GraphConstant> Constants(bool isDrawn)
    {
        (int blocks, int most, int[] counts) = (_blocks.Length, _tensors.Most, _tensors.Counts);
        int[] places = PlacesOfColumns();
        List<GraphConstant> constants =
        [
            new(LevelTensors.ValuesName, _tensors.Values, [blocks * most]),
            new("level_padding", (long[])[0, 0, 0, 1], [4]),
            new("level_nothing", (float[])[Nothing], []),
            new("level_logits", (long[])[.. Enumerable.Range(0, blocks * most).Select(place => (long)(place % most < counts[place / most]
                ? _blocks[place / most].First + place % most : Levels))], [blocks * most]),
            new("level_shape", (long[])[0, blocks, most], [3]),
            new("level_offset", (long[])[.. Enumerable.Range(0, blocks).Select(b => (long)b * most)], [blocks]),
            new("level_place_of_column", (long[])[.. places.Select(place => (long)place)], [places.Length]),
        ];
        if (isDrawn)
            constants.AddRange([
                new("level_axis", (long[])[2], [1]),
                new("level_cumulated_axis", (long[])[2], []),
                new("level_choices", (long[])[.. Enumerable.Range(0, blocks).Select(b => (long)b)], [blocks]),
                new(LevelTensors.LastName, (long[])[.. counts.Select(count => (long)count - 1)], [blocks]),
            ]);
        if (SharedBlocks > 0)
        {
            constants.AddRange([
                new(LevelTensors.SharedName, _tensors.Shared, [_tensors.Shared.Length]),
                new("level_shared_first", (long[])[.. Enumerable.Range(0, _classes * SharedBlocks)
                    .Select(i => (long)i * Slots + (isDrawn ? 0 : Slots / 2))], [_classes, SharedBlocks]),
                new("level_shared_of_block", (long[])[.. _blocks.Select(block => (long)Math.Max(0, block.Shared))], [blocks]),
                new("level_none", (double[])[0], []),
            ]);
            if (isDrawn)
                constants.AddRange([
                    new("level_shared_choices", (long[])[.. Enumerable.Range(blocks, SharedBlocks).Select(b => (long)b)], [SharedBlocks]),
                    new("level_slots", (float[])[Slots], []),
                    new("level_last_slot", (long[])[Slots - 1], []),
                ]);
        }
        if (Flags is { Length: > 0 } flags)
            constants.AddRange([
                new("level_flag_blocks", (long[])[.. flags.Select(flag => (long)flag.Block)], [flags.Length]),
                new("level_flags", (double[])[.. flags.Select(flag => (double)flag.Flag)], [flags.Length]),
            ]);
        if (MissingNumbers is { Length: > 0 } missing)
            constants.AddRange([
                new("level_missing_numbers", (long[])[.. missing.Select(b => (long)_blocks[b].Number)], [missing.Length]),
                new("level_missing_blocks", (long[])[.. missing.Select(b => (long)b)], [missing.Length]),
            ]);
        return constants;
    }

    /// <summary>The graph's nodes, from the decoder's last activations and valid numbers to rows.</summary>
    /// <param name="activations">Name of the activations, float[N, h].</param>
    /// <param name="isDrawn">Whether levels are drawn, rather than the likeliest.</param>
    /// <param name="result">Name of the rows.</param>
    public IReadOnlyList<GraphNode> Nodes(string activations, bool isDrawn, string result = "rows")
    {
        List<GraphNode> nodes =
        [
            Node("Gather", "levels_class_bias", [LevelTensors.BiasName, "class"]),
            Node("Gemm", "levels", [activations, LevelTensors.WeightName, "levels_class_bias"]),
            Node("Pad", "levels_and_nothing", ["levels", "level_padding", "level_nothing"]),
            Node("Gather", "levels_in_a_row", ["levels_and_nothing", "level_logits"], ("axis", 1)),
            Node("Reshape", "levels_of_blocks", ["levels_in_a_row", "level_shape"]),
        ];
        if (isDrawn)
            nodes.AddRange([
                Node("Softmax", "level_shares", ["levels_of_blocks"], ("axis", 2)),
                Node("CumSum", "level_sums", ["level_shares", "level_cumulated_axis"]),
                Node("Gather", "block_choices", [LevelTensors.Choice, "level_choices"], ("axis", 1)),
                Node("Unsqueeze", "block_choices_apart", ["block_choices", "level_axis"]),
                Node("LessOrEqual", "levels_below", ["level_sums", "block_choices_apart"]),
                Node("Cast", "levels_below_count", ["levels_below"], ("to", OnnxType.Int64)),
                Node("ReduceSum", "level_counted", ["levels_below_count", "level_axis"], ("keepdims", 0)),
                Node("Min", "level", ["level_counted", "level_last"]),
            ]);
        else
            nodes.Add(Node("ArgMax", "level", ["levels_of_blocks"], ("axis", 2), ("keepdims", 0)));
        nodes.AddRange([
            Node("Add", "level_place", ["level", "level_offset"]),
            Node("Gather", "level_cells", [LevelTensors.ValuesName, "level_place"]),
        ]);
        string cells = "level_cells";
        if (SharedBlocks > 0)
        {
            nodes.Add(Node("Gather", "shared_first", ["level_shared_first", "class"]));
            string place = "shared_first";
            if (isDrawn)
            {
                nodes.AddRange([
                    Node("Gather", "shared_choices", [LevelTensors.Choice, "level_shared_choices"], ("axis", 1)),
                    Node("Mul", "shared_scaled", ["shared_choices", "level_slots"]),
                    Node("Cast", "shared_slot_counted", ["shared_scaled"], ("to", OnnxType.Int64)),
                    Node("Min", "shared_slot", ["shared_slot_counted", "level_last_slot"]),
                    Node("Add", "shared_place", ["shared_first", "shared_slot"]),
                ]);
                place = "shared_place";
            }
            nodes.AddRange([
                Node("Gather", "shared_cells", [LevelTensors.SharedName, place]),
                Node("Gather", "shared_of_blocks", ["shared_cells", "level_shared_of_block"], ("axis", 1)),
                Node("Less", "level_is_shared", ["level_cells", "level_none"]),
                Node("Where", "all_cells", ["level_is_shared", "shared_of_blocks", "level_cells"]),
            ]);
            cells = "all_cells";
        }
        List<string> parts = _numbers > 0 ? ["numbers", cells] : [cells];
        if (MissingNumbers.Length > 0)
        {
            nodes.AddRange([
                Node("Gather", "numbers_or_missing", ["numbers", "level_missing_numbers"], ("axis", 1)),
                Node("Gather", "missing_or_zero", [cells, "level_missing_blocks"], ("axis", 1)),
                Node("Add", "some_missing", ["numbers_or_missing", "missing_or_zero"]),
            ]);
            parts.Add("some_missing");
        }
        if (Flags.Length > 0)
        {
            nodes.AddRange([
                Node("Gather", "flag_cells", [cells, "level_flag_blocks"], ("axis", 1)),
                Node("Equal", "flag_is_on", ["flag_cells", "level_flags"]),
                Node("Cast", "flags", ["flag_is_on"], ("to", OnnxType.Double)),
            ]);
            parts.Add("flags");
        }
        if (parts.Count > 1)
            nodes.Add(Node("Concat", "columns", [.. parts], ("axis", 1)));
        nodes.Add(Node("Gather", result, [parts.Count > 1 ? "columns" : cells, "level_place_of_column"], ("axis", 1)));
        return nodes;
    }

    // Blocks that tell whether a number is missing.
    int[] MissingNumbers => [.. Enumerable.Range(0, _blocks.Length).Where(b => _blocks[b].Number >= 0)];

    (int Block, int Flag, int Column)[] Flags =>
        [.. _blocks.SelectMany((block, b) => block.Flags.Select((column, flag) => (b, flag, column)))];

    // Where a column stands among numbers, blocks, numbers that may be missing, and flags.
    int[] PlacesOfColumns()
    {
        int[] places = new int[_columns], missing = MissingNumbers;
        for (int j = 0; j < _columns; j++)
            places[j] = NumberPlaces[j];
        for (int b = 0; b < _blocks.Length; b++)
            places[_blocks[b].Column] = _numbers + (_blocks[b].Number >= 0 ? _blocks.Length + Array.IndexOf(missing, b) : b);
        foreach ((int i, (int _, int _, int column)) in Flags.Index())
            places[column] = _numbers + _blocks.Length + missing.Length + i;
        return places;
    }

    static GraphNode Node(string op, string result, string[] inputs, params (string Name, object Value)[] attributes) =>
        new(op, result, inputs, attributes);
}
