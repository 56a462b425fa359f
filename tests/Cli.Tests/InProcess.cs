using System.Reflection;
using System.Runtime.Loader;

namespace LeoCvae.Cli.Tests;

/// <summary>
/// Runs leocvae.dll within the tests, for hundreds of short runs: what it prints is caught, standard input isn't there. Console and working
/// folder are the process's: one run at a time.
/// </summary>
static class InProcess
{
    static readonly MethodInfo Main = new Folder().LoadFromAssemblyPath(Path.Combine(Cli.Folder, "leocvae.dll")).EntryPoint!;

    public static Outcome Run(string folder, string[] arguments)
    {
        (TextWriter output, TextWriter error, string here) = (Console.Out, Console.Error, Environment.CurrentDirectory);
        using StringWriter said = new(), failed = new();
        try
        {
            Console.SetOut(said);
            Console.SetError(failed);
            Environment.CurrentDirectory = folder;
            int exitCode = Main.Invoke(null, [arguments]) switch
            {
                int code => code,
                Task<int> task => task.GetAwaiter().GetResult(),
                var other => throw new InvalidOperationException($"{other}"),
            };
            return new(exitCode, said.ToString(), failed.ToString());
        }
        finally
        {
            Environment.CurrentDirectory = here;
            Console.SetOut(output);
            Console.SetError(error);
        }
    }

    // Its libraries come from its own folder, whatever the tests have.
    sealed class Folder() : AssemblyLoadContext("leocvae")
    {
        protected override Assembly? Load(AssemblyName name) =>
            Path.Combine(Cli.Folder, name.Name + ".dll") is string path && File.Exists(path) ? LoadFromAssemblyPath(path) : null;
    }
}
