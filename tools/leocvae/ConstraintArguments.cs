using System.CommandLine;
using LeoCvae.Training;

namespace LeoCvae.Cli;

/// <summary>The options of every verb that fits models: what rows that they make must hold.</summary>
sealed class ConstraintArguments
{
    readonly Option<string> _file = Verb.Text("--constraints", "FILE.json",
        "What every generated row must hold, beside what is found in the table");
    readonly Option<bool> _none = new("--no-constraints")
    {
        Description = "Let generated rows break what holds in every row of the table"
    };

    public IReadOnlyList<Option> All => [_file, _none];

    public TrainingOptions Read(ParseResult arguments, TrainingOptions options)
    {
        (string? file, bool none) = (arguments.GetValue(_file), arguments.GetValue(_none));
        if (file is not null && none)
            throw new UsageException($"{_file.Name} and {_none.Name} exclude each other; give one of them");
        return options with { Constraints = file is null ? null : ConstraintsFile.Read(_file.Name, file), GivenConstraintsOnly = none };
    }
}
