namespace LeoCvae.Tests;

static class Expect
{
    /// <summary>Exactly this exception, whose message holds all these parts.</summary>
    public static T Throws<T>(Func<object?> make, params string[] parts) where T : Exception => Throws<T>(() => { make(); }, parts);

    /// <summary>Exactly this exception, whose message, after the parameter's name where one is at fault, holds all these parts.</summary>
    public static T Throws<T>(Action action, params string[] parts) where T : Exception
    {
        T exception = Assert.ThrowsExactly<T>(action);
        string message = exception is ArgumentException { ParamName: string parameter } ? $"{parameter}: {exception.Message}"
            : exception.Message;
        foreach (string part in parts)
            Assert.Contains(part, message);
        return exception;
    }
}
