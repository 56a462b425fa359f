using System.Buffers;

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
        using Instruments.Call call = Instruments.Embed();
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
            throw FarOut(nameof(table), table.FirstRow + (bad / latent), table.Row(bad / latent).ToArray());
        call.Done(table.RowCount);
        return means;
    }

    /// <summary>
    /// Embeds rows of one class: as <see cref="Embed(Table, CancellationToken)"/>, on the calling thread. Allocates nothing once a thread
    /// has called it (on the CPU).
    /// </summary>
    /// <param name="rows">n x d cells in the order of <see cref="Schema"/>: numbers in original units, indices of the model's categories,
    /// NaN where a value is missing.</param>
    /// <param name="classIndex">Their class, an index into <see cref="TableSchema.Classes"/>.</param>
    /// <param name="embeddings">Receives the latent means, n x L.</param>
    /// <exception cref="ArgumentException">A length or the class is wrong, a cell is none of its column's, or a value is too far from the
    /// training range.</exception>
    /// <exception cref="InvalidDataException">The model's weights overflow.</exception>
    /// <exception cref="InvalidOperationException">The model was loaded without its encoder.</exception>
    public void Embed(ReadOnlySpan<double> rows, int classIndex, Span<float> embeddings)
    {
        if ((uint)classIndex >= (uint)Schema.Classes.Count)
            throw new ArgumentOutOfRangeException(nameof(classIndex), classIndex,
                $"expected 0 to {Schema.Classes.Count - 1}, an index into the model's classes");
        int classes = Schema.Classes.Count, count = rows.Length / Schema.Columns.Count;
        float[] memory = ArrayPool<float>.Shared.Rent(count * classes);
        Span<float> conditions = memory.AsSpan(0, count * classes);
        conditions.Clear();
        for (int i = 0; i < count; i++)
            conditions[i * classes + classIndex] = 1;
        EmbedRows(rows, conditions, embeddings);
        ArrayPool<float>.Shared.Return(memory);
    }

    /// <summary>
    /// Embeds rows without labels, by shares of the classes: those that
    /// <see cref="Score(ReadOnlySpan{double}, Span{double}, int?)"/> gives, for the vectors of
    /// <see cref="Embed(Table, CancellationToken)"/>. On the calling thread; allocates nothing once a thread has called it (on the
    /// CPU).
    /// </summary>
    /// <param name="rows">n x d cells, as for a class.</param>
    /// <param name="frequencies">n x C shares, each 0 to 1, of each row 1 together.</param>
    /// <param name="embeddings">Receives the latent means, n x L.</param>
    /// <exception cref="ArgumentException">A length is wrong, shares are none, a cell is none of its column's, or a value is too far from
    /// the training range.</exception>
    /// <exception cref="InvalidDataException">The model's weights overflow.</exception>
    /// <exception cref="InvalidOperationException">The model was loaded without its encoder.</exception>
    public void Embed(ReadOnlySpan<double> rows, ReadOnlySpan<double> frequencies, Span<float> embeddings)
    {
        const double Rounding = 1e-6;
        int classes = Schema.Classes.Count;
        if (frequencies.Length != (long)rows.Length / Schema.Columns.Count * classes)
            throw Fault.Argument(nameof(frequencies),
                $"got {frequencies.Length} shares, expected {rows.Length / Schema.Columns.Count} rows x {classes} classes");
        float[] memory = ArrayPool<float>.Shared.Rent(frequencies.Length);
        for (int at = 0; at < frequencies.Length; at += classes)
        {
            double sum = 0;
            for (int c = at; c < at + classes; c++)
            {
                sum += frequencies[c] >= 0 ? frequencies[c] : double.NaN;
                memory[c] = (float)frequencies[c];
            }
            if (!(Math.Abs(sum - 1) <= Rounding))
                throw Fault.Argument(nameof(frequencies),
                    $"row {at / classes}: got shares whose sum is {sum}, expected 0 to 1 each and 1 together");
        }
        EmbedRows(rows, memory.AsSpan(0, frequencies.Length), embeddings);
        ArrayPool<float>.Shared.Return(memory);
    }

    void EmbedRows(ReadOnlySpan<double> rows, ReadOnlySpan<float> conditions, Span<float> embeddings)
    {
        using Lifetime.Use use = _lifetime.Enter();
        (int count, int width, int classes, int latent) = (RowsOf(rows, nameof(rows)), Schema.Columns.Count, Schema.Classes.Count,
            Manifest.LatentSize);
        if (embeddings.Length != (long)count * latent)
            throw Fault.Argument(nameof(embeddings), $"got room for {embeddings.Length} values, expected {count} rows x {latent}");
        using Instruments.Call call = Instruments.Embed();
        IEncoderNetwork encoder = _encoder.Value;
        int most = OnnxNetwork.BatchRows(width);
        for (int first = 0; first < count; first += most)
        {
            int some = Math.Min(most, count - first);
            encoder.Encode(rows.Slice(first * width, some * width), conditions.Slice(first * classes, some * classes),
                embeddings.Slice(first * latent, some * latent));
        }
        int bad = embeddings.IndexOfAnyExceptInRange(-float.MaxValue, float.MaxValue);
        if (bad >= 0)
            throw FarOut(nameof(rows), bad / latent, rows.Slice(bad / latent * width, width).ToArray());
        call.Done(count);
    }

    // The network calculates in floats: a value far enough outside the training range overflows one.
    Exception FarOut(string parameter, long row, double[] cells)
    {
        double Distance(int j) => Math.Max(cells[j] - Schema.Columns[j].Maximum, Schema.Columns[j].Minimum - cells[j])
            / Math.Max(Schema.Columns[j].Maximum - Schema.Columns[j].Minimum, double.Epsilon);
        int farthest = Enumerable.Range(0, Schema.Columns.Count).MaxBy(Distance);
        if (Distance(farthest) <= 0)
            return new InvalidDataException("the model's network overflows on a row within its training range; its weights can't be " +
                "those of a fit");
        (ColumnSpec column, double got) = (Schema.Columns[farthest], cells[farthest]);
        (double least, double most) = (column.Minimum, column.Maximum);
        return Fault.Argument(parameter,
            $"row {row} (from 0), column '{column.Name}': got {got}, too far from the training rows' {least} to {most}");
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
        if (!OnnxRuntimeSupport.IsEnabled || _options.Evaluator == Evaluator.Managed)
            return new ManagedEncoderNetwork(onnx, Schema.Columns, classes, latent);
        return new OnnxEncoderNetwork(onnx, width, classes, latent, _options);
    }
}
