using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace LeoCvae;

/// <summary>The parts of one table in a folder.</summary>
sealed class ShardSet
{
    readonly string _folder;
    readonly ShardReceipt?[] _receipts;
    readonly bool[] _hasFile;

    ShardSet(string folder, string name, int count)
    {
        (_folder, Name, _receipts, _hasFile) = (folder, name, new ShardReceipt?[count], new bool[count]);
    }

    /// <summary>What the names of the parts begin with.</summary>
    public string Name { get; }

    /// <summary>How many parts there should be.</summary>
    public int Count => _receipts.Length;

    /// <summary>Rows of the parts that have receipts.</summary>
    public long Rows => _receipts.Sum(receipt => receipt?.Rows ?? 0);

    /// <summary>The sets in a folder, by name.</summary>
    /// <exception cref="ArgumentException">There is no such folder, or no part in it.</exception>
    public static ShardSet[] Read(string folder)
    {
        if (!Directory.Exists(folder))
            throw LeoCvae.Fault.Argument(nameof(folder), $"no such folder: '{folder}'");
        Dictionary<(string, int), ShardSet> sets = [];
        foreach (string path in Directory.EnumerateFiles(folder))
            if (ShardNames.Read(Path.GetFileName(path)) is (string stem, Shard shard))
            {
                if (!sets.TryGetValue((stem, shard.Count), out ShardSet? set))
                    sets.Add((stem, shard.Count), set = new(folder, stem, shard.Count));
                if (!path.EndsWith(ShardNames.Receipt, StringComparison.OrdinalIgnoreCase))
                    set._hasFile[shard.Index] = true;
                else if (ShardReceipt.Read(path) is { } receipt && receipt.Shard == shard)
                    set._receipts[shard.Index] = receipt;
            }
        return sets.Count > 0 ? [.. sets.Values.OrderBy(set => set.Name, StringComparer.Ordinal).ThenBy(set => set.Count)]
            : throw LeoCvae.Fault.Argument(nameof(folder), $"'{folder}' holds no parts of a table, expected NAME-00000-of-00064.csv and " +
                $"so on with their receipts, as --shard I/N writes them");
    }

    /// <summary>What is wrong, a sentence for each kind of fault; none where the parts are whole and belong together.</summary>
    /// <param name="hasFiles">Whether the files are looked at, too, byte by byte.</param>
    /// <param name="progress">Receives how many parts were looked at.</param>
    /// <param name="cancellation">Stops between parts.</param>
    public List<string> Faults(bool hasFiles, IProgress<long>? progress = null, CancellationToken cancellation = default)
    {
        // By what is wrong: a thousand parts that are missing are one fault.
        Dictionary<string, List<int>> faults = [];
        void Add(string what, int part)
        {
            if (!faults.TryGetValue(what, out List<int>? parts))
                faults.Add(what, parts = []);
            parts.Add(part);
        }
        ShardReceipt? first = _receipts.FirstOrDefault(receipt => receipt is not null);
        Dictionary<string, (int Part, string How)> found = [];
        long row = 0;
        for (int part = 0; part < Count; part++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (_receipts[part] is not { } receipt)
            {
                Add(_hasFile[part] ? "not finished (no whole receipt)" : "missing", part);
                row = -1;
                continue;
            }
            if (receipt.Difference(first!.Run) is string difference)
                Add($"of another run than part {first.Shard.Index} ({difference})", part);
            else if (row >= 0 && receipt.FirstRow != row)
                Add($"its rows don't follow those of the part before it", part);
            if (receipt.File is string file && (Path.GetFileName(file) != file || ShardNames.Read(file)?.Shard != receipt.Shard))
                Add("its receipt names another file", part);
            else if (hasFiles && receipt.Fault(_folder) is string fault)
                Add(fault, part);
            foreach ((string what, JsonNode? how) in receipt.Found)
                if (!found.TryAdd(what, (part, how!.ToString())) && found[what].How != how!.ToString())
                    Add($"{what}: '{how}', but '{found[what].How}' in part {found[what].Part}; --schema says how to read them", part);
            row = row < 0 ? row : receipt.FirstRow + receipt.Rows;
            progress?.Report(part + 1);
        }
        return [.. faults.Select(fault => $"{(fault.Value.Count == 1 ? "part" : "parts")} {NumberRanges.Text(fault.Value)}: {fault.Key}")];
    }

