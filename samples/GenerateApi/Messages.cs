using System.Text.Json;
using System.Text.Json.Serialization;

namespace GenerateApi;

/// <summary>Rows that are asked for.</summary>
/// <param name="Counts">Rows of each class by name.</param>
/// <param name="Seed">Seed of the random numbers; default 42.</param>
/// <param name="First">Number of the first row of each class, so that parts can be asked for; default 0.</param>
sealed record GenerateRequest(Dictionary<string, int>? Counts, ulong? Seed, long? First);

/// <summary>Rows that are sent: objects of cells by column name.</summary>
/// <param name="Rows">The rows.</param>
/// <param name="Label">The class of all rows, to embed them by; without one the model's training rows say what they are near to.</param>
sealed record RowsRequest(JsonElement[]? Rows, string? Label);

/// <summary>What is near a row.</summary>
/// <param name="Bits">The local entropy: 0 where all neighbors are of one class.</param>
/// <param name="Frequencies">Share of each class among the neighbors.</param>
sealed record RowScore(double Bits, Dictionary<string, double> Frequencies);

/// <summary>All messages; without reflection, which Native AOT has not.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(GenerateRequest))]
[JsonSerializable(typeof(RowsRequest))]
[JsonSerializable(typeof(RowScore[]))]
[JsonSerializable(typeof(float[][]))]
[JsonSerializable(typeof(Microsoft.AspNetCore.Mvc.ProblemDetails))]
sealed partial class Messages : JsonSerializerContext;
