using System.Globalization;
using System.Runtime.CompilerServices;

namespace LeoCvae;

/// <summary>
/// Exceptions for what a caller got wrong: what was got and what was expected, numbers in the invariant culture. The parameter or the
/// option's property is the exception's <see cref="ArgumentException.ParamName"/>, not part of the text, so that a program can put its own
/// name for it.
/// </summary>
static class Fault
{
    public static ArgumentException Argument(string parameter, InvariantText message) => new(message.ToStringAndClear(), parameter);

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

/// <summary>An interpolated string, or a sum of such, with numbers in the invariant culture.</summary>
[InterpolatedStringHandler]
ref struct InvariantText(int literals, int values)
{
    DefaultInterpolatedStringHandler _text = new(literals, values, CultureInfo.InvariantCulture);

    public void AppendLiteral(string text) => _text.AppendLiteral(text);

    public void AppendFormatted<T>(T value) => _text.AppendFormatted(value);

    public void AppendFormatted<T>(T value, string? format) => _text.AppendFormatted(value, format);

    public string ToStringAndClear() => _text.ToStringAndClear();
}
