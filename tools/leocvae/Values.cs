using System.Globalization;
using System.Text;

namespace LeoCvae.Cli;

/// <summary>Reads option values; a wrong one is named with what was expected.</summary>
static class Values
{
    public static ulong Seed(string? text) => text is null ? LeoModel.DefaultSeed
        : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed) ? seed
        : throw new ArgumentException($"--seed: got '{text}', expected a whole number from 0 to {ulong.MaxValue}");

    /// <summary>Reads an option's value with the library's own reader; its complaint is put under the option's name.</summary>
    public static T Read<T>(string option, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (ArgumentException e)
        {
            throw new ArgumentException($"{option}: {Fault.Text(e)}", e);
        }
    }

    /// <summary>An output is there already, and may not be replaced.</summary>
    public static IOException Taken(string path, Exception? cause = null) =>
        new($"'{path}' exists already; choose another place or give --overwrite", cause);

    /// <summary>Fails where an output that isn't a table has no name, or that of standard output.</summary>
    public static void RequirePath(string name, string path, string kind)
    {
        if (path is "" or "-")
            throw new ArgumentException($"{name}: got '{path}', expected a {kind}'s path");
    }

    /// <summary>The text of a file that an option names.</summary>
    public static string Content(string option, string file)
    {
        RequirePath(option, file, "file");
        if (FilePlace.Kind(file) is FileKind.Missing or FileKind.Folder)
            throw new FileNotFoundException($"{option}: no such file: '{file}'");
        return File.ReadAllText(file, Encoding.UTF8);
    }

    public static int? Int(string option, string? text, int minimum = int.MinValue, int maximum = int.MaxValue) =>
        (int?)Long(option, text, minimum, maximum);

    public static long? Long(string option, string? text, long minimum = long.MinValue, long maximum = long.MaxValue) => text is null ? null
        : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) && value >= minimum
            && value <= maximum ? value
        : throw new ArgumentException($"{option}: got '{text}', expected a whole " +
            $"number{(minimum > int.MinValue ? $" of at least {minimum}" : "")}{(maximum < long.MaxValue ? $", at most {maximum}" : "")}");

    public static double? Number(string option, string? text) => text is null ? null
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) ? value
        : throw new ArgumentException($"{option}: got '{text}', expected a number");

    /// <summary>Names separated by commas; one that holds a comma stands in quotes, as in CSV.</summary>
    public static string[] Names(string option, string text)
    {
        List<string> names = [];
        StringBuilder name = new();
        bool isQuoted = false;
        for (int i = 0; i <= text.Length; i++)
        {
            bool isEnd = i == text.Length;
            if (!isEnd && text[i] == '"' && (isQuoted || name.Length == 0))
            {
                // A doubled quote is a quote.
                if (isQuoted && i + 1 < text.Length && text[i + 1] == '"')
                    name.Append(text[++i]);
                else
                    isQuoted = !isQuoted;
            }
            else if (isEnd ? !isQuoted : !isQuoted && text[i] == ',')
            {
                if (name.Length == 0)
                    throw new ArgumentException($"{option}: got '{text}' with an empty name, expected names separated by commas");
                names.Add(name.ToString());
                name.Clear();
            }
            else if (isEnd)
                throw new ArgumentException($"{option}: got '{text}' with a quote that is never closed, expected names separated by " +
                    $"commas");
            else
                name.Append(text[i]);
        }
        return [.. names];
    }
}
