using Microsoft.ML;
using Microsoft.ML.Data;

namespace LeoCvae.Evaluation;

/// <summary>
/// Rows for ML.NET, and scores back. A fit has a context of its own with a fixed seed, and trains on one thread: folds run in parallel
/// instead, and sums keep their order.
/// </summary>
static class MlNetRows
{
    /// <summary>Column names of the view.</summary>
    public const string Features = nameof(Row.Features), Label = nameof(Row.Label), Weight = nameof(Row.Weight);

    /// <summary>A seed as ML.NET takes it: a whole number from 0.</summary>
    public static int Seed(ulong seed) => (int)(seed % int.MaxValue);

    /// <summary>Rows with a class and a weight each; without labels and weights where classes are to be predicted.</summary>
    public static IDataView View(MLContext context, Matrix x, int[]? labels, float[]? weights, int classes)
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(Row));
        schema[Features].ColumnType = new VectorDataViewType(NumberDataViewType.Single, x.Columns);
        schema[Label].ColumnType = new KeyDataViewType(typeof(uint), classes);
        Row[] rows = new Row[x.Rows];
        for (int i = 0; i < rows.Length; i++)
            rows[i] = new()
            {
                Features = x[i].ToArray(),
                Label = (uint)(labels?[i] ?? 0),
                Weight = weights?[i] ?? 1,
            };
        return context.Data.LoadFromEnumerable(rows, schema);
    }

    /// <summary>Class probabilities of a fitted multi-class model.</summary>
    public static Func<Matrix, double[,]> Multiclass(MLContext context, ITransformer model, int classes) => x =>
    {
        double[,] probabilities = new double[x.Rows, classes];
        int i = 0;
        foreach (float[] row in model.Transform(View(context, x, null, null, classes)).GetColumn<float[]>("Score"))
        {
            for (int c = 0; c < classes; c++)
                probabilities[i, c] = row[c];
            i++;
        }
        return probabilities;
    };

    sealed class Row
    {
        public float[] Features { get; init; } = [];

        // From 0: ML.NET adds the 1 that its keys start from.
        public uint Label { get; init; }

        public float Weight { get; init; }
    }
}
