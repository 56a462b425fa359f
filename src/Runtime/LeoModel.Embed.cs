using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace LeoCvae;

public sealed partial class LeoModel
{
    /// <summary>Embeds labelled rows: the latent means mu, n x L. The encoder is conditional, so each row's own class is its condition.</summary>
    /// <param name="table">Rows with the model's columns and known classes.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <exception cref="ArgumentException">The table doesn't fit the model, or a class is unknown.</exception>
    /// <exception cref="InvalidOperationException">The model was loaded without its encoder.</exception>
    public Matrix Embed(Table table, CancellationToken cancellation = default)
    {
        RequireAlive();
        RequireSameColumns(table);
        int[] modelClass = [.. table.Schema.Classes.Select(Schema.ClassIndex)];
        (int width, int classes, int latent) = (Schema.Columns.Count, Schema.Classes.Count, Manifest.LatentSize);
        int batchRows = OnnxNetwork.BatchRows(width);
        OnnxNetwork encoder = _encoder.Value;
        Matrix means = new(table.RowCount, latent);
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = _options.MaxDegreeOfParallelism, CancellationToken = cancellation };
        Parallel.For(0, (table.RowCount + batchRows - 1) / batchRows, parallel, batch =>
        {
            int first = batch * batchRows, count = Math.Min(batchRows, table.RowCount - first), padded = OnnxNetwork.Padded(count);
            double[] rows = new double[padded * width];
            float[] condition = new float[padded * classes], mu = new float[padded * latent];
            table.Values.Slice(first * width, count * width).CopyTo(rows);
            for (int i = 0; i < count; i++)
                condition[i * classes + modelClass[table.Labels[first + i]]] = 1;
            using OrtValue rowTensor = OnnxNetwork.Tensor(rows, padded, width), conditionTensor = OnnxNetwork.Tensor(condition, padded, classes), muTensor = OnnxNetwork.Tensor(mu, padded, latent);
            encoder.Run([rowTensor, conditionTensor], [muTensor]);
            mu.AsSpan(0, count * latent).CopyTo(means.Values.AsSpan(first * latent));
        });
        return means;
    }

    OnnxNetwork OpenEncoder()
    {
        byte[] onnx = _package.File(ModelFormat.Encoder)
            ?? throw new InvalidOperationException($"the model was loaded without its {ModelFormat.Encoder}; load the whole folder to embed rows");
        return new(ModelFormat.Encoder, onnx, _options,
            [(ModelFormat.Rows, TensorElementType.Double, Schema.Columns.Count), (ModelFormat.Condition, TensorElementType.Float, Schema.Classes.Count)],
            [(ModelFormat.Mu, TensorElementType.Float, Manifest.LatentSize)]);
    }
}
