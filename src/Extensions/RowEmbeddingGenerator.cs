using Microsoft.Extensions.AI;

namespace LeoCvae.Extensions;

/// <summary>
/// Rows as vectors of Microsoft.Extensions.AI: the latent means of a model, for a vector store or a nearest-neighbor search. A row is its
/// cells in the order of the model's columns: numbers in original units, indices of categories, NaN where a value is missing. Thread-safe.
/// </summary>
/// <example><code>
/// using RowEmbeddingGenerator generator = new(model, "malignant");
/// GeneratedEmbeddings&lt;Embedding&lt;float&gt;&gt; vectors = await generator.GenerateAsync([row1, row2]);
/// </code></example>
public sealed class RowEmbeddingGenerator : IEmbeddingGenerator<ReadOnlyMemory<double>, Embedding<float>>
{
    readonly LeoModel _model;
    readonly int _class;
    readonly EmbeddingGeneratorMetadata _metadata;

    /// <summary>Embeds rows by a model, which stays its owner's.</summary>
    /// <param name="model">The model.</param>
    /// <param name="label">The class of all rows; null for rows without labels, whose condition is the classes of their nearest training
    /// rows.</param>
    /// <exception cref="ArgumentException">The class is unknown, or null where the model keeps no training rows.</exception>
    public RowEmbeddingGenerator(LeoModel model, string? label = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (label is null && !model.HasReference)
            throw Fault.Argument(nameof(label), $"rows without labels need the training rows, which this model doesn't keep; give the " +
                $"rows' class, or fit with a reference (TrainingOptions.WithReference, train --with-reference)");
        (_model, _class) = (model, label is null ? -1 : model.Schema.ClassIndex(label));
        _metadata = new("leocvae", defaultModelDimensions: model.Manifest.LatentSize);
    }

    /// <summary>Embeds rows, on the calling thread.</summary>
    /// <param name="values">The rows.</param>
    /// <param name="options">Dimensions can be none but the model's latent size.</param>
    /// <param name="cancellationToken">Stops between rows.</param>
    /// <exception cref="ArgumentException">A row is none of the model's, or other dimensions are asked for.</exception>
    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<ReadOnlyMemory<double>> values,
        EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        int latent = _model.Manifest.LatentSize;
        if (options?.Dimensions is int asked && asked != latent)
            throw Fault.Argument(nameof(options), $"got {asked} dimensions, expected the model's {latent}");
        double[] frequencies = new double[_model.Schema.Classes.Count];
        GeneratedEmbeddings<Embedding<float>> embeddings = [];
        foreach (ReadOnlyMemory<double> row in values)
        {
            cancellationToken.ThrowIfCancellationRequested();
            float[] vector = new float[latent];
            if (_class >= 0)
                _model.Embed(row.Span, _class, vector);
            else
            {
                _ = _model.Score(row.Span, frequencies);
                _model.Embed(row.Span, frequencies, vector);
            }
            embeddings.Add(new(vector));
        }
        return Task.FromResult(embeddings);
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null : serviceType == typeof(EmbeddingGeneratorMetadata) ? _metadata
            : serviceType == typeof(LeoModel) ? _model : serviceType.IsInstanceOfType(this) ? this : null;
    }

    /// <summary>Nothing is held: the model is its owner's.</summary>
    public void Dispose()
    {
    }
}
