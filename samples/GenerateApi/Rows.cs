using System.Buffers;
using System.IO.Pipelines;
using System.Text.Encodings.Web;
using System.Text.Json;
using LeoCvae;

namespace GenerateApi;

/// <summary>Rows as JSON, out and in.</summary>
static class Rows
{
    const int Chunk = 256, FlushBytes = 1 << 16;

    // The rows are JSON, not part of a page.
    static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    /// <summary>Writes rows as objects: in an array, or a line each (NDJSON). Memory doesn't grow with their number.</summary>
    public static async Task WriteAsync(LeoModel model, IReadOnlyList<(int Class, int Count)> wanted, long first, ulong seed, bool areLines,
        PipeWriter body, CancellationToken cancellation)
    {
        IReadOnlyList<ColumnSpec> columns = model.Schema.Columns;
        JsonEncodedText[] names = [.. columns.Select(column => JsonEncodedText.Encode(column.Name, Encoder))];
        JsonEncodedText target = JsonEncodedText.Encode(model.Schema.Target!, Encoder);
        double[] cells = ArrayPool<double>.Shared.Rent(Chunk * columns.Count);
        using Utf8JsonWriter json = new(body, new() { SkipValidation = true, Encoder = Encoder });
        if (!areLines)
            json.WriteStartArray();
        foreach ((int c, long from, int some) in Parts(wanted, first, Chunk))
        {
            model.Generate(c, from, some, cells.AsSpan(0, some * columns.Count), seed, cancellation: cancellation);
            for (int i = 0; i < some; i++)
            {
                json.WriteStartObject();
                for (int j = 0; j < columns.Count; j++)
                    Write(json, names[j], columns[j], cells[i * columns.Count + j]);
                json.WriteString(target, model.Schema.Classes[c]);
                json.WriteEndObject();
                if (areLines)
                {
                    json.Flush();
                    json.Reset();
                    body.Write("\n"u8);
                }
            }
            if (json.BytesPending < FlushBytes && body.UnflushedBytes < FlushBytes)
                continue;
            json.Flush();
            if ((await body.FlushAsync(cancellation)).IsCompleted)
                return;
        }
        if (!areLines)
            json.WriteEndArray();
        json.Flush();
        ArrayPool<double>.Shared.Return(cells);
    }

    /// <summary>Rows next to each other, class by class, so many at most at a time.</summary>
    public static IEnumerable<(int Class, long First, int Count)> Parts(IEnumerable<(int Class, int Count)> wanted, long first, int most)
    {
        foreach ((int c, int count) in wanted)
            for (int done = 0; done < count; done += most)
                yield return (c, first + done, Math.Min(most, count - done));
    }

    static void Write(Utf8JsonWriter json, JsonEncodedText name, ColumnSpec column, double cell)
    {
        if (column.Kind == ColumnKind.Identifier)
            return;
        if (double.IsNaN(cell))
            json.WriteNull(name);
        else if (column.Kind == ColumnKind.Numeric)
            json.WriteNumber(name, cell);
        else
            json.WriteString(name, column.Text(cell));
    }

    /// <summary>The cells of rows, in the order of the model's columns.</summary>
    /// <exception cref="ArgumentException">A row is none of the model's.</exception>
    public static double[] Read(LeoModel model, IReadOnlyList<JsonElement> rows)
    {
        IReadOnlyList<ColumnSpec> columns = model.Schema.Columns;
        double[] cells = new double[rows.Count * columns.Count];
        for (int i = 0; i < rows.Count; i++)
        {
            if (rows[i].ValueKind != JsonValueKind.Object)
                throw Invalid($"row {i}: got {rows[i].ValueKind}, expected an object of cells by column name");
            for (int j = 0; j < columns.Count; j++)
                cells[i * columns.Count + j] = Cell(i, columns[j], rows[i]);
        }
        return cells;
    }

    /// <summary>What the caller got wrong, in the invariant culture.</summary>
    public static ArgumentException Invalid(FormattableString message) => new(FormattableString.Invariant(message));

    static double Cell(int row, ColumnSpec column, JsonElement cells)
    {
        if (column.Kind == ColumnKind.Identifier)
            return 0;
        if (!cells.TryGetProperty(column.Name, out JsonElement cell))
            throw Invalid($"row {row}: column '{column.Name}' is missing");
        try
        {
            return cell.ValueKind switch
            {
                JsonValueKind.Null => double.NaN,
                JsonValueKind.Number when column.Kind == ColumnKind.Numeric => cell.GetDouble(),
                JsonValueKind.Number => column.Cell(cell.GetRawText()),
                JsonValueKind.True => column.Cell("true"),
                JsonValueKind.False => column.Cell("false"),
                JsonValueKind.String => column.Cell(cell.GetString()!),
                _ => throw Invalid($"column '{column.Name}': got {cell.ValueKind}, expected a number, a text or null"),
            };
        }
        catch (ArgumentException e)
        {
            throw Invalid($"row {row}: {e.Message}");
        }
    }
}
