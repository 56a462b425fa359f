// Does oversampling help a classifier of ML.NET? Cross-validated with and without, both tested on real rows only.
//   dotnet run -c Release samples/mlnet.cs tools/leocvae/Demo/breast-cancer.csv
// Outside this repository: #:package LeoCvae.MLNet@0.1.0 instead of the project.
#:project ../src/MLNet/LeoCvae.MLNet.csproj
#:property PublishAot=false
using LeoCvae;
using LeoCvae.MLNet;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

const int Columns = 30;
MLContext context = new(seed: 1);
IDataView data = context.Data.LoadFromTextFile(args[0],
    [new("Features", DataKind.Single, 0, Columns - 1), new("Label", DataKind.String, Columns)], ',', hasHeader: true);
IEstimator<ITransformer> pipeline = context.Transforms.Conversion.MapValueToKey("Label")
    .Append(context.Transforms.NormalizeMeanVariance("Features"))
    .Append(context.MulticlassClassification.Trainers.LbfgsMaximumEntropy(
        new LbfgsMaximumEntropyMulticlassTrainer.Options { NumberOfThreads = 1 }));

double[] Recalls(SamplingStrategy strategy) => [.. context.CrossValidateOversampled(data, pipeline,
    predictions => context.MulticlassClassification.Evaluate(predictions), strategy: strategy).Select(fold => fold.Metrics.MacroAccuracy)];

IDataView balanced = context.Data.Oversample(data);
Console.WriteLine($"{data.GetColumn<string>("Label").Count()} rows, {balanced.GetRowCount()} with the synthetic ones");
// No row is added where none of a class is.
double[] without = Recalls(SamplingStrategy.AddCounts(new Dictionary<string, int>())), with = Recalls(SamplingStrategy.Auto);
Console.WriteLine($"mean recall of the classes, {with.Length} folds: {without.Average():0.000} without, {with.Average():0.000} with");
