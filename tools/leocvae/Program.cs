using System.CommandLine;
using System.Runtime.InteropServices;
using LeoCvae.Cli;

// A file that may not grow any more (ulimit -f) is then an error of the write, rather than the end of the process.
const PosixSignal FileSizeExceeded = (PosixSignal)25;
// Kept to the very end: it may come after the write has failed.
PosixSignalRegistration? heard = OperatingSystem.IsWindows() ? null
    : PosixSignalRegistration.Create(FileSizeExceeded, signal => signal.Cancel = true);

// Exit codes: 0 done, 1 a value, a file or the data is at fault, 2 the command's syntax is, 130 interrupted.
RootCommand root = new("LeoCvae: entropy-guided oversampling of imbalanced tables (LEO-CVAE, arXiv 2509.25334)")
{
    new TrainVerb(), new OversampleVerb(), new GenerateVerb(), new ScoreVerb(), new IndexVerb(), new EmbedVerb(), new EvaluateVerb(),
        new SweepVerb(), new InspectVerb(), new ConvertVerb(), new VerifyVerb(), new ConcatVerb(), new DemoVerb(),
};
if (args.Length == 0)
{
    // Like git and dotnet: help for people, a failure for scripts.
    await root.Parse("--help").InvokeAsync();
    return ExitCode.Usage;
}
// A file, a class or a column may be named @x: it is no response file.
ParseResult parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
if (parsed.Errors.Count > 0)
{
    Command verb = parsed.CommandResult.Command;
    string errors = string.Join("; ", parsed.Errors.Select(error => error.Message.TrimEnd('.')));
    string? meant = parsed.UnmatchedTokens.Select(token => Typo.Meant(token, verb)).FirstOrDefault(name => name is not null);
    return Verb.Misused(verb == root ? "" : verb.Name, meant is null ? errors : $"{errors}; did you mean '{meant}'?");
}
int exitCode = await parsed.InvokeAsync(new InvocationConfiguration
{
    EnableDefaultExceptionHandler = false,
    ProcessTerminationTimeout = TimeSpan.FromSeconds(10)
});
GC.KeepAlive(heard);
return exitCode;
