using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using LeoCvae.Evaluation;

namespace LeoCvae.Cli;

/// <summary>
/// Reads a sweep's plan and checks all of it: {"defaults": {...}, "runs": [{...}, ...]}, where a run's keys are evaluate's options, with _
/// for -, and data, seeds and name. What is wrong is said in one line with its place.
/// </summary>
sealed partial class SweepPlanReader
{
    const string Defaults = "defaults", Runs = "runs", Data = "data", Seeds = "seeds", Name = "name", Methods = "methods";
    const int MostTasks = 1_000_000;
    const long MostBytes = 1 << 26;

    readonly string _file;
    readonly int _threads;
    readonly Command _command = new("run");
    readonly EvaluationArguments _arguments;
    readonly Dictionary<string, Option> _options;

    SweepPlanReader(string file, int threads)
    {
        (_file, _threads) = (file, threads);
        _arguments = new(_command);
        _options = _command.Options.ToDictionary(option => Key(option.Name), StringComparer.Ordinal);
    }

    // A key of the plan and the place where it stands: a run's own, or the defaults'.
    readonly record struct Entry(string Place, JsonElement Value);

    /// <summary>Reads a plan.</summary>
    /// <param name="file">Its file; other files are looked for beside it.</param>
    /// <param name="threads">Threads.</param>
    /// <exception cref="InvalidDataException">Something in it is wrong.</exception>
    public static SweepPlan Read(string file, int threads)
    {
        Values.RequirePath("PLAN.json", file, "file");
        byte[] bytes = PlainFile.Read(file, file, MostBytes);
        try
        {
            using JsonDocument json = JsonDocument.Parse(bytes, new() { AllowDuplicateProperties = false });
            return new(file, ModelPackage.Hash(bytes), new SweepPlanReader(file, threads).Read(json.RootElement));
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{file}: {VisibleText.Cut(VisibleText.Name(e.Message), 200)}", e);
        }
    }

    /// <summary>A message about options, about keys of the plan instead.</summary>
    public static string InPlan(string message) => OptionName.Replace(message, option => Key(option.Value));

    [GeneratedRegex("--[a-z]+(-[a-z]+)*")]
    static partial Regex OptionName { get; }

    // Files are named by it.
    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")]
    static partial Regex FileName { get; }

    static string Key(string option) => option.TrimStart('-').Replace('-', '_');

    List<SweepRun> Read(JsonElement plan)
    {
        Dictionary<string, Entry> top = Object("", plan, [Defaults, Runs]);
        Dictionary<string, Entry> defaults = top.TryGetValue(Defaults, out Entry given)
            ? Object(Defaults, given.Value, [Data, Seeds, .. _options.Keys]) : [];
        if (!top.TryGetValue(Runs, out given) || given.Value.ValueKind != JsonValueKind.Array || given.Value.GetArrayLength() == 0)
            throw Wrong(Runs, $"got {(given.Place is null ? "none" : Got(given.Value))}, expected a list of objects, at least one");
        List<SweepRun> runs = [];
        foreach ((int i, JsonElement run) in given.Value.EnumerateArray().Index())
        {
            string place = string.Create(CultureInfo.InvariantCulture, $"{Runs}[{i}]");
            Dictionary<string, Entry> entries = Object(place, run, [Data, Seeds, Name, .. _options.Keys]);
            foreach ((string key, Entry entry) in defaults)
                entries.TryAdd(key, entry);
            Add(runs, place, entries);
        }
        return runs;
    }

