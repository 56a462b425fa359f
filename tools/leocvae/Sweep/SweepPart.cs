using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using LeoCvae.Evaluation;

namespace LeoCvae.Cli;

/// <summary>
/// The result of a task as a file: a JSON object of its receipt, its unit, and last the SHA-256 of all that stands before, by which a file
/// that was cut off or changed is told.
/// </summary>
static class SweepPart
{
    const string Hash = ",\"sha256\":\"", End = "\"}\n";
    const int HashLength = 64;

    static readonly int Tail = Hash.Length + HashLength + End.Length;

    /// <summary>The name of a task's file.</summary>
    public static string FileName(int task) => string.Create(CultureInfo.InvariantCulture, $"task-{task:D6}.json");

    /// <summary>Writes a part.</summary>
    public static void Write(string path, SweepReceipt receipt, EvaluationUnit unit)
    {
        byte[] content = [.. "{\"receipt\":"u8, .. JsonSerializer.SerializeToUtf8Bytes(receipt, SweepContext.Default.SweepReceipt),
            .. ",\"unit\":"u8, .. unit.ToJson()];
        AtomicFile.Write(path, overwrite: true, stream =>
        {
            stream.Write(content);
            stream.Write(Encoding.ASCII.GetBytes($"{Hash}{ModelPackage.Hash(content)}{End}"));
        });
    }

    /// <summary>What a task needs to know of its part; whether it is of this plan is for <see cref="SweepReceipt.Require"/>.</summary>
    /// <returns>The part; null where there is none, or where it is damaged.</returns>
    public static (SweepReceipt Receipt, EvaluationUnit Unit)? Read(string path, out bool isDamaged)
    {
        isDamaged = false;
        if (FilePlace.Kind(path) == FileKind.Missing)
            return null;
        isDamaged = true;
        byte[] bytes = File.ReadAllBytes(path);
        if (bytes.Length < Tail)
            return null;
        ReadOnlySpan<byte> content = bytes.AsSpan(0, bytes.Length - Tail);
        string tail = $"{Hash}{ModelPackage.Hash(content)}{End}";
        if (!bytes.AsSpan(content.Length).SequenceEqual(Encoding.ASCII.GetBytes(tail)))
            return null;
        try
        {
            SweepFile file = JsonSerializer.Deserialize(bytes, SweepContext.Default.SweepFile)!;
            EvaluationUnit unit = EvaluationUnit.FromJson(Encoding.UTF8.GetBytes(file.Unit.GetRawText()));
            isDamaged = false;
            return (file.Receipt, unit);
        }
        catch (Exception e) when (e is JsonException or InvalidDataException)
        {
            return null;
        }
    }
}

/// <summary>All of a part.</summary>
sealed record SweepFile(SweepReceipt Receipt, JsonElement Unit, string Sha256);

/// <summary>What a part was made of. Immutable.</summary>
/// <param name="PlanSha256">SHA-256 of the plan's file.</param>
/// <param name="Task">Number of the task.</param>
/// <param name="Run">Name of the evaluation.</param>
/// <param name="Seed">Its seed.</param>
/// <param name="Repeat">Number of the repeat, from 0.</param>
/// <param name="Fold">Number of the fold, from 0.</param>
/// <param name="Method">Name of the method.</param>
/// <param name="Inputs">The files read: the table, and what says how.</param>
/// <param name="Version">Version of the software.</param>
sealed record SweepReceipt(string PlanSha256, int Task, string Run, ulong Seed, int Repeat, int Fold, string Method,
    IReadOnlyList<SweepInput> Inputs, string Version)
{
    /// <summary>Fails where a part was made of anything else than this.</summary>
    /// <param name="part">The part.</param>
    /// <param name="plan">The plan's file.</param>
    /// <param name="found">The part's receipt.</param>
    /// <exception cref="InvalidDataException">It was; the message says of what.</exception>
    public void Require(string part, string plan, SweepReceipt found)
    {
        const string Advice = "give another folder or --overwrite";
        if (found.Version != Version)
            throw new InvalidDataException($"'{part}' was made by version {VisibleText.Name(found.Version)}, this is {Version}; {Advice}");
        if (found.PlanSha256 != PlanSha256)
            throw new InvalidDataException(
                $"'{part}' is of another plan (SHA-256 {Cut(found.PlanSha256)}) than {plan} ({Cut(PlanSha256)}); {Advice}");
        foreach ((SweepInput input, SweepInput other) in Inputs.Zip(found.Inputs))
            if (input != other)
                throw new InvalidDataException($"'{part}' was made of another '{VisibleText.Name(other.File)}' (SHA-256 " +
                    $"{Cut(other.Sha256)}) than there is now ({Cut(input.Sha256)}); {Advice}");
        if (found.Task != Task)
            throw new InvalidDataException($"'{part}' is task {found.Task} of the plan, expected task {Task}; {Advice}");
    }

    static string Cut(string hash) => VisibleText.Name(hash[..Math.Min(hash.Length, 12)]);
}

/// <summary>A file that was read.</summary>
/// <param name="File">As the plan names it.</param>
/// <param name="Sha256">SHA-256 of its bytes.</param>
sealed record SweepInput(string File, string Sha256);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(SweepFile))]
sealed partial class SweepContext : JsonSerializerContext;
