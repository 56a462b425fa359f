using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;

namespace LeoCvae.Cli;

sealed class InspectVerb : Verb
{
    const int NamesShown = 6;

    readonly Argument<string> _what = new("MODEL|DATA") { Description = "A model folder, a generator.onnx alone, or a table" };
    readonly Option<string> _target = Text("--target", "COLUMN", "The label column of a table (default: the last one)");
    readonly Option<string> _groups = Groups("A column of a table that is no feature");
    readonly TableArguments _columns;

    public InspectVerb()
        : base("inspect", "Check a model and show its schema, classes, options, provenance, files and hashes; or show what the columns " +
            "of a table are, and the option that changes each")
    {
        Add(_what);
        Add(_target);
        Add(_groups);
        _columns = new(this);
    }

    protected override void Run(ParseResult arguments, Session session)
    {
        string path = arguments.GetRequiredValue(_what);
        if (IsTable(path, _columns.Source(arguments)))
            InspectTable(path, arguments, session);
        else if ((arguments.GetValue(_target) is not null ? _target.Name : arguments.GetValue(_groups) is not null ? _groups.Name
            : _columns.FirstGiven(arguments)) is string option)
            throw new UsageException($"{option} is for a table, and '{path}' is none");
        else
            InspectModel(path, session);
    }

    static bool IsTable(string path, SourceOptions source)
    {
        try
        {
            _ = TableIO.Delimiter(path, source.Delimiter);
            return path == "-" || FilePlace.Kind(path) != FileKind.Folder;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    static void InspectModel(string path, Session session)
    {
        using LeoModel model = LeoModel.Load(path, session.RuntimeOptions);
        ModelManifest manifest = model.Manifest;
        ManifestProvenance made = manifest.Provenance;

        session.Say($"{path}: format {manifest.FormatVersion}, {made.Producer}, engine {made.Engine}, {made.Paper}; all hashes are right");
        session.Say(string.Create(CultureInfo.InvariantCulture,
            $"trained on {made.Rows} rows, {made.Epochs} epochs, kept epoch {made.BestEpoch} with validation loss " +
            $"{made.BestValidationLoss:G6}; mean entropy {made.MeanEntropyBits:0.000} bits"));
        session.Say($"training data SHA-256 {made.DataSha256}");
        foreach (string warning in made.Warnings)
            session.Say($"warning at training: {warning}");
        session.Show([$"class of '{manifest.Schema.Target}'", "rows"],
            manifest.Classes.Select((name, c) => new[] { name, Text(made.ClassCounts[c]) }));
        session.Show(["column", "kind", "values", "missing"], manifest.Schema.Columns.Select(column =>
            new[] { column.Name, ColumnKinds.Name(column.Kind), Values(column), column.HasMissing ? "some" : "" }));
        session.Show(["option", "value"],
            manifest.Options.EnumerateObject().Select(option => new[] { option.Name, option.Value.ToString() }));
        session.Show(["file", "bytes", "SHA-256"], model.Files.Select(file => new[] { file.Name, Text(file.Bytes), file.Sha256 }));

        session.Set("manifest", JsonNode.Parse(manifest.ToJson()));
        session.Set("files",
            new JsonArray([.. model.Files.Select(file =>
            new JsonObject { ["name"] = file.Name, ["bytes"] = file.Bytes, ["sha256"] = file.Sha256 })]));
    }

    void InspectTable(string path, ParseResult arguments, Session session)
    {
        (Table table, IReadOnlyList<string?>? groups) = TableIO.Read(path, arguments.GetValue(_target), arguments.GetValue(_groups),
            _columns.Read(arguments), _columns.Source(arguments), session);
        TableIO.Describe(path, TableSummary.Of(table, groups), arguments.GetValue(_groups), session);
        IReadOnlyList<ColumnSpec> columns = table.Schema.Columns;
        int[] missing = table.MissingCounts();
        session.Show(["column", "kind", "values", "missing", "to change it"], columns.Select((column, j) =>
            new[] { column.Name, ColumnKinds.Name(column.Kind), Values(column), missing[j] > 0 ? Text(missing[j]) : "",
                $"{Change(column)} {ColumnKinds.List([column.Name])}" }));
        session.Say("--drop NAME leaves a column out; --schema FILE.json takes all kinds from a file, such as --json prints");
        session.Set("target", table.Schema.Target);
        // As --schema takes it.
        session.Set("columns",
            new JsonObject(columns.Select(column => KeyValuePair.Create<string, JsonNode?>(column.Name, Entry(column)))));
        session.Set("missing", new JsonObject(columns.Select((column, j) => KeyValuePair.Create<string, JsonNode?>(column.Name, missing[j]))
            .Where((_, j) => missing[j] > 0)));
    }

    static JsonObject Entry(ColumnSpec column)
    {
        JsonObject entry = new() { ["kind"] = ColumnKinds.Name(column.Kind) };
        if (column.Format is not null)
            entry["format"] = column.Format;
        return entry;
    }

    static string Change(ColumnSpec column) => column switch
    {
        { Kind: ColumnKind.Category, Categories: var names } => names!.All(IsNumber) ? "--numbers" : "--ids",
        _ => "--categories",
    };

    static bool IsNumber(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
        && double.IsFinite(value);

    static string Values(ColumnSpec column) => column.Kind switch
    {
        ColumnKind.Category => $"{column.Categories!.Count}: {TableSchema.Quote([.. column.Categories.Take(NamesShown)])}" +
            (column.Categories.Count > NamesShown ? ", ..." : ""),
        ColumnKind.Identifier => "no feature",
        _ => $"{CellText.Of(column, column.Minimum)} to {CellText.Of(column, column.Maximum)}, " + (column.Format ?? column.Decimals switch
        {
            null => "not rounded",
            0 => "whole",
            1 => "1 decimal",
            int decimals => $"{Text(decimals)} decimals",
        }),
    };

    static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
