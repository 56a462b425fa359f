namespace LeoCvae;

public sealed unsafe partial class HnswIndex
{
    /// <summary>Writes the index, little-endian and with checksums, from the stream's position on.</summary>
    /// <param name="target">A stream that can be written; it stays open.</param>
    /// <exception cref="ObjectDisposedException">The index was disposed of.</exception>
    public void Save(Stream target)
    {
        ArgumentNullException.ThrowIfNull(target);
        using HeldGraph held = Enter();
        HnswFile.Save(held.Graph, target);
    }

    /// <summary>Reads an index into memory, from the stream's position to the index's end, and checks all of it.</summary>
    /// <param name="source">A stream that can be read; it stays open.</param>
    /// <exception cref="InvalidDataException">Not such a file, another version, cut short, or damaged.</exception>
    public static HnswIndex Load(Stream source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return new(HnswFile.Load(source));
    }

    /// <summary>
    /// The same of an index that must have so many columns, and rows where they are given: another's size is refused before it is read.
    /// </summary>
    internal static HnswIndex LoadSized(Stream source, int? columns, int? rows) => new(HnswFile.Load(source, columns, rows));

    /// <summary>
    /// Opens an index where it lies: the file is mapped into memory and only what searches touch is read. The header is checked now, links
    /// as they are followed, so a damaged file can't lead out of it; <see cref="Verify"/> checks all. The file must not be cut short while
    /// it is open.
    /// </summary>
    /// <param name="path">A file that <see cref="Save"/> wrote.</param>
    /// <exception cref="InvalidDataException">Not such a file, another version, cut short, or a damaged header.</exception>
    /// <exception cref="IOException">The file can't be read or mapped.</exception>
    public static HnswIndex Open(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return new(HnswFile.Open(path));
    }

    /// <summary>
    /// Checks an opened index as <see cref="Load"/> does: reads the whole file once. An index that wasn't opened is sound.
    /// </summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    /// <exception cref="ObjectDisposedException">The index was disposed of.</exception>
    public void Verify()
    {
        using HeldGraph held = Enter();
        if (held.Graph.Memory is MappedMemory)
            HnswFile.CheckBody(held.Graph);
    }
}
