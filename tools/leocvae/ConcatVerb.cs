using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;

namespace LeoCvae.Cli;

sealed class ConcatVerb : Verb
{
    readonly Argument<string> _folder = new("FOLDER") { Description = "Where --shard has written the parts of one table" };
    readonly Option<string> _out = new("--out")
    {
        HelpName = "FILE",
        Description = "Where the table goes, in the format of the parts; - is standard output",
        Required = true
    };
    readonly Option<bool> _overwrite = Overwrite();

    public ConcatVerb()
        : base("concat", "Join the parts of a table: the bytes that one process would have written")
    {
        Add(_folder);
        Add(_out);
        Add(_overwrite);
    }

    protected override void Run(ParseResult arguments, Session session)
    {
        (string folder, string output) = (arguments.GetRequiredValue(_folder), arguments.GetRequiredValue(_out));
        bool overwrite = arguments.GetValue(_overwrite);
        TableIO.RequireWritable(output, overwrite);
        ShardSet[] sets = ShardSet.Read(folder);
        if (sets.Length > 1)
            throw new ArgumentException($"{folder}: got the parts of {sets.Length} tables (" + string.Join(", ", sets.Select(one =>
                string.Create(CultureInfo.InvariantCulture, $"'{one.Name}' in {one.Count}"))) + "), expected those of one; give each a " +
                "folder of its own");
        ShardSet set = sets[0];
        set.RequireFormat(output);
        session.Progress("joining", report =>
        {
            RowProgress progress = new(new(report, TimeProvider.System), set.Count);
            TableIO.Write(output, overwrite, stream => set.Concat(stream, progress, session.Cancellation), session);
            return true;
        });
        session.Say($"wrote {set.Rows} rows of {set.Count} parts to {TableIO.Name(output)}");
        session.Set("output", new JsonObject { ["file"] = output, ["rows"] = set.Rows, ["parts"] = set.Count });
    }
}
