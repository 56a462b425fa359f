namespace LeoCvae;

public sealed partial class LeoModel
{
    /// <summary>
    /// Embeds rows: the latent means mu, n x L. The encoder is conditional: a labeled row's condition is its own class, that of a row
    /// without a label the class frequencies among its neighbors in the training rows (the vector that its entropy is made of).
    /// </summary>
    /// <param name="table">Rows with the model's columns and known classes, or without labels.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <exception cref="ArgumentException">
    /// The table doesn't fit the model, a class is unknown, or a value is too far from the training range.
    /// </exception>
    /// <exception cref="InvalidDataException">The model's weights overflow.</exception>
    /// <exception cref="InvalidOperationException">The model was loaded without its encoder, or the rows have no labels and the model keeps
    /// no training rows.</exception>
    public Matrix Embed(Table table, CancellationToken cancellation = default)
    {
        using Lifetime.Use use = _lifetime.Enter();
        table = RequireSameColumns(table, withLabels: table.IsLabeled);
        Action<int, Span<float>> condition = Condition(table, cancellation);
        (int width, int classes, int latent) = (Schema.Columns.Count, Schema.Classes.Count, Manifest.LatentSize);
        int batchRows = OnnxNetwork.BatchRows(width);
        IEncoderNetwork encoder = _encoder.Value;
        Matrix means = new(table.RowCount, latent);
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = _options.MaxDegreeOfParallelism, CancellationToken = cancellation };
        Parallel.For(0, (table.RowCount + batchRows - 1) / batchRows, parallel, batch =>
        {
            int first = batch * batchRows, count = Math.Min(batchRows, table.RowCount - first);
            float[] conditions = new float[count * classes];
            for (int i = 0; i < count; i++)
                condition(first + i, conditions.AsSpan(i * classes, classes));
            encoder.Encode(table.Values.Slice(first * width, count * width), conditions,
                means.Values.AsSpan(first * latent, count * latent));
        });
        int bad = means.Values.AsSpan().IndexOfAnyExceptInRange(-float.MaxValue, float.MaxValue);
        if (bad >= 0)
            throw FarOut(table, bad / latent);
        return means;
    }

    // The network calculates in floats: a value far enough outside the training range overflows one.
    Exception FarOut(Table table, int row)
    {
        double Distance(int j) => Math.Max(table.Row(row)[j] - Schema.Columns[j].Maximum, Schema.Columns[j].Minimum - table.Row(row)[j])
            / Math.Max(Schema.Columns[j].Maximum - Schema.Columns[j].Minimum, double.Epsilon);
        int farthest = Enumerable.Range(0, Schema.Columns.Count).MaxBy(Distance);
        if (Distance(farthest) <= 0)
            return new InvalidDataException("the model's network overflows on a row within its training range; its weights can't be " +
                "those of a fit");
        (ColumnSpec column, double got) = (Schema.Columns[farthest], table.Row(row)[farthest]);
        (double least, double most) = (column.Minimum, column.Maximum);
        return Fault.Argument(nameof(table),
            $"row {table.FirstRow + row} (from 0), column '{column.Name}': got {got}, too far from the training rows' {least} to {most}");
    }

    // What fills in a row's condition.
    Action<int, Span<float>> Condition(Table table, CancellationToken cancellation)
    {
        if (!table.IsLabeled)
        {
            EntropyScores scores = Score(table, cancellation: cancellation);
            return (row, condition) =>
            {
                ReadOnlySpan<double> frequencies = scores.Frequencies(row);
                for (int c = 0; c < condition.Length; c++)
                    condition[c] = (float)frequencies[c];
            };
        }
        int[] modelClass = [.. table.Schema.Classes.Select(Schema.ClassIndex)];
        return (row, condition) => condition[modelClass[table.Labels[row]]] = 1;
    }

    IEncoderNetwork OpenEncoder()
    {
        byte[] onnx = _package.Content(ModelFormat.Encoder)
            ?? throw new InvalidOperationException($"the model was loaded without its {ModelFormat.Encoder}; load the whole folder to " +
                $"embed rows");
        (int width, int classes, int latent) = (Schema.Columns.Count, Schema.Classes.Count, Manifest.LatentSize);
        return _options.Evaluator == Evaluator.Managed ? new ManagedEncoderNetwork(onnx, Schema.Columns, classes, latent)
            : new OnnxEncoderNetwork(onnx, width, classes, latent, _options);
    }
}
