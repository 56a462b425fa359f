using System.Globalization;

namespace LeoCvae.Cli;

/// <summary>Numbers of tasks as Slurm writes them, 0,3-7: single ones and ranges.</summary>
static class TaskNumbers
{
    /// <summary>Reads them, in order, each once.</summary>
    /// <param name="option">The option that names them.</param>
    /// <param name="text">The numbers.</param>
    /// <param name="tasks">How many tasks there are.</param>
    public static IReadOnlyList<int> Read(string option, string text, int tasks)
    {
        SortedSet<int> numbers = [];
        foreach (string part in text.Split(','))
        {
            string[] ends = part.Split('-');
            if (ends.Length > 2 || !TryRead(ends[0], out int first) || !TryRead(ends[^1], out int last) || first > last)
                throw new ArgumentException($"{option}: got '{text}', expected the number of a task, or several such as 0,3-7");
            if (last >= tasks)
                throw new ArgumentException($"{option}: got {last}, expected numbers from 0 to {tasks - 1}: the plan has {tasks} tasks");
            for (int number = first; number <= last; number++)
                numbers.Add(number);
        }
        return [.. numbers];
    }

    static bool TryRead(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
