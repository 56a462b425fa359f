using System.CommandLine;

namespace LeoCvae.Cli;

/// <summary>Finds what a mistyped verb or option was meant to be.</summary>
static class Typo
{
    /// <summary>The verb or option of a command that is written most like a word, or null where none is.</summary>
    public static string? Meant(string word, Command command)
    {
        if (!word.StartsWith('-'))
            return NearestName.Of(word, command.Subcommands.Select(verb => verb.Name));
        string[] names = [.. command.Options.Select(option => option.Name)];
        // An option may stop early, as many tools allow.
        return NearestName.Of(word, names)
            ?? (word.Length > 3 ? names.FirstOrDefault(name => name.StartsWith(word, StringComparison.Ordinal)) : null);
    }
}
