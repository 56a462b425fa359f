using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using LeoCvae.Training;
using Microsoft.AspNetCore.Mvc.Testing;

namespace LeoCvae.Samples.Tests;

/// <summary>The sample of a web API, asked as its users do, on a mixed model that keeps its training rows.</summary>
[TestClass]
public class GenerateApiTests
{
    static readonly string Folder = Directory.CreateTempSubdirectory("leocvae-").FullName;
    static readonly Table Training = Table.FromColumns([
        TableColumn.Of("weight", Enumerable.Range(0, 60).Select(i => 50 + i % 13 / 2.0 + (i % 3 == 0 ? 8 : 0))),
        TableColumn.Of("city", Enumerable.Range(0, 60).Select(i => i % 5 == 0 ? null : i % 3 == 0 ? "Köln" : "Ulm")),
        TableColumn.Of("day", Enumerable.Range(0, 60).Select(i => new DateOnly(2024, 1, 1).AddDays(i % 40)))],
        Enumerable.Range(0, 60).Select(i => i % 3 == 0 ? "ill" : "well"), "kind");

    static WebApplicationFactory<Program> _api = null!;
    static HttpClient _client = null!;

    public required TestContext TestContext { get; set; }

    [ClassInitialize]
    public static void Start(TestContext _)
    {
        foreach (bool keeps in (bool[])[false, true])
        {
            using TrainingResult result = LeoTrainer.Fit(Training, TrainingOptions.Default with { MaxEpochs = 5, WithReference = keeps });
            result.Model.Save(Path.Combine(Folder, keeps ? "model" : "plain"));
        }
        _api = Serve("model");
        _client = _api.CreateClient();
    }

    static WebApplicationFactory<Program> Serve(string model) =>
        new WebApplicationFactory<Program>().WithWebHostBuilder(web => web.UseSetting("Model", Path.Combine(Folder, model)));

    [ClassCleanup]
    public static void Stop()
    {
        _api.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    Task<(HttpStatusCode Status, string? Type, string Text)> Post(string path, string body, string accept = "*/*") =>
        Post(_client, path, body, accept);

    async Task<(HttpStatusCode Status, string? Type, string Text)> Post(HttpClient client, string path, string body, string accept = "*/*")
    {
        using HttpRequestMessage request = new(HttpMethod.Post, path)
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
            Headers = { Accept = { MediaTypeWithQualityHeaderValue.Parse(accept) } },
        };
        using HttpResponseMessage response = await client.SendAsync(request, TestContext.CancellationToken);
        return (response.StatusCode, response.Content.Headers.ContentType?.MediaType,
            await response.Content.ReadAsStringAsync(TestContext.CancellationToken));
    }

    [TestMethod]
    public async Task Rows_are_the_models_own_in_each_format()
    {
        const string Ask = """{"counts": {"ill": 300, "well": 2}, "seed": 7}""";
        using LeoModel model = LeoModel.Load(Path.Combine(Folder, "model"));
        Table expected = model.Generate(new Dictionary<string, int> { ["ill"] = 300, ["well"] = 2 }, seed: 7);
        (HttpStatusCode status, string? type, string text) = await Post("/generate", Ask);
        Assert.AreEqual((HttpStatusCode.OK, "application/json"), (status, type));
        JsonElement[] rows = JsonSerializer.Deserialize<JsonElement[]>(text)!;
        Assert.HasCount(302, rows);
        (_, type, string lines) = await Post("/generate", Ask, "application/x-ndjson");
        Assert.AreEqual("application/x-ndjson", type);
        string[] parts = lines.TrimEnd('\n').Split('\n');
        // By class in the order asked for; the table has the model's.
        string?[] cities = expected.Column<string?>("city");
        DateOnly[] days = expected.Column<DateOnly>("day");
        double[] weights = expected.Column<double>("weight");
        Dictionary<string, Queue<int>> places = Enumerable.Range(0, 302).GroupBy(expected.Label)
            .ToDictionary(group => group.Key, group => new Queue<int>(group));
        for (int i = 0; i < 302; i++)
        {
            Assert.AreEqual(rows[i].GetRawText(), parts[i]);
            int at = places[rows[i].GetProperty("kind").GetString()!].Dequeue();
            Assert.AreEqual(weights[at], rows[i].GetProperty("weight").GetDouble());
            Assert.AreEqual(cities[at], rows[i].GetProperty("city").GetString());
            Assert.AreEqual(days[at].ToString("O", CultureInfo.InvariantCulture), rows[i].GetProperty("day").GetString());
        }
        (_, type, string csv) = await Post("/generate", Ask, "text/csv");
        Assert.AreEqual("text/csv", type);
        Table read = TableFile.Read(new MemoryStream(Encoding.UTF8.GetBytes(csv)), "rows", "kind");
        Assert.AreSequenceEqual(rows.Select(row => row.GetProperty("weight").GetDouble()), read.Column<double>("weight"));
        // A part begins where it is told to.
        (_, _, text) = await Post("/generate", """{"counts": {"ill": 3}, "first": 290, "seed": 7}""");
        Assert.AreSequenceEqual(rows.Where(row => row.GetProperty("kind").GetString() == "ill").Skip(290).Take(3)
            .Select(row => row.GetRawText()), JsonSerializer.Deserialize<JsonElement[]>(text)!.Select(row => row.GetRawText()));
    }

