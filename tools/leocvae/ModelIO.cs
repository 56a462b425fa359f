using System.Text.Json.Nodes;

namespace LeoCvae.Cli;

/// <summary>Model folders out.</summary>
static class ModelIO
{
    /// <summary>Fails before long work where the folder could not be written in the end.</summary>
    public static void RequireWritable(string folder, bool overwrite)
    {
        // A model is several files: it has no place on standard output.
        Values.RequirePath("model", folder, "folder");
        if (!overwrite && FilePlace.Kind(folder) != FileKind.Missing)
            throw Values.Taken(folder);
        LeoModel.RequireFree(folder, overwrite);
        AtomicFile.RequireWritableFolder(folder);
    }

    public static void Save(LeoModel model, string folder, bool overwrite, Session session)
    {
        model.Save(folder, overwrite, session.Cancellation);
        // Asked for once: it hashes every file.
        IReadOnlyList<(string Name, long Bytes, string Sha256)> files = model.Files;
        long bytes = files.Sum(file => file.Bytes);
        session.Say($"wrote the model to {folder} ({files.Count} files, {bytes / 1024} KB)");
        session.Set("model", new JsonObject { ["folder"] = folder, ["bytes"] = bytes });
    }
}