    /// <summary>Fails where the table would not be of a file's format.</summary>
    /// <exception cref="ArgumentException">It is of another one.</exception>
    public void RequireFormat(string path)
    {
        if (path != "-" && FileOf() is string file && TableFile.IsParquetName(file) != TableFile.IsParquetName(path))
            throw LeoCvae.Fault.Argument(nameof(path), $"'{path}': the parts are of another format, as {file}; leocvae convert changes a " +
                $"table's format");
    }

    /// <summary>Writes the whole table: what one process would have written, byte for byte.</summary>
    /// <param name="stream">Receives it.</param>
    /// <param name="progress">Receives how many parts are written.</param>
    /// <param name="cancellation">Stops between parts.</param>
    /// <exception cref="InvalidDataException">A part isn't whole, or they don't belong together; what stands before it is written
    /// already.</exception>
    public void Concat(Stream stream, IProgress<long>? progress = null, CancellationToken cancellation = default)
    {
        if (Faults(hasFiles: false, null, cancellation) is [string fault, ..] faults)
            throw Broken(faults.Count == 1 ? fault : $"{fault}; and {faults.Count - 1} more");
        if (FileOf() is not string file)
            throw Broken("no part has a file");
        if (TableFile.IsParquetName(file))
            WriteParquet(stream, progress, cancellation);
        else
            WriteTexts(stream, progress, cancellation);
    }

    string? FileOf() => _receipts.FirstOrDefault(receipt => receipt?.File is not null)?.File;

    void WriteTexts(Stream stream, IProgress<long>? progress, CancellationToken cancellation)
    {
        byte[] buffer = new byte[1 << 16];
        byte[]? header = null;
        foreach (ShardReceipt receipt in _receipts!)
        {
            cancellation.ThrowIfCancellationRequested();
            if (receipt.File is not null)
                WriteText(receipt);
            progress?.Report(receipt.Shard.Index + 1);
        }

        void WriteText(ShardReceipt receipt)
        {
            string file = Path.Combine(_folder, receipt.File!);
            using FileStream packed = Open(receipt, file);
            using HashedStream hashed = new(packed);
            using (Stream content = TableFile.Unpacked(file, hashed))
            {
                byte[] own = new byte[receipt.HeaderBytes];
                if (content.ReadAtLeast(own, own.Length, throwOnEndOfStream: false) < own.Length
                    || !own.AsSpan().SequenceEqual(header ??= own))
                    throw Broken($"part {receipt.Shard.Index}: its header is another one");
                if (header == own)
                    stream.Write(own);
                for (int read; (read = content.Read(buffer)) > 0;)
                    stream.Write(buffer, 0, read);
                if (hashed.Sha256() != receipt.Sha256)
                    throw Broken($"part {receipt.Shard.Index}: its file has other bytes than those written");
            }
        }
    }

    void WriteParquet(Stream stream, IProgress<long>? progress, CancellationToken cancellation)
    {
        ParquetOutput? output = null;
        IReadOnlyList<ParquetColumn> columns = [];
        foreach (ShardReceipt receipt in _receipts!)
        {
            if (receipt.File is string name)
            {
                if (receipt.Fault(_folder) is string fault)
                    throw Broken($"part {receipt.Shard.Index}: {fault}");
                string path = Path.Combine(_folder, name);
                using ParquetFile file = ParquetFile.Open(File.OpenRead(path), path);
                if (output is null)
                    (columns, output) = (file.Columns, ParquetDocument.Output(stream, file, [.. file.Columns]));
                else if (!columns.SequenceEqual(file.Columns))
                    throw Broken($"part {receipt.Shard.Index}: its columns are others than those of the parts before it");
                for (int group = 0; group < file.Groups.Count; group++)
                    output.Write(file.Groups[group], column => file.Read(group, column), cancellation);
            }
            progress?.Report(receipt.Shard.Index + 1);
        }
        output!.Finish();
    }

    FileStream Open(ShardReceipt receipt, string file) => FilePlace.Kind(file) == FileKind.File ? File.OpenRead(file)
        : throw Broken($"part {receipt.Shard.Index}: its file is missing");

    InvalidDataException Broken(string what) => new($"'{Name}' in {_folder}: {what}; run the part again");

    // The hash of all that is read through it, to its end.
    sealed class HashedStream(Stream file) : ForwardStream
    {
        readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        public override int Read(Span<byte> buffer)
        {
            int read = file.Read(buffer);
            _hash.AppendData(buffer[..read]);
            return read;
        }

        public string Sha256()
        {
            byte[] rest = new byte[1 << 12];
            while (Read(rest) > 0)
            {
            }
            return Convert.ToHexStringLower(_hash.GetHashAndReset());
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                _hash.Dispose();
            base.Dispose(disposing);
        }
    }
}
