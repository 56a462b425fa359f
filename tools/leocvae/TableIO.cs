using System.Text.Json.Nodes;

namespace LeoCvae.Cli;

/// <summary>Tables in and out; "-" is CSV on standard input or output.</summary>
static class TableIO
{
    public static CsvDocument Read(string path, string? target, string? withoutTarget = null)
    {
        if (path != "-")
            return TableFile.Read(path, target, withoutTarget);
        using Stream input = Console.OpenStandardInput();
        return TableFile.Read(input, "standard input", ',', target, withoutTarget);
    }

    /// <summary>Fails before long work where the output could not be written in the end.</summary>
    public static void RequireWritable(string path, bool overwrite)
    {
        if (path == "-")
            return;
        _ = TableFile.Delimiter(path);
        AtomicFile.RequireFree(path, overwrite);
    }

    public static void Write(string path, bool overwrite, Action<Stream> write)
    {
        if (path != "-")
        {
            TableFile.Write(path, overwrite, write);
            return;
        }
        using BufferedStream output = new(Console.OpenStandardOutput(), 1 << 16);
        write(output);
    }

    /// <summary>Says what was read.</summary>
    public static void Describe(string path, Table table, Session session)
    {
        session.Say($"read {table.RowCount} rows x {table.Schema.Columns.Count} columns from {(path == "-" ? "standard input" : path)}; '{table.Schema.Target}': {CountsText(table)}");
        session.Set("rows", table.RowCount);
        session.Set("columns", table.Schema.Columns.Count);
        session.Set("class_counts", Counts(table));
    }

    /// <summary>Where an output goes, in words.</summary>
    public static string Name(string output) => output == "-" ? "standard output" : output;

    public static string CountsText(Table table) => string.Join(", ", table.ClassCounts().Select((count, c) => $"{table.Schema.Classes[c]} {count}"));

    public static JsonObject Counts(Table table) => new(table.ClassCounts().Select((count, c) => KeyValuePair.Create<string, JsonNode?>(table.Schema.Classes[c], count)));
}
