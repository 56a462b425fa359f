namespace LeoCvae;

/// <summary>Reads what generator.onnx stores of levels, for either evaluator.</summary>
static class LevelFile
{
    /// <summary>What levels stand for, checked; null for a table of numbers of which none is missing.</summary>
    /// <exception cref="InvalidDataException">It doesn't fit the columns.</exception>
    public static LevelDecoding? Read(OnnxFile file, IReadOnlyList<ColumnSpec> columns, int classes)
    {
        int blocks = FeatureLayout.ColumnsOfBlocks(columns).Count();
        if (blocks == 0)
            return null;
        long[] counts = [.. file.Initializer<long>(LevelTensors.LastName).Select(last => last + 1)];
        double[] values = file.Initializer<double>(LevelTensors.ValuesName),
            shared = file.HasInitializer(LevelTensors.SharedName) ? file.Initializer<double>(LevelTensors.SharedName) : [];
        ManagedNetwork.RequireFit(file, (counts.Length, blocks), (values.Length % blocks, 0),
            (counts.Count(count => count < 1 || count > values.Length / blocks), 0));
        LevelDecoding levels = new(columns, new([.. counts.Select(count => (int)count)], values, shared), classes);
        int pools = classes * levels.SharedBlocks;
        ManagedNetwork.RequireFit(file, (pools == 0 ? shared.Length : shared.Length % pools, 0), (shared.Length == 0 ? pools : 0, 0));
        ManagedNetwork.RequireConstants(file, levels.Constants(isDrawn: true));
        return levels.FitsColumns(columns) ? levels
            : throw file.Damaged($"its tensor '{LevelTensors.ValuesName}' or '{LevelTensors.SharedName}' holds what is no category of " +
                $"its column");
    }
}
