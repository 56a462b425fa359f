using System.Text;
using System.Text.Json;

namespace LeoCvae;

/// <summary>
/// Kinds of columns as JSON: {"columns": {"age": {"kind": "number"}, "when": {"kind": "date", "format": "dd.MM.yyyy"}}}. The kinds are
/// number, category (with "categories" where all names are to be known), date and date-time (with "format"), identifier, and drop.
/// </summary>
static class SchemaJson
{
    const string Drop = "drop";

    static readonly string[] Kinds = [.. Enum.GetValues<ColumnKind>().Select(ColumnKinds.Name), Drop],
        Keys = ["kind", "format", "categories"];

    public static Dictionary<string, ColumnChoice> Read(string json)
    {
        JsonDocument document;
        try
        {
            document = ManifestJson.Parse("columns", Encoding.UTF8.GetBytes(json));
        }
        catch (JsonException e)
        {
            throw Fault.Argument(nameof(json), $"this is no JSON: {e.Message}");
        }
        using (document)
        {
            if (document.RootElement.ValueKind != JsonValueKind.Object
                || !document.RootElement.TryGetProperty("columns", out JsonElement columns) || columns.ValueKind != JsonValueKind.Object)
                throw Fault.Argument(nameof(json),
                    $"there is no object \"columns\", expected {{\"columns\": {{\"NAME\": {{\"kind\": \"number\"}}}}}}");
            Dictionary<string, ColumnChoice> choices = new(StringComparer.Ordinal);
            foreach (JsonProperty column in columns.EnumerateObject())
                choices.Add(column.Name, Choice(column));
            return choices;
        }
    }

    static ColumnChoice Choice(JsonProperty column)
    {
        string where = $"column '{column.Name}': ";
        if (column.Value.ValueKind != JsonValueKind.Object)
            throw Fault.Argument("json", $"{where}got {column.Value.ValueKind}, expected an object such as {{\"kind\": \"number\"}}");
        foreach (JsonProperty property in column.Value.EnumerateObject())
            if (!Keys.Contains(property.Name))
                throw Fault.Argument("json",
                    $"{where}got '{property.Name}', expected {string.Join(", ", Keys)}{NearestName.Question(property.Name, Keys)}");
        string? name = Text(column.Value, "kind", where), format = Text(column.Value, "format", where);
        if (name is null || !Kinds.Contains(name))
            throw Fault.Argument("json", $"{where}got {(name is null ? "no kind" : $"the kind '{name}'")}, expected " +
                $"{string.Join(", ", Kinds)}{NearestName.Question(name ?? "", Kinds)}");
        ColumnKind? kind = name == Drop ? null : (ColumnKind)Array.IndexOf(Kinds, name);
        if (format is not null && (kind is not (ColumnKind.Date or ColumnKind.DateTime) || !DateText.IsFormat(kind.Value, format)))
            throw Fault.Argument("json",
                $"{where}got the format '{format}' for a {name}, expected a custom format of .NET, such as dd.MM.yyyy for a " +
                $"date or dd.MM.yyyy HH:mm for a date-time");
        return new() { Kind = kind, Format = format, Categories = Categories(column.Value, kind, where) };
    }

    static string? Text(JsonElement column, string name, string where) => !column.TryGetProperty(name, out JsonElement value) ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : throw Fault.Argument("json", $"{where}got {value.ValueKind} for '{name}', expected a text");

    static string[]? Categories(JsonElement column, ColumnKind? kind, string where)
    {
        if (!column.TryGetProperty("categories", out JsonElement list))
            return null;
        if (kind != ColumnKind.Category || list.ValueKind != JsonValueKind.Array
            || list.EnumerateArray().Any(name => name.ValueKind != JsonValueKind.String))
            throw Fault.Argument("json", $"{where}got '{list.ValueKind}' for 'categories', expected a list of names, of a category");
        string[] names = [.. list.EnumerateArray().Select(name => name.GetString()!)];
        if (names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1)?.Key is string twice)
            throw Fault.Argument("json", $"{where}category '{VisibleText.Name(twice)}' is given twice");
        return names;
    }
}
