namespace LeoCvae.Runtime.Tests;

/// <summary>The committed model of the breast cancer table, and that table.</summary>
static class TestModel
{
    public const string Benign = "benign", Malignant = "malignant";

    public static string Folder { get; } = Repo.File("models", "breast-cancer");

    /// <summary>The 569 rows that the model was fitted on.</summary>
    public static Table Training { get; } = TableFile.Read(Repo.File("tools", "leocvae", "Demo", "breast-cancer.csv"), "diagnosis");

    public static LeoModel Load(int threads = -1) => LeoModel.Load(Folder, new() { MaxDegreeOfParallelism = threads });

    /// <summary>A new copy of the folder's files.</summary>
    public static Dictionary<string, byte[]> Files() => Directory.EnumerateFiles(Folder)
        .ToDictionary(file => Path.GetFileName(file), File.ReadAllBytes);

    public static void Write(Dictionary<string, byte[]> files, string folder)
    {
        Directory.CreateDirectory(folder);
        foreach ((string name, byte[] bytes) in files)
            File.WriteAllBytes(Path.Combine(folder, name), bytes);
    }

    /// <summary>Some of the training rows, in this order.</summary>
    public static Table Pick(IEnumerable<int> rows) => TestTables.Pick(Training, rows);

    public static Dictionary<string, int> Counts(int malignant, int benign) => new() { [Malignant] = malignant, [Benign] = benign };

    /// <summary>The same rows in the same order, bit for bit, from the same seeds.</summary>
    public static void AreSame(Table expected, Table actual)
    {
        Assert.AreEqual(expected.RealRows, actual.RealRows);
        Assert.AreSequenceEqual(Enumerable.Range(0, expected.RowCount).Select(expected.Label),
            Enumerable.Range(0, actual.RowCount).Select(actual.Label));
        Assert.AreSequenceEqual(Enumerable.Range(0, expected.RowCount).Select(expected.SourceRow),
            Enumerable.Range(0, actual.RowCount).Select(actual.SourceRow));
        Assert.IsTrue(expected.Values.SequenceEqual(actual.Values), "values differ");
    }
}
