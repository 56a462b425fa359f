using System.Text.Json.Nodes;

namespace LeoCvae.Cli;

/// <summary>Model folders out.</summary>
static class ModelIO
{
    /// <summary>Fails before long work where the folder could not be written in the end.</summary>
    public static void RequireWritable(string folder, bool overwrite)
    {
        if (!overwrite && (Directory.Exists(folder) || File.Exists(folder)))
            throw new IOException($"'{folder}' exists already; choose another place or give --overwrite");
        // Saving refuses this too, but only after the training.
        if (File.Exists(folder) || (Directory.Exists(folder) && !File.Exists(Path.Combine(folder, "generator.onnx")) && Directory.EnumerateFileSystemEntries(folder).Any()))
            throw new IOException($"'{folder}' is not a model folder; it is not overwritten");
        AtomicFile.RequireWritableFolder(folder);
    }

    public static void Save(LeoModel model, string folder, bool overwrite, Session session)
    {
        model.Save(folder, overwrite);
        long bytes = model.Files.Sum(file => file.Bytes);
        session.Say($"wrote the model to {folder} ({model.Files.Count} files, {bytes / 1024} KB)");
        session.Set("model", new JsonObject { ["folder"] = folder, ["bytes"] = bytes });
    }
}
