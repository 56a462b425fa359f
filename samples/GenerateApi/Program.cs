// A model as a web API: POST /generate, /score, /embed; GET /health and /openapi/v1.json.
//   dotnet run -c Release --project samples/GenerateApi -- --Model models/breast-cancer
//   curl localhost:5000/generate --json '{"counts": {"malignant": 3}}'
using System.Net.Mime;
using System.Text.Json;
using System.Text.Json.Serialization;
using GenerateApi;
using LeoCvae;
using LeoCvae.Extensions;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.Extensions.AI;
using BadHttpRequestException = Microsoft.AspNetCore.Http.BadHttpRequestException;
using MinDataRate = Microsoft.AspNetCore.Server.Kestrel.Core.MinDataRate;

const int MostRowsOut = 1_000_000, MostRowsIn = 10_000, MostBytesIn = 8 << 20;

WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
builder.WebHost.ConfigureKestrel(kestrel =>
{
    kestrel.Limits.MaxRequestBodySize = MostBytesIn;
    kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(5);
    // A body that dribbles in is given up.
    kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 1000, gracePeriod: TimeSpan.FromSeconds(3));
});
builder.Services.AddLeoModel(options =>
{
    options.Path = builder.Configuration["Model"] ?? Path.Combine(AppContext.BaseDirectory, "model");
    // A request stays on its thread: many come at once.
    options.MaxDegreeOfParallelism = 1;
});
builder.Services.AddHealthChecks().AddLeoModel();
builder.Services.AddRequestTimeouts(options => options.DefaultPolicy = new RequestTimeoutPolicy
{
    Timeout = TimeSpan.FromSeconds(30),
    TimeoutStatusCode = StatusCodes.Status503ServiceUnavailable,
});
builder.Services.ConfigureHttpJsonOptions(options =>
{
    options.SerializerOptions.TypeInfoResolverChain.Insert(0, Messages.Default);
    options.SerializerOptions.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
});
builder.Services.AddProblemDetails();
builder.Services.AddOpenApi();

WebApplication app = builder.Build();
// Every error is an RFC 9457 problem; what the caller got wrong is said, what we got wrong is logged. 400: another request would do;
// 501: none would with this model.
app.UseExceptionHandler(new ExceptionHandlerOptions
{
    StatusCodeSelector = e => e switch
    {
        BadHttpRequestException bad => bad.StatusCode,
        ArgumentException or JsonException => StatusCodes.Status400BadRequest,
        // The model keeps no training rows, or was loaded without its encoder.
        InvalidOperationException => StatusCodes.Status501NotImplemented,
        _ => StatusCodes.Status500InternalServerError,
    },
    ExceptionHandler = async context =>
    {
        Exception e = context.Features.Get<IExceptionHandlerFeature>()!.Error;
        bool isSaid = context.Response.StatusCode != StatusCodes.Status500InternalServerError;
        await Results.Problem((e.InnerException as JsonException ?? e) is { } cause && isSaid ? cause.Message : null,
            statusCode: context.Response.StatusCode).ExecuteAsync(context);
    },
    SuppressDiagnosticsCallback = context =>
        context.Exception is ArgumentException or BadHttpRequestException or OperationCanceledException,
});
app.UseStatusCodePages();
app.UseRequestTimeouts();
app.MapOpenApi();
app.MapHealthChecks("/health");

app.MapPost("/generate", async (GenerateRequest request, LeoModel model, HttpContext http) =>
{
    Dictionary<string, int> counts = request.Counts ?? throw Rows.Invalid($"got no counts, expected rows of each class by name");
    (int Class, int Count)[] wanted = [.. counts.Select(pair => (model.Schema.ClassIndex(pair.Key), pair.Value))];
    if (wanted.FirstOrDefault(one => one.Count is < 0 or > MostRowsOut) is { Count: not 0 } outside)
        throw Rows.Invalid($"got {outside.Count} rows of a class, expected 0 to {MostRowsOut}");
    long rows = wanted.Sum(one => (long)one.Count), first = request.First ?? 0;
    if (rows > MostRowsOut)
        throw Rows.Invalid($"got {rows} rows in all, expected at most {MostRowsOut}; ask for parts by first");
    if (first is < 0 or > 1L << 39)
        throw Rows.Invalid($"got the first row {first}, expected 0 to 2^39");
    ulong seed = request.Seed ?? LeoModel.DefaultSeed;
    string accept = http.Request.Headers.Accept.ToString();
    if (accept.Contains(MediaTypeNames.Text.Csv))
    {
        http.Response.ContentType = "text/csv; charset=utf-8";
        await TableFile.WriteAsync(Tables(model, wanted, first, seed), http.Response.Body, cancellation: http.RequestAborted);
        return;
    }
    bool areLines = accept.Contains("application/x-ndjson");
    http.Response.ContentType = areLines ? "application/x-ndjson" : MediaTypeNames.Application.Json;
    await Rows.WriteAsync(model, wanted, first, seed, areLines, http.Response.BodyWriter, http.RequestAborted);
}).WithSummary("Rows of the model, as JSON, NDJSON or CSV by the Accept header.");

app.MapPost("/score", (RowsRequest request, LeoModel model) =>
{
    double[] cells = Cells(request, model), frequencies = new double[model.Schema.Classes.Count];
    int width = model.Schema.Columns.Count;
    return Enumerable.Range(0, cells.Length / width).Select(i => new RowScore(model.Score(cells.AsSpan(i * width, width), frequencies),
        model.Schema.Classes.Zip(frequencies).ToDictionary(pair => pair.First, pair => pair.Second))).ToArray();
}).WithSummary("The local entropy of rows, and the classes of their nearest training rows, which the model must keep.");

app.MapPost("/embed", async (RowsRequest request, LeoModel model, CancellationToken cancellation) =>
{
    double[] cells = Cells(request, model);
    int width = model.Schema.Columns.Count;
    using RowEmbeddingGenerator generator = new(model, request.Label);
    GeneratedEmbeddings<Embedding<float>> vectors = await generator.GenerateAsync(Enumerable.Range(0, cells.Length / width)
        .Select(i => (ReadOnlyMemory<double>)cells.AsMemory(i * width, width)), cancellationToken: cancellation);
    return vectors.Select(vector => vector.Vector.ToArray()).ToArray();
}).WithSummary("The latent means of rows, by their class or by their nearest training rows.");

app.Run();

static double[] Cells(RowsRequest request, LeoModel model)
{
    JsonElement[] rows = request.Rows ?? throw Rows.Invalid($"got no rows, expected objects of cells by column name");
    if (rows.Length > MostRowsIn)
        throw Rows.Invalid($"got {rows.Length} rows, expected at most {MostRowsIn}");
    return Rows.Read(model, rows);
}

// A few thousand rows at a time.
static IEnumerable<Table> Tables(LeoModel model, IReadOnlyList<(int Class, int Count)> wanted, long first, ulong seed)
{
    const int Most = 4096;
    yield return new(model.Schema, [], []);
    foreach ((int c, long from, int some) in Rows.Parts(wanted, first, Most))
    {
        double[] cells = new double[some * model.Schema.Columns.Count];
        model.Generate(c, from, some, cells, seed);
        yield return new(model.Schema, cells, [.. Enumerable.Repeat(c, some)]);
    }
}

/// <summary>For tests.</summary>
public partial class Program;
