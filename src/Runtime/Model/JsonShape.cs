using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace LeoCvae;

/// <summary>
/// Compares JSON with what a type is read from, before it is read: what doesn't fit is told by its key, in words that name no type of .NET.
/// Thread-safe.
/// </summary>
static class JsonShape
{
    const int Shown = 40;

    /// <summary>Reads a value of a type.</summary>
    /// <exception cref="JsonException">A key's value is of a wrong kind; the message names the key, and what it is of.</exception>
    public static T Read<T>(JsonElement value, JsonTypeInfo<T> type, string of) =>
        Misfit(value, type, "") is (string wrong, string what) ? throw new JsonException($"'{wrong}' of its {of}: {what}")
            : value.Deserialize(type)!;

    /// <summary>The first key whose value is of a wrong kind, with what was got and what was expected; null where all fits.</summary>
    public static (string Key, string What)? Misfit(JsonElement value, JsonTypeInfo type, string key)
    {
        if (Expected(value, type) is string expected)
            return (key, $"got {Got(value)}, expected {expected}");
        if (type.Kind == JsonTypeInfoKind.Object)
            foreach (JsonPropertyInfo property in type.Properties)
            {
                string name = key.Length == 0 ? property.Name : $"{key}.{property.Name}";
                JsonTypeInfo inner = type.Options.GetTypeInfo(property.PropertyType);
                if (!value.TryGetProperty(property.Name, out JsonElement item))
                {
                    if (property.IsRequired)
                        return (name, $"got nothing, expected {Expected(default, inner)}");
                }
                else if (!(item.ValueKind == JsonValueKind.Null && property.IsSetNullable) && Misfit(item, inner, name) is { } misfit)
                    return misfit;
            }
        else if (type.Kind == JsonTypeInfoKind.Enumerable)
            foreach ((int i, JsonElement item) in value.EnumerateArray().Index())
            {
                bool mayBeNull = Nullable.GetUnderlyingType(type.ElementType!) is not null;
                string place = string.Create(CultureInfo.InvariantCulture, $"{key}[{i}]");
                if (!(item.ValueKind == JsonValueKind.Null && mayBeNull)
                    && Misfit(item, type.Options.GetTypeInfo(type.ElementType!), place) is { } misfit)
                    return misfit;
            }
        else if (type.Kind == JsonTypeInfoKind.Dictionary)
            foreach (JsonProperty item in value.EnumerateObject())
                if (Misfit(item.Value, type.Options.GetTypeInfo(type.ElementType!), $"{key}.{item.Name}") is { } misfit)
                    return misfit;
        return null;
    }

    // What should stand there, or null where that is what does. JSON that is passed through unread is an object.
    static string? Expected(JsonElement value, JsonTypeInfo info)
    {
        Type type = Nullable.GetUnderlyingType(info.Type) ?? info.Type;
        JsonValueKind kind = value.ValueKind;
        if (info.Kind is JsonTypeInfoKind.Object or JsonTypeInfoKind.Dictionary || type == typeof(JsonElement))
            return kind == JsonValueKind.Object ? null : "an object";
        if (info.Kind == JsonTypeInfoKind.Enumerable)
            return kind == JsonValueKind.Array ? null : "a list";
        if (type == typeof(string))
            return kind == JsonValueKind.String ? null : "a text";
        if (type == typeof(bool))
            return kind is JsonValueKind.True or JsonValueKind.False ? null : "true or false";
        if (type == typeof(double))
            return kind == JsonValueKind.Number ? null : "a number";
        if (type.IsEnum)
            return kind == JsonValueKind.String && Enum.GetNames(type).Contains(value.GetString()) ? null
                : string.Join(" or ", Enum.GetNames(type).Select(name => $"\"{name}\""));
        if (kind == JsonValueKind.Number && value.TryGetInt32(out _))
            return null;
        return kind == JsonValueKind.Number && !value.GetRawText().AsSpan().ContainsAny(".eE")
            ? string.Create(CultureInfo.InvariantCulture, $"{int.MinValue} to {int.MaxValue}") : "a whole number";
    }

    static string Got(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => $"the text \"{VisibleText.Cut(value.GetString()!, Shown)}\"",
        _ => VisibleText.Cut(value.GetRawText(), Shown),
    };
}
