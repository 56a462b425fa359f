using System.CommandLine;
using LeoCvae.Cli;

// Exit codes: 0 done, 1 a value, a file or the data is at fault, 2 the command's syntax is, 130 interrupted.
RootCommand root = new("LeoCvae: entropy-guided oversampling of imbalanced tables (LEO-CVAE, arXiv 2509.25334)")
{
    new TrainVerb(), new OversampleVerb(), new GenerateVerb(), new ScoreVerb(), new EmbedVerb(), new EvaluateVerb(), new InspectVerb(), new DemoVerb(),
};
ParseResult parsed = root.Parse(args);
if (parsed.Errors.Count > 0)
    return Verb.Misused(parsed.CommandResult.Command == root ? "" : parsed.CommandResult.Command.Name, string.Join("; ", parsed.Errors.Select(error => error.Message.TrimEnd('.'))));
return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(10) });
