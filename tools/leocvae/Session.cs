using System.Text.Json.Nodes;
using Spectre.Console;

namespace LeoCvae.Cli;

/// <summary>One run of a verb: the shared options, and what is said to people and machines.</summary>
sealed class Session
{
    const int FileWidth = 10000;

    readonly bool _quiet;
    readonly TextWriter _text;
    readonly IAnsiConsole _console;
    readonly JsonObject? _json;
    readonly JsonArray _warnings = [];

    public Session(ulong seed, int threads, bool quiet, bool json, bool dataOnOutput, CancellationToken cancellation)
    {
        (Seed, Threads, _quiet, Cancellation) = (seed, threads, quiet, cancellation);
        _json = json ? [] : null;
        // Standard output belongs to the data or the JSON object where there is one.
        _text = json || dataOnOutput ? Console.Error : Console.Out;
        _console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(_text) });
        // A file has no width: nothing in it is wrapped, so that it can be searched.
        if (!IsTerminal)
            _console.Profile.Width = FileWidth;
    }

    public ulong Seed { get; }

    /// <summary>The same run where nothing but warnings is to be said.</summary>
    public Session Quiet() => new(Seed, Threads, quiet: true, json: false, dataOnOutput: false, Cancellation);

    public int Threads { get; }

    public CancellationToken Cancellation { get; }

    bool IsTerminal => _text == Console.Out ? !Console.IsOutputRedirected : !Console.IsErrorRedirected;

    public RuntimeOptions RuntimeOptions => new() { MaxDegreeOfParallelism = Threads };

    /// <summary>A line for people.</summary>
    public void Say(string line)
    {
        if (!_quiet)
            _text.WriteLine(VisibleText.Line(line));
    }

    /// <summary>A line on standard error, quiet or not, and an entry in the JSON object.</summary>
    public void Warn(string line)
    {
        _warnings.Add((JsonNode)VisibleText.Line(line));
        Console.Error.WriteLine(VisibleText.Line($"warning: {line}"));
    }

    /// <summary>A table for people.</summary>
    public void Show(IEnumerable<string> header, IEnumerable<IEnumerable<string>> rows)
    {
        if (_quiet)
            return;
        Spectre.Console.Table table = new() { Border = TableBorder.Rounded };
        foreach (string name in header)
            table.AddColumn(new Spectre.Console.TableColumn(new Text(VisibleText.Name(name))));
        foreach (IEnumerable<string> row in rows)
            table.AddRow(row.Select(cell => new Text(VisibleText.Name(cell))));
        _console.Write(table);
    }

    /// <summary>A property of the JSON object.</summary>
    public void Set(string name, JsonNode? value)
    {
        if (_json is not null)
            _json[name] = value;
    }

    /// <summary>Runs long work under a progress bar on a terminal; elsewhere the work's own lines are printed.</summary>
    /// <param name="title">What is being done.</param>
    /// <param name="work">Reports (share done, line); a null line is for the bar only.</param>
    public T Progress<T>(string title, Func<Action<double, string?>, T> work)
    {
        if (_quiet)
            return work((_, _) => { });
        if (!IsTerminal)
            return work((_, line) =>
            {
                if (line is not null)
                    _text.WriteLine(VisibleText.Line($"{title}: {line}"));
            });
        return _console.Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context =>
        {
            ProgressTask task = context.AddTask(Markup.Escape(title), maxValue: 1);
            // The lines would squeeze the bar to nothing in 80 columns.
            return work((share, _) => task.Value = share);
        });
    }

    public void Finish()
    {
        if (_json is null)
            return;
        Set("warnings", _warnings);
        Set("seed", Seed);
        Console.Out.WriteLine(_json.ToJsonString());
    }
}
