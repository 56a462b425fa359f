using System.CommandLine;
using System.Text.Json.Nodes;

namespace LeoCvae.Cli;

sealed class VerifyVerb : Verb
{
    readonly Argument<string> _folder = new("FOLDER") { Description = "Where --shard has written the parts" };

    public VerifyVerb()
        : base("verify", "Check that all parts of a table are there, whole and of one run")
    {
        Add(_folder);
    }

    protected override void Run(ParseResult arguments, Session session)
    {
        string folder = arguments.GetRequiredValue(_folder);
        ShardSet[] sets = ShardSet.Read(folder);
        List<string> faults = [];
        JsonArray tables = [];
        foreach (ShardSet set in sets)
        {
            List<string> own = session.Progress("verifying", report =>
                set.Faults(hasFiles: true, new RowProgress(new(report, TimeProvider.System), set.Count), session.Cancellation));
            faults.AddRange(own.Select(fault => $"'{set.Name}' of {set.Count} parts: {fault}"));
            if (own.Count == 0)
                session.Say($"'{set.Name}': {set.Count} parts, {set.Rows} rows, all whole");
            tables.Add((JsonNode)new JsonObject
            {
                ["name"] = set.Name,
                ["parts"] = set.Count,
                ["rows"] = set.Rows,
                ["faults"] = new JsonArray([.. own.Select(fault => JsonValue.Create(fault))]),
            });
        }
        session.Set("tables", tables);
        if (faults.Count > 0)
            throw new InvalidDataException($"{folder}: {string.Join("; ", faults)}; run these parts again");
    }
}
