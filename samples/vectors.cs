// Rows as vectors: which known rows are new ones near to, in the latent space of a model? Behind the search interface of
// Microsoft.Extensions.VectorData, with the library's own index as the store.
//   dotnet run -c Release samples/vectors.cs tools/leocvae/Demo/breast-cancer.csv diagnosis
// Outside this repository: #:package LeoCvae.All@0.1.0 and LeoCvae.Extensions@0.1.0 instead of the projects.
#:package Microsoft.Extensions.VectorData.Abstractions
#:project ../src/Extensions/LeoCvae.Extensions.csproj
#:project ../src/Training/LeoCvae.Training.csproj
#:project ../src/Tables/LeoCvae.Tables.csproj
#:property PublishAot=false
using System.Runtime.CompilerServices;
using LeoCvae;
using LeoCvae.Extensions;
using LeoCvae.Training;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.VectorData;

Table table = TableFile.Read(args[0], args[1]);
// Every fifth row is new: neither the model nor the index knows it, and its label is not looked at.
ILookup<bool, int> isNew = Enumerable.Range(0, table.RowCount).ToLookup(row => row % 5 == 0);
Table known = table.Select([.. isNew[false]]);
using TrainingResult fitted = LeoTrainer.Fit(known, TrainingOptions.Default with { WithReference = true });
using RowEmbeddingGenerator generator = new(fitted.Model);
using RowIndex index = await RowIndex.Of(known, generator);

int near = 0, alike = 0;
foreach (int row in isNew[true])
    await foreach (VectorSearchResult<KnownRow> found in index.SearchAsync((ReadOnlyMemory<double>)table.Row(row).ToArray(), top: 10))
        (near, alike) = (near + 1, alike + (found.Record.Label == table.Label(row) ? 1 : 0));
Console.WriteLine($"{isNew[true].Count()} new rows: {100.0 * alike / near:0.0} % of the 10 nearest known rows have their label");

/// <summary>A row of the index: its number in the table, and its label.</summary>
sealed record KnownRow(int Row, string Label);

/// <summary>Nearest rows by squared distance: the smaller a score, the nearer. Thread-safe.</summary>
sealed class RowIndex(Table rows, RowEmbeddingGenerator generator, HnswIndex index) : IVectorSearchable<KnownRow>, IDisposable
{
    public static async Task<RowIndex> Of(Table rows, RowEmbeddingGenerator generator)
    {
        GeneratedEmbeddings<Embedding<float>> vectors = await generator.GenerateAsync(
            Enumerable.Range(0, rows.RowCount).Select(row => (ReadOnlyMemory<double>)rows.Row(row).ToArray()));
        float[,] matrix = new float[rows.RowCount, vectors[0].Vector.Length];
        for (int row = 0; row < rows.RowCount; row++)
            for (int j = 0; j < matrix.GetLength(1); j++)
                matrix[row, j] = vectors[row].Vector.Span[j];
        return new(rows, generator, HnswIndex.Build(Matrix.FromArray(matrix)));
    }

    public async IAsyncEnumerable<VectorSearchResult<KnownRow>> SearchAsync<TInput>(TInput searchValue, int top,
        VectorSearchOptions<KnownRow>? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        where TInput : notnull
    {
        ReadOnlyMemory<float> vector = searchValue switch
        {
            ReadOnlyMemory<double> row => await generator.GenerateVectorAsync(row, cancellationToken: cancellationToken),
            ReadOnlyMemory<float> floats => floats,
            Embedding<float> embedding => embedding.Vector,
            _ => throw new NotSupportedException($"got {typeof(TInput)}, expected a row of cells or a vector of floats"),
        };
        if (options?.Filter is not null)
            throw new NotSupportedException("got a filter, expected none: the graph can't be searched by one");
        int skip = options?.Skip ?? 0;
        int[] ids = new int[Math.Min(skip + top, rows.RowCount)];
        double[] distances = new double[ids.Length];
        int found = index.Search(vector.Span, ids, distances);
        for (int i = skip; i < found && !(distances[i] > options?.ScoreThreshold); i++)
            yield return new(new(ids[i], rows.Label(ids[i])), distances[i]);
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose() => index.Dispose();
}
