using System.Globalization;

namespace LeoCvae.Cli;

/// <summary>
/// Which of many equal tasks this process is, by the environment: SLURM_ARRAY_TASK_ID in a Slurm array, JOB_COMPLETION_INDEX in a
/// Kubernetes Indexed Job. Read only where an option asks for it.
/// </summary>
static class EnvironmentIndex
{
    static readonly string[] Names = ["SLURM_ARRAY_TASK_ID", "JOB_COMPLETION_INDEX"];

    /// <summary>The index, from 0.</summary>
    /// <param name="option">The option that asks for it.</param>
    /// <exception cref="ArgumentException">No such variable is set, two that differ are, or one is no index.</exception>
    public static int Read(string option)
    {
        (string Name, string Text)[] set = [.. Names.Select(name => (name, Environment.GetEnvironmentVariable(name) ?? ""))
            .Where(variable => variable.Item2.Length > 0)];
        if (set.Length == 0)
            throw new ArgumentException($"{option}: {string.Join(" and ", Names)} are not set, expected one of them: the index in a " +
                $"Slurm array or in a Kubernetes Indexed Job");
        int[] indices = [.. set.Select(variable =>
            int.TryParse(variable.Text, NumberStyles.None, CultureInfo.InvariantCulture, out int index) ? index
            : throw new ArgumentException($"{option}: got '{variable.Text}' in {variable.Name}, expected a whole number of at least 0"))];
        return indices.Distinct().Count() == 1 ? indices[0]
            : throw new ArgumentException(
                $"{option}: got {indices[0]} in {set[0].Name} and {indices[1]} in {set[1].Name}, expected the same index in both");
    }

    /// <summary>How many tasks there are, of a Slurm array whose indices are all of 0 to one less.</summary>
    /// <param name="option">The option that asks for it.</param>
    /// <exception cref="ArgumentException">This isn't known: tasks of an array that are run again are an array of their
    /// own.</exception>
    public static int Count(string option)
    {
        const string Count = "SLURM_ARRAY_TASK_COUNT", Last = "SLURM_ARRAY_TASK_MAX";
        (string? count, string? last) = (Environment.GetEnvironmentVariable(Count), Environment.GetEnvironmentVariable(Last));
        return int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out int all)
            && int.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out int end) && end == all - 1 ? all
            : throw new ArgumentException($"{option}: got '{count}' in {Count} and '{last}' in {Last}, expected an array of 0 to one " +
                $"less than its count; {option} N says how many parts there are");
    }
}
