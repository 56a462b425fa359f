using System.Globalization;
using LeoCvae;

// Needs nothing but the model beside it; an evaluator may be named, and a device. Native AOT and the JIT compiler print the same.
bool isManaged = AppContext.TryGetSwitch("LeoCvae.OnnxRuntimeSupport", out bool isSupported) && !isSupported;
Evaluator evaluator = args is [string name, ..] ? Enum.Parse<Evaluator>(name) : isManaged ? Evaluator.Managed : Evaluator.OnnxRuntime;
using LeoModel model = LeoModel.Load(Path.Combine(AppContext.BaseDirectory, "model"),
    new() { Evaluator = evaluator, Device = args is [_, string device] ? device : "cpu", MaxDegreeOfParallelism = 1 });
Table rows = model.Generate(model.SplitEqually(40));
EntropyScores scores = LocalEntropy.Score(rows, maxDegreeOfParallelism: 1);
Matrix means = model.Embed(rows);

ulong checksum = 14695981039346656037;
for (int i = 0; i < rows.RowCount; i++)
{
    foreach (double cell in rows.Row(i))
        Add(cell);
    foreach (float mean in means[i])
        Add(mean);
    Add(scores.Bits[i]);
}
Console.WriteLine($"{evaluator}: {rows.RowCount} rows, checksum {checksum:x16}");
Console.WriteLine($"{string.Join(',', rows.Row(0).ToArray().Select(cell => cell.ToString(CultureInfo.InvariantCulture)))},{rows.Label(0)}");

// FNV-1a.
void Add(double value) => checksum = (checksum ^ BitConverter.DoubleToUInt64Bits(value)) * 1099511628211;