    [TestMethod]
    public async Task Rows_that_come_back_are_scored_and_embedded()
    {
        (_, _, string rows) = await Post("/generate", """{"counts": {"ill": 3, "well": 3}}""");
        rows = $$"""{"rows": {{rows}}}""";
        (HttpStatusCode status, _, string text) = await Post("/score", rows);
        Assert.AreEqual(HttpStatusCode.OK, status, text);
        foreach (JsonElement score in JsonSerializer.Deserialize<JsonElement[]>(text)!)
        {
            Assert.IsInRange(0, 1, score.GetProperty("bits").GetDouble());
            Assert.AreEqual(1, score.GetProperty("frequencies").EnumerateObject().Sum(share => share.Value.GetDouble()), 1e-9);
        }
        (status, _, text) = await Post("/embed", rows);
        Assert.AreEqual(HttpStatusCode.OK, status, text);
        float[][] near = JsonSerializer.Deserialize<float[][]>(text)!,
            ill = JsonSerializer.Deserialize<float[][]>(
                (await Post("/embed", rows.Replace("{\"rows", "{\"label\": \"ill\", \"rows"))).Text)!;
        Assert.HasCount(6, near);
        Assert.HasCount(6, ill);
        Assert.AreEqual(near[0].Length, ill[0].Length);
    }

    [TestMethod]
    [DataRow("/generate", "", "")]
    [DataRow("/generate", "{", "")]
    [DataRow("/generate", "[]", "")]
    [DataRow("/generate", "{}", "got no counts")]
    [DataRow("/generate", """{"counts": {"il": 3}}""", "il")]
    [DataRow("/generate", """{"counts": {"ill": -1}}""", "got -1 rows of a class, expected 0 to 1000000")]
    [DataRow("/generate", """{"counts": {"ill": 1000001}}""", "got 1000001 rows of a class")]
    [DataRow("/generate", """{"counts": {"ill": 600000, "well": 600000}}""", "got 1200000 rows in all")]
    [DataRow("/generate", """{"counts": {"ill": 1e99}}""", "")]
    [DataRow("/generate", """{"counts": {"ill": 1}, "first": -1}""", "got the first row -1")]
    [DataRow("/generate", """{"counts": {"ill": 1}, "seeds": 1}""", "seeds")]
    [DataRow("/score", "{}", "got no rows")]
    [DataRow("/score", """{"rows": [7]}""", "row 0: got Number, expected an object")]
    [DataRow("/score", """{"rows": [{"weight": 60, "city": "Ulm"}]}""", "row 0: column 'day' is missing")]
    [DataRow("/score", """{"rows": [{"weight": 60, "city": "Um", "day": "2024-01-01"}]}""", "did you mean 'Ulm'?")]
    [DataRow("/score", """{"rows": [{"weight": 60, "city": "Ulm", "day": "1.1.2024"}]}""", "expected a date in the form yyyy-MM-dd")]
    [DataRow("/score", """{"rows": [{"weight": "much", "city": "Ulm", "day": "2024-01-01"}]}""", "expected a finite number")]
    [DataRow("/score", """{"rows": [{"weight": null, "city": "Ulm", "day": "2024-01-01"}]}""", "column 'weight': got NaN")]
    [DataRow("/score", """{"rows": [{"weight": 1e300, "city": "Ulm", "day": "2024-01-01"}]}""", "too far from the training rows")]
    [DataRow("/embed", """{"rows": [{"weight": 60, "city": "Ulm", "day": "2024-01-01"}], "label": "wall"}""", "wall")]
    [DataRow("/embed", """{"rows": [{"weight": {}, "city": "Ulm", "day": "2024-01-01"}]}""", "got Object, expected a number")]
    public async Task What_the_caller_got_wrong_is_one_problem(string path, string body, string detail)
    {
        (HttpStatusCode status, string? type, string text) = await Post(path, body);
        Assert.AreEqual((HttpStatusCode.BadRequest, "application/problem+json"), (status, type), text);
        Assert.Contains(detail, JsonSerializer.Deserialize<JsonElement>(text).GetProperty("detail").GetString() ?? "");
        Assert.DoesNotContain("   at ", text);
    }

