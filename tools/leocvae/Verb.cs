using System.CommandLine;

namespace LeoCvae.Cli;

static class ExitCode
{
    public const int Done = 0, Fault = 1, Usage = 2, Interrupted = 130;
}

/// <summary>The command's syntax is at fault.</summary>
sealed class UsageException(string message) : Exception(message);

/// <summary>A verb with the options that all verbs share; turns every failure into one line and an exit code.</summary>
abstract class Verb : Command
{
    // Values are read as text, so that a wrong value is exit code 1 and only wrong syntax is 2.
    readonly Option<string> _seed = new("--seed") { Description = "Seed of all random numbers (default 42)", HelpName = "N" };
    readonly Option<string> _threads = new("--threads")
    {
        Description = "Threads (default: all cores); results don't depend on it",
        HelpName = "N"
    };
    readonly Option<bool> _quiet = new("--quiet") { Description = "Print nothing but warnings and errors" };
    readonly Option<bool> _json = new("--json")
    {
        Description = "Print one JSON object on standard output; text for people goes to " +
        "standard error"
    };

    protected Verb(string name, string description)
        : base(name, description)
    {
        Add(_seed);
        Add(_threads);
        Add(_quiet);
        Add(_json);
        SetAction((arguments, cancellation) => Task.Run(() => Execute(arguments, cancellation), CancellationToken.None));
    }

    /// <summary>Which option sets a property of the library's options: an exception names the property, its line the option.</summary>
    public Dictionary<string, string> OptionOf { get; } = new(StringComparer.Ordinal);

    /// <summary>Prints one line on standard error.</summary>
    public static int Fail(int code, string message)
    {
        Console.Error.WriteLine(VisibleText.Line($"leocvae: {message}"));
        return code;
    }

    /// <summary>Prints what is wrong with the syntax and where help is.</summary>
    public static int Misused(string command, string message) =>
        Fail(ExitCode.Usage, $"{message.TrimEnd('.')}{(message.EndsWith('?') ? "" : ";")} try '{$"leocvae {command}".TrimEnd()} --help'");

    protected abstract void Run(ParseResult arguments, Session session);

    /// <summary>Where the verb's table goes, and what names that place; null for a verb that writes none.</summary>
    protected virtual (string Name, string? Value) Output(ParseResult arguments)
    {
        const string Out = "--out";
        return (Out, arguments.CommandResult.Command.Options.Any(option => option.Name == Out) ? arguments.GetValue<string>(Out) : null);
    }

    protected static Argument<string> Data(
        string description = "The table: .csv, .tsv, each also .gz, .parquet, or - for CSV on standard input") =>
        new("DATA") { Description = description };

    public static Option<string> Text(string name, string help, string description) =>
        new(name) { HelpName = help, Description = description };

    /// <summary>The option of the verbs that learn from labels.</summary>
    public static Option<bool> Yes() =>
        new("--yes") { Description = "Go on where the label column looks like a measurement or like names of rows" };

    public static Option<string> Groups(string description) => Text("--groups", "COLUMN", description);

    protected static Option<bool> Overwrite() => new("--overwrite") { Description = "Replace what is there already" };

    int Execute(ParseResult arguments, CancellationToken cancellation)
    {
        try
        {
            (string name, string? output) = Output(arguments);
            if (output == "-" && arguments.GetValue(_json))
                throw new UsageException($"--json and {name} - both write to standard output; use one of them");
            Session session = new(
                Values.Seed(arguments.GetValue(_seed)),
                Values.Int("--threads", arguments.GetValue(_threads), 1) ?? Environment.ProcessorCount,
                arguments.GetValue(_quiet), arguments.GetValue(_json), output == "-", cancellation);
            Run(arguments, session);
            session.Finish();
            return ExitCode.Done;
        }
        catch (OperationCanceledException)
        {
            return Fail(ExitCode.Interrupted, "interrupted; no file is half-written");
        }
        catch (UsageException e)
        {
            return Misused(Name, e.Message);
        }
        catch (AggregateException e) when (e.InnerExceptions.Count > 0)
        {
            return Fail(ExitCode.Fault, Message(e.InnerExceptions[0], OptionOf));
        }
        catch (Exception e)
        {
            return Fail(ExitCode.Fault, Message(e, OptionOf));
        }
    }

    /// <summary>What an exception says, under the name of the option that it is about.</summary>
    public static string Message(Exception e, IReadOnlyDictionary<string, string> optionOf) => e switch
    {
        ArgumentException { ParamName: string property } argument when optionOf.TryGetValue(property, out string? option) =>
            $"{option}: {Fault.Text(argument)}",
        ArgumentException argument => Fault.Text(argument),
        OutOfMemoryException => "out of memory: the table or the network is too large for this machine",
        UsageException or IOException or InvalidDataException or InvalidOperationException or UnauthorizedAccessException
            or ArithmeticException or DllNotFoundException => e.Message,
        _ => $"unexpected {e.GetType().Name}: {e.Message}; please report it",
    };
}
