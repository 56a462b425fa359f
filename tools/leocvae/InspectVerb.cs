using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;

namespace LeoCvae.Cli;

sealed class InspectVerb : Verb
{
    readonly Argument<string> _model = new("MODEL") { Description = "A model folder, or a generator.onnx alone" };

    public InspectVerb()
        : base("inspect", "Check a model and show its schema, classes, options, provenance, files and hashes") => Add(_model);

    protected override void Run(ParseResult arguments, Session session)
    {
        string path = arguments.GetRequiredValue(_model);
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
        session.Show(["column", "kind", "minimum", "maximum", "decimals"], manifest.Schema.Columns.Select(column =>
            new[] { column.Name, column.Kind.ToString().ToLowerInvariant(), Text(column.Minimum), Text(column.Maximum),
                column.Decimals is int decimals ? Text(decimals) : "not rounded" }));
        session.Show(["option", "value"],
            manifest.Options.EnumerateObject().Select(option => new[] { option.Name, option.Value.ToString() }));
        session.Show(["file", "bytes", "SHA-256"], model.Files.Select(file => new[] { file.Name, Text(file.Bytes), file.Sha256 }));

        session.Set("manifest", JsonNode.Parse(manifest.ToJson()));
        session.Set("files",
            new JsonArray([.. model.Files.Select(file =>
            new JsonObject { ["name"] = file.Name, ["bytes"] = file.Bytes, ["sha256"] = file.Sha256 })]));
    }

    static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
