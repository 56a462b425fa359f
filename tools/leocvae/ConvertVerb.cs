using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;

namespace LeoCvae.Cli;

sealed class ConvertVerb : Verb
{
    readonly Argument<string> _data = Data(), _file = new("FILE")
    {
        Description = "Where it goes, in the format of its extension: .csv, .tsv, each also .gz, .parquet; - is CSV on standard output"
    };
    readonly Option<string> _delimiter = Text("--delimiter", "C",
        "What separates the fields of DATA: a character, or comma, semicolon, tab, pipe, space (default: by the extension)");
    readonly Option<string> _decimal = Text("--decimal", ",", "Decimals stand behind a comma in DATA: 1,5");
    readonly Option<string> _toDelimiter = Text("--to-delimiter", "C",
        "What is to separate the fields of FILE (default: by the extension)");
    readonly Option<string> _toDecimal = Text("--to-decimal", ",", "Decimals are to stand behind a comma in FILE");
    readonly Option<string[]> _texts = new("--text") { HelpName = "NAMES", Description = "Columns that are text whatever their cells are" };
    readonly Option<bool> _overwrite = Overwrite();

    public ConvertVerb()
        : base("convert", "Write a table in another format, every cell's value unchanged")
    {
        Add(_data);
        Add(_file);
        foreach (Option option in (Option[])[_delimiter, _decimal, _toDelimiter, _toDecimal, _texts, _overwrite])
            Add(option);
    }

    protected override (string Name, string? Value) Output(ParseResult arguments) => (_file.Name, arguments.GetValue(_file));

    protected override void Run(ParseResult arguments, Session session)
    {
        string data = arguments.GetRequiredValue(_data), file = arguments.GetRequiredValue(_file);
        bool overwrite = arguments.GetValue(_overwrite);
        TableIO.RequireDistinct((_data.Name, data), (_file.Name, file));
        SourceOptions source = Source(_delimiter, _decimal, arguments), target = Source(_toDelimiter, _toDecimal, arguments);
        char? delimiter = TableIO.Delimiter(file, target.Delimiter);
        char? between = TableIO.Delimiter(data, source.Delimiter);
        if (between is null && source.HasDecimalComma)
            throw new ArgumentException($"{_decimal.Name}: Parquet has numbers, a text file has decimal commas");
        if (delimiter is null && target.HasDecimalComma)
            throw new ArgumentException($"{_toDecimal.Name}: Parquet has numbers, a text file has decimal commas");
        TableIO.RequireWritable(file, overwrite, target.Delimiter);
        string[] texts = [.. (arguments.GetValue(_texts) ?? []).SelectMany(names => Values.Names(_texts.Name, names))];
        long rows;
        int columns;
        using (Stream content = data == "-" ? Console.OpenStandardInput() : TableFile.OpenRead(data))
            (rows, columns) = session.Progress("converting", report =>
            {
                (long, int) size = default;
                ReadProgress progress = new(new(report, TimeProvider.System));
                TableIO.Write(file, overwrite, stream => size = TableIO.Interruptible(session, () => TableConverter.Convert(content,
                    data == "-" ? "standard input" : data, between, stream, delimiter, source, target, texts, progress)), session);
                return size;
            });
        session.Say(string.Create(CultureInfo.InvariantCulture,
            $"wrote {rows} rows x {columns} columns to {TableIO.Name(file)} (seed {session.Seed}, not used)"));
        session.Set("output", new JsonObject { ["file"] = file, ["rows"] = rows, ["columns"] = columns });
    }

    static SourceOptions Source(Option<string> delimiter, Option<string> sign, ParseResult arguments) => new()
    {
        Delimiter = arguments.GetValue(delimiter) is string text
            ? Values.Read(delimiter.Name, () => SourceOptions.ParseDelimiter(text)) : null,
        HasDecimalComma = TableArguments.HasDecimalComma(sign.Name, arguments.GetValue(sign)),
    };
}
