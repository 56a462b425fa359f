using System.Text.Json.Serialization;

namespace LeoCvae.Training;

/// <summary>Training options as JSON, as models and checkpoints carry them.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true)]
[JsonSerializable(typeof(TrainingOptions))]
sealed partial class OptionsJson : JsonSerializerContext;
