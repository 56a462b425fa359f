// A function: one request from standard input, one response to standard output, as the handler of a serverless platform or a job.
//   echo '{"counts": {"malignant": 2}, "seed": 7}' | dotnet run -c Release samples/handler.cs models/breast-cancer
//   dotnet publish samples/handler.cs -o function           one native file, which starts in milliseconds
// Outside this repository: #:package LeoCvae.Runtime@0.1.0 instead of the project and the instruction set, which comes with it.
#:project ../src/Runtime/LeoCvae.Runtime.csproj
#:property IlcInstructionSet=x86-64-v3
#:property InvariantGlobalization=true
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using LeoCvae;

const int MostRows = 10_000;
using Stream output = Console.OpenStandardOutput();
using Utf8JsonWriter json = new(output, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
try
{
    Request asked = JsonSerializer.Deserialize(Console.OpenStandardInput(), Messages.Default.Request)
        ?? throw new JsonException("got null, expected an object");
    if (asked.Counts.Values.Sum(count => (long)count) > MostRows)
        throw new ArgumentException($"got more than {MostRows} rows");
    using LeoModel model = LeoModel.Load(args is [string path] ? path : Path.Combine(AppContext.BaseDirectory, "model"));
    Write(model.Generate(asked.Counts, asked.Seed));
    return 0;
}
catch (Exception e) when (e is JsonException or ArgumentException or IOException or InvalidDataException)
{
    json.WriteStartObject();
    json.WriteString("error", e.Message);
    json.WriteEndObject();
    return 1;
}

void Write(Table rows)
{
    json.WriteStartObject();
    json.WriteStartArray("rows");
    for (int i = 0; i < rows.RowCount; i++)
    {
        json.WriteStartObject();
        foreach ((ColumnSpec column, double cell) in rows.Schema.Columns.Zip(rows.Row(i).ToArray()))
            if (double.IsNaN(cell))
                json.WriteNull(column.Name);
            else if (column.Kind == ColumnKind.Numeric)
                json.WriteNumber(column.Name, cell);
            else
                json.WriteString(column.Name, column.Text(cell));
        json.WriteString(rows.Schema.Target!, rows.Label(i));
        json.WriteEndObject();
    }
    json.WriteEndArray();
    json.WriteEndObject();
}

/// <summary>What is asked for.</summary>
/// <param name="Counts">Rows of each class by name.</param>
/// <param name="Seed">Seed of the random numbers.</param>
sealed record Request([property: JsonRequired] Dictionary<string, int> Counts, ulong Seed = LeoModel.DefaultSeed);

/// <summary>Without reflection, which Native AOT has not.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(Request))]
sealed partial class Messages : JsonSerializerContext;
