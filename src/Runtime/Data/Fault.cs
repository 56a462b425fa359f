using System.Globalization;

namespace LeoCvae;

/// <summary>
/// Exceptions for what a caller got wrong: what was got and what was expected, numbers in the invariant culture. The parameter or the
/// option's property is the exception's <see cref="ArgumentException.ParamName"/>, not part of the text, so that a program can put its own
/// name for it.
/// </summary>
static class Fault
{
    public static ArgumentException Argument(string parameter, FormattableString message) =>
        new(message.ToString(CultureInfo.InvariantCulture), parameter);

    /// <summary>What an exception says, without the name of its parameter.</summary>
    public static string Text(ArgumentException e) =>
        e.ParamName is string name ? e.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal) : e.Message;

    /// <summary>Fails where an option is out of its range.</summary>
    public static void Unless(bool holds, string property, object? value, string expected)
    {
        if (!holds)
            throw Argument(property, $"got {value}, expected {expected}");
    }
}