    // The evaluations of a run, one for each seed.
    void Add(List<SweepRun> runs, string place, Dictionary<string, Entry> entries)
    {
        foreach (string needed in (string[])[Data, Methods])
            if (!entries.ContainsKey(needed))
                throw Wrong(place, $"'{needed}' is missing, expected it here or in {Defaults}");
        string data = Text(entries[Data]);
        string[] line = [.. entries.Where(entry => _options.ContainsKey(entry.Key)).SelectMany(entry => Line(entry.Key, entry.Value))];
        (string Name, string Path)[] inputs = Inputs(entries);
        ulong[] seeds = entries.TryGetValue(Seeds, out Entry given) ? SeedsOf(given) : [LeoModel.DefaultSeed];
        string name = entries.TryGetValue(Name, out given) ? NameOf(given) : Stem(data);
        foreach (ulong seed in seeds)
        {
            EvaluationRequest request = Request(place, entries, line, inputs[0].Path, seed);
            string own = seeds.Length == 1 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}-seed-{seed}");
            if (runs.FirstOrDefault(other => string.Equals(other.Name, own, StringComparison.OrdinalIgnoreCase)) is { } taken)
                throw Wrong(place, $"its results are named '{own}', and so are those of {taken.Place[(_file.Length + 2)..]}; give it " +
                    $"another '{Name}'");
            EvaluationOptions options = request.Options;
            long tasks = (long)options.Repeats * options.Folds * request.Methods.Length;
            int first = runs.Count == 0 ? 0 : runs[^1].FirstTask + runs[^1].Units.Count;
            if (first + tasks > MostTasks)
                throw Wrong(place, $"got {first + tasks} tasks up to here, expected at most {MostTasks} in a plan");
            runs.Add(new(own, $"{_file}: {place}", request, inputs, first, MethodEvaluator.Units(request.Methods.Length, options)));
        }
    }

    // What evaluate reads of the same options.
    EvaluationRequest Request(string place, Dictionary<string, Entry> entries, string[] line, string data, ulong seed)
    {
        try
        {
            EvaluationRequest request = Read(line, data, seed);
            _ = TableFile.Delimiter(data, request.Source.Delimiter);
            return request with { Options = request.Options with { DescribeRows = true } };
        }
        catch (Exception e) when (e is not InvalidDataException { InnerException: null })
        {
            string message = Verb.Message(e, EvaluationArguments.OptionOf);
            foreach ((string key, Entry entry) in entries)
                if (_options.TryGetValue(key, out Option? option) && message.StartsWith($"{option.Name}: ", StringComparison.Ordinal))
                    throw Wrong($"{entry.Place}{Index(key, entry, message)}", InPlan(message[(option.Name.Length + 2)..]), e);
            throw Wrong(place, InPlan(message), e);
        }
    }

    EvaluationRequest Read(string[] line, string data, ulong seed)
    {
        ParseResult parsed = _command.Parse(line, new ParserConfiguration { ResponseFileTokenReplacer = null });
        return parsed.Errors.Count == 0 ? _arguments.Read(parsed, data, seed, _threads)
            : throw new ArgumentException(string.Join("; ", parsed.Errors.Select(error => error.Message.TrimEnd('.'))));
    }

    // Which element of a list it is that a message is about: the first that is refused alone in the same words.
    string Index(string key, Entry entry, string message)
    {
        if (entry.Value.ValueKind != JsonValueKind.Array)
            return "";
        foreach ((int i, JsonElement element) in entry.Value.EnumerateArray().Index())
            try
            {
                Read([.. Line(key, new(entry.Place, element))], "", 0);
            }
            catch (Exception e) when (e.Message == message)
            {
                return string.Create(CultureInfo.InvariantCulture, $"[{i}]");
            }
            catch (Exception e) when (e is ArgumentException or IOException or UsageException or InvalidDataException)
            {
                // Something else is missing beside it.
            }
        return "";
    }

    // The files that a run reads, the table first, each there.
    (string Name, string Path)[] Inputs(Dictionary<string, Entry> entries) =>
        [.. ((string[])[Data, .. EvaluationArguments.Files.Select(Key)]).Where(entries.ContainsKey).Select(key =>
        {
            Entry entry = entries[key];
            string name = Text(entry), path = Beside(name);
            if (name == "-" || FilePlace.Kind(path) is FileKind.Missing or FileKind.Folder)
                throw Wrong(entry.Place, $"no such file: '{name}'");
            return (name, path);
        })];

    string Beside(string file) => Path.Combine(Path.GetDirectoryName(_file) ?? "", file);

    // An entry as arguments of evaluate, each in one word so that no text is taken for an option.
    IEnumerable<string> Line(string key, Entry entry)
    {
        Option option = _options[key];
        JsonElement value = entry.Value;
        if (option.ValueType == typeof(bool))
            return value.ValueKind is JsonValueKind.True or JsonValueKind.False
                ? [$"{option.Name}={(value.GetBoolean() ? "true" : "false")}"] : throw Wrong(entry, "true or false");
        bool isList = _arguments.Lists.Contains(option), areNames = option.ValueType == typeof(string[]);
        if (EvaluationArguments.Files.Contains(option.Name))
            return [$"{option.Name}={Beside(Text(entry))}"];
        if (!isList && !areNames)
            return [$"{option.Name}={(value.ValueKind == JsonValueKind.Number ? value.GetRawText() : Text(entry, "a text or a number"))}"];
        string[] texts = value.ValueKind != JsonValueKind.Array ? [Text(entry, "a list of texts")]
            : [.. value.EnumerateArray().Select((element, i) => Text(new($"{entry.Place}[{i}]", element)))];
        if (texts.Length == 0)
            throw Wrong(entry, "at least one");
        return isList ? [$"{option.Name}={string.Join(',', texts)}"]
            : texts.Select(text => $"{option.Name}=\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"");
    }

    ulong[] SeedsOf(Entry entry)
    {
        if (entry.Value.ValueKind != JsonValueKind.Array || entry.Value.GetArrayLength() == 0)
            throw Wrong(entry, "a list of whole numbers, at least one");
        HashSet<ulong> seeds = [];
        foreach ((int i, JsonElement element) in entry.Value.EnumerateArray().Index())
        {
            Entry seed = new($"{entry.Place}[{i}]", element);
            if (element.ValueKind != JsonValueKind.Number || !element.TryGetUInt64(out ulong value))
                throw Wrong(seed, $"a whole number from 0 to {ulong.MaxValue}");
            if (!seeds.Add(value))
                throw Wrong(seed.Place, $"seed {value} is given twice");
        }
        return [.. seeds];
    }

    string NameOf(Entry entry) => Text(entry) is string name && FileName.IsMatch(name) ? name
        : throw Wrong(entry, "a file's name without extension: letters, digits, '.', '_' and '-'");

    // table.csv.gz is of table.
    static string Stem(string data) =>
        Path.GetFileNameWithoutExtension(data.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? data[..^3] : data);

    string Text(Entry entry, string expected = "a text") =>
        entry.Value.ValueKind == JsonValueKind.String && entry.Value.GetString() is { Length: > 0 } text ? text
            : throw Wrong(entry, expected);

    // The entries of an object, which has no other keys than these.
    Dictionary<string, Entry> Object(string place, JsonElement value, string[] keys)
    {
        if (value.ValueKind != JsonValueKind.Object)
            throw Wrong(new(place, value), "an object");
        Dictionary<string, Entry> entries = new(StringComparer.Ordinal);
        foreach (JsonProperty property in value.EnumerateObject())
            entries[property.Name] = keys.Contains(property.Name)
                ? new(place.Length == 0 ? property.Name : $"{place}.{property.Name}", property.Value)
                : throw Wrong(place, $"got the key '{VisibleText.Name(property.Name)}'" +
                    (NearestName.Question(property.Name, keys) is { Length: > 0 } question ? question
                        : $", expected one of {string.Join(", ", keys.Order(StringComparer.Ordinal))}"));
        return entries;
    }

    static string Got(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => value.GetArrayLength() == 0 ? "an empty list" : "a list",
        JsonValueKind.String => $"'{VisibleText.Name(value.GetString()!)}'",
        _ => VisibleText.Cut(value.GetRawText(), 40),
    };

    InvalidDataException Wrong(Entry entry, string expected) => Wrong(entry.Place, $"got {Got(entry.Value)}, expected {expected}");

    InvalidDataException Wrong(string place, string message, Exception? cause = null) =>
        new($"{_file}: {place}{(place.Length == 0 ? "" : ": ")}{message}", cause);
}
