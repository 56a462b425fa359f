using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LeoCvae.Evaluation;

/// <summary>An evaluation as JSON. Thread-safe.</summary>
static class ResultsJson
{
    /// <summary>Number of the file's format.</summary>
    public const int FormatVersion = 1;

    /// <summary>Indented JSON, names in snake case, numbers that are not defined null; the same data give the same bytes.</summary>
    /// <param name="data">What to write.</param>
    public static string Render(ReportData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        IReadOnlyList<ScoreSummary> summaries = ScoreSummary.Of(data);
        JsonSerializerOptions readable = new(ResultsContext.Default.Options)
        {
            WriteIndented = true,
            NewLine = "\n",
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
        ResultsFile file = new(FormatVersion, Verdict.Of(data, summaries), summaries, data);
        return JsonSerializer.Serialize(file, new ResultsContext(readable).ResultsFile) + "\n";
    }
}

/// <summary>What the file holds.</summary>
sealed record ResultsFile(int Format, IReadOnlyList<string> Verdict, IReadOnlyList<ScoreSummary> Summaries, ReportData Evaluation);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true, Converters = [typeof(FiniteOrNull)])]
[JsonSerializable(typeof(ResultsFile))]
sealed partial class ResultsContext : JsonSerializerContext;

/// <summary>JSON has no infinity and no NaN.</summary>
sealed class FiniteOrNull : JsonConverter<double>
{
    public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Null ? double.NaN : reader.GetDouble();

    public override bool HandleNull => true;

    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
    {
        if (double.IsFinite(value))
            writer.WriteNumberValue(value);
        else
            writer.WriteNullValue();
    }
}