    [TestMethod]
    [DataRow("plain", "/score", null, HttpStatusCode.NotImplemented, "fit it with a reference")]
    [DataRow("plain", "/embed", null, HttpStatusCode.BadRequest, "give the rows' class")]
    [DataRow("plain", "/embed", "ill", HttpStatusCode.OK, "[[")]
    [DataRow("plain/generator.onnx", "/embed", "ill", HttpStatusCode.NotImplemented, "load the whole folder")]
    public async Task What_the_model_cannot_do_is_not_the_callers_fault(string model, string path, string? label, HttpStatusCode expected,
        string said)
    {
        using WebApplicationFactory<Program> api = Serve(model);
        using HttpClient client = api.CreateClient();
        string rows = JsonSerializer.Serialize(
            new { rows = new[] { new { weight = 60, city = "Ulm", day = "2024-01-01" } }, label });
        (HttpStatusCode status, _, string text) = await Post(client, path, rows);
        Assert.AreEqual(expected, status, text);
        Assert.Contains(said, status == HttpStatusCode.OK ? text : JsonSerializer.Deserialize<JsonElement>(text).GetProperty("detail")
            .GetString()!);
    }

    [TestMethod]
    public async Task It_is_healthy_and_describes_itself()
    {
        Assert.AreEqual("Healthy", await _client.GetStringAsync("/health", TestContext.CancellationToken));
        string description = await _client.GetStringAsync("/openapi/v1.json", TestContext.CancellationToken);
        foreach (string path in (string[])["/generate", "/score", "/embed"])
            Assert.IsTrue(JsonSerializer.Deserialize<JsonElement>(description).GetProperty("paths").TryGetProperty(path, out _), path);
        using HttpResponseMessage nowhere = await _client.GetAsync("/nowhere", TestContext.CancellationToken);
        Assert.AreEqual((HttpStatusCode.NotFound, "application/problem+json"),
            (nowhere.StatusCode, nowhere.Content.Headers.ContentType?.MediaType));
    }

    [TestMethod]
    public async Task Sixteen_callers_get_what_one_gets()
    {
        string[] alone = new string[16], together = new string[16];
        string Ask(int i) => $$"""{"counts": {"ill": {{10 + i}}}, "seed": {{i}}}""";
        for (int i = 0; i < 16; i++)
            alone[i] = (await Post("/generate", Ask(i))).Text;
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = 16, CancellationToken = TestContext.CancellationToken };
        await Parallel.ForAsync(0, 16, parallel,
            async (i, _) => together[i] = (await Post("/generate", Ask(i))).Text);
        Assert.AreSequenceEqual(alone, together);
    }
}
