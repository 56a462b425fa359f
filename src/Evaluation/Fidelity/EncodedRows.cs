namespace LeoCvae.Evaluation;

/// <summary>Rows as features, in double: values that the table tells apart stay apart.</summary>
static class EncodedRows
{
    /// <summary>Numbers standardized, then the levels of categories.</summary>
    public static double[] Of(ReadOnlySpan<double> row, TableEncoder encoder)
    {
        double[] features = new double[encoder.Width];
        WriteNumbers(row, encoder, features);
        foreach (LevelBlock block in encoder.Layout.Blocks)
            if (block.Level(row) is int level and >= 0)
                features[block.First + level] = LevelBlock.On;
        return features;
    }

    /// <summary>The numbers alone.</summary>
    public static double[] Numbers(ReadOnlySpan<double> row, TableEncoder encoder)
    {
        double[] numbers = new double[encoder.Layout.Numbers.Length];
        WriteNumbers(row, encoder, numbers);
        return numbers;
    }

    static void WriteNumbers(ReadOnlySpan<double> row, TableEncoder encoder, double[] features)
    {
        int[] numbers = encoder.Layout.Numbers;
        for (int j = 0; j < numbers.Length; j++)
            features[j] = (row[numbers[j]] - encoder.Mean[j]) / encoder.Scale[j];
    }
}
