using System.Text;

namespace LeoCvae.Runtime.Tests;

/// <summary>Seeded fuzzers of all readers of files (LEOCVAE_FUZZ=100000 tries that many): a result, or a fault that is said.</summary>
[TestClass]
public class ReaderFuzzTests
{
    static readonly byte[][] Texts = [.. new[]
    {
        "a,b,y\n1,2.5,p\n3,4,q\n-5,6e2,p\n", "name,when,y\n\"x, \"\"1\"\"\",2024-01-01,p\nz,2024-02-29,q\n,NA,p\n",
        "a;b;y\r\n1,5;\"two\r\nlines\";p\r\n2,5;x;q\r\n", "id\tcode\ty\nr1\t007\tp\nr2\t008\tq\nr3\t009\tp\n", "\uFEFFa,y\r1,p\r\r2,q\r",
        "größe,t,y\n1,2024-01-01T10:00+01:00,ä\n2,2024-01-02T10:00+01:00,ö\n", "\"a b\",\"c\"\n\"1\",\"\"\n\"\",\"2\"\n",
        "a,b\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"{i}.25,{(i % 2 == 0 ? "x" : "y")}\n")),
    }.Select(Encoding.UTF8.GetBytes)];

    static readonly byte[][] TextParts = [.. new[]
    {
        ",", ";", "\t", "\"", "\"\"", "\n", "\r\n", "\r", "\n\n", " ", "\0", "\uFEFF", "'", "1e999", "1e-400", "NA", "null", "inf", "nan",
        "9007199254740993", "00", "-", "+", ".", "2024-02-30", "1/2/2024", "=1+1", "#", "\u202E", "😀", "a,b,y\n", "true", "\\\"",
    }.Select(Encoding.UTF8.GetBytes), [0xFF, 0xFE], [0xC3], [0xED, 0xA0, 0x80], [0x1F, 0x8B]];

    static readonly byte[][] SchemaParts = [.. new[]
    {
        "\"", "{", "}", "[", "]", ",", ":", "null", "1e999", "true", "\\u0000", "\\ud800", "kind", "'", "%", "\\", "[[[[", "\"kind\": 1,",
        "\"columns\": ", "'Z'", "fffffff", "ddd", "-1", "99999999999",
    }.Select(Encoding.UTF8.GetBytes)];

    static readonly byte[][] ModelParts =
        [[0], [0xFF], "{"u8.ToArray(), "leocvae."u8.ToArray(), [0xFF, 0xFF, 0xFF, 0xFF, 0x0F], [0x0A, 0x00]];

    [TestMethod]
    public void A_text_table_is_read_or_refused() => Mutations.Try(4000, Texts, TextParts, bytes =>
    {
        SourceOptions? source = bytes.Length % 3 == 0 ? new() { Delimiter = ';', HasDecimalComma = true } : null;
        TableDocument document = TableFile.ReadDocument(new MemoryStream(bytes), "t.csv", labels: LabelUse.Optional, source: source);
        Assert.IsGreaterThan(0, document.Table.RowCount);
        // Real rows are written as they are.
        using MemoryStream once = new(), twice = new();
        document.Write(once);
        TableFile.ReadDocument(new MemoryStream(once.ToArray()), "t.csv", labels: LabelUse.Optional, source: source).Write(twice);
        Assert.AreSequenceEqual(once.ToArray(), twice.ToArray());
    });

    [TestMethod]
    public void What_is_converted_has_the_same_cells() => Mutations.Try(4000, Texts, TextParts, bytes =>
    {
        byte[] tabs = Convert(bytes, ',', '\t'), commas = Convert(tabs, '\t', ',');
        Assert.AreSequenceEqual(Cells(bytes, ','), Cells(tabs, '\t'));
        Assert.AreSequenceEqual(Cells(bytes, ','), Cells(commas, ','));
        using MemoryStream parquet = new();
        TableConverter.Convert(new MemoryStream(bytes), "t.csv", ',', parquet, null, new() { Delimiter = ',' });
        Assert.AreSequenceEqual(Convert(parquet.ToArray(), null, ','), Convert(parquet.ToArray(), null, ','));
    });

    [TestMethod]
    public void A_table_of_another_shape_is_read_or_refused()
    {
        using TempFolder folder = new();
        File.WriteAllText(folder["labels.csv"], "id,kind\ns1,p\ns2,q\ns3,p\n");
        byte[][] seeds = [.. new[] { "gene,s1,s2,s3\ng1,1,2,3\ng2,4,5,6\n", "s1,s2,s3\ng1,1,2,3\n", ",s1,s2,s3\ng1,1,2,x\n" }
            .Select(Encoding.UTF8.GetBytes)];
        Mutations.Try(2000, seeds, TextParts, bytes => TableFile.ReadGrouped(new MemoryStream(bytes), "t.csv", null, source: new()
        {
            IsTransposed = true,
            Id = "id",
            Labels = folder["labels.csv"],
        }));
    }

    [TestMethod]
    public void Labels_in_another_file_are_joined_or_refused()
    {
        using TempFolder folder = new();
        byte[] table = "id,a\ns1,1\ns2,2\ns3,3\n"u8.ToArray();
        byte[][] seeds = [.. new[] { "id,kind\ns1,p\ns2,q\ns3,p\n", "kind,n,id\np,1,s3\nq,,s1\n\"q\",2,\"s2\"\n" }
            .Select(Encoding.UTF8.GetBytes)];
        Mutations.Try(1000, seeds, TextParts, bytes =>
        {
            File.WriteAllBytes(folder["labels.csv"], bytes);
            TableFile.ReadGrouped(new MemoryStream(table), "t.csv", null, source: new() { Id = "id", Labels = folder["labels.csv"] });
        });
    }

    [TestMethod]
    public void A_gzip_file_is_read_or_refused()
    {
        using TempFolder folder = new();
        byte[][] seeds = [.. Texts.Select(text =>
        {
            TableFile.Write(folder["t.csv.gz"], overwrite: true, stream => stream.Write(text));
            return File.ReadAllBytes(folder["t.csv.gz"]);
        })];
        Mutations.Try(1000, seeds, [], bytes =>
        {
            File.WriteAllBytes(folder["t.csv.gz"], bytes);
            TableFile.Read(folder["t.csv.gz"], labels: LabelUse.Optional);
        });
    }

    [TestMethod]
    public void A_Parquet_file_is_read_or_refused()
    {
        using TempFolder folder = new();
        byte[][] seeds = [.. Texts.Take(2).Append(Texts[5]).Append(Texts[7]).Select(text => Convert(text, ',', null)),
            .. ((string[])["uncompressed", "snappy", "gzip", "zstd", "brotli", "lz4_raw"]).SelectMany(codec =>
                ((string[])["v1", "v2"]).Select(version => ParquetFiles.OfDuckDb(folder["duckdb.parquet"], codec, version)))];
        Mutations.Try(1500, seeds, [[0], [0xFF, 0xFF, 0xFF, 0x7F], "PAR1"u8.ToArray(), [0x15, 0x00]], bytes =>
        {
            File.WriteAllBytes(folder["t.parquet"], bytes);
            TableFile.Read(folder["t.parquet"], labels: LabelUse.Optional);
        });
    }

    [TestMethod]
    public void A_schema_is_read_or_refused()
    {
        byte[][] seeds = [.. new[]
        {
            """{"columns": {"a": {"kind": "number"}, "b": {"kind": "category", "categories": ["x", "y"]}}}""",
            """{"columns": {"when": {"kind": "date", "format": "dd.MM.yyyy"}, "t": {"kind": "date-time", "format": "yyyyMMdd HH:mm"}}}""",
            """{"columns": {"id": {"kind": "identifier"}, "note": {"kind": "drop"}}, "seed": 3}""",
        }.Select(Encoding.UTF8.GetBytes)];
        Mutations.Try(4000, seeds, SchemaParts, bytes =>
        {
            ColumnOptions options = ColumnOptions.FromJson(Encoding.UTF8.GetString(bytes));
            TableFile.Read(new MemoryStream("a,b,when,t,id,note,y\n1,x,01.02.2024,20240101 10:00,r1,n,p\n"u8.ToArray()), "t.csv",
                columns: options);
        });
    }

    [TestMethod]
    public void A_receipt_or_an_index_that_is_hurt_is_none()
    {
        using TempFolder folder = new();
        byte[] receipt = new ShardReceipt(new(3, 64), 5, 7, new() { ["seed"] = 1 }, new() { ["labels"] = "none" }, "a.csv", 2, 9, "ab")
            .ToJson();
        byte[] index = BatchIndexJson.Write(new([new(0, 2, 10), new(5, 7, 99)], 99, DateTime.UnixEpoch, "ab"), "key");
        Mutations.Try(2000, [receipt, index], SchemaParts, bytes =>
        {
            File.WriteAllBytes(folder["x.json"], bytes);
            byte[]? same = ShardReceipt.Read(folder["x.json"])?.ToJson()
                ?? (BatchIndexJson.Read(folder["x.json"], "key") is { } read ? BatchIndexJson.Write(read, "key") : null);
            // Blanks around it may be others.
            Assert.IsTrue(same is null || same.AsSpan().SequenceEqual(receipt) || same.AsSpan().SequenceEqual(index));
            if (same is null)
                throw new InvalidDataException("no receipt and no index");
        }, areChecked: true);
    }

    [TestMethod]
    public void A_model_folder_is_loaded_or_refused()
    {
        Dictionary<string, byte[]> files = TestModel.Files();
        foreach (string name in (string[])["generator.onnx", "decoder.onnx", "encoder.onnx", "model.json"])
        {
            byte[] whole = files[name];
            Mutations.Try(200, [whole], ModelParts, bytes =>
            {
                files[name] = bytes;
                using LeoModel model = LeoModel.FromFiles(files);
            }, areChecked: true);
            files[name] = whole;
        }
    }

    [TestMethod]
    public void A_model_whose_hashes_are_made_anew_is_loaded_or_refused()
    {
        Dictionary<string, byte[]> files = TestModel.Files();
        byte[] whole = files["generator.onnx"];
        string[] keys = [.. new OnnxFile("generator.onnx", whole).Metadata.Keys.Order(StringComparer.Ordinal)];
        foreach (string key in keys)
            Mutations.Try(20, [Encoding.UTF8.GetBytes(new OnnxFile("generator.onnx", whole).Metadata[key])], SchemaParts, bytes =>
            {
                files["generator.onnx"] = OnnxForge.Change(whole, metadata => metadata[key] = Encoding.UTF8.GetString(bytes));
                using LeoModel model = LeoModel.FromFiles(files);
                model.Generate(TestModel.Counts(2, 1));
            }, areChecked: true);
        Mutations.Try(200, [new OnnxFile("generator.onnx", whole).Graph.ToArray()], ModelParts, bytes =>
        {
            files["generator.onnx"] = OnnxForge.Change(whole, _ => { }, _ => bytes);
            using LeoModel model = LeoModel.FromFiles(files);
            model.Generate(TestModel.Counts(2, 1));
        });
    }

    [TestMethod]
    public void Files_of_a_model_that_its_hashes_fit_are_loaded_or_refused()
    {
        Dictionary<string, byte[]> files = TestModel.Files();
        byte[] generator = files["generator.onnx"];
        Table rows = TestModel.Pick([0, 100]);
        foreach (string name in (string[])["decoder.onnx", "encoder.onnx"])
        {
            byte[] whole = files[name];
            OnnxFile onnx = new(name, whole);
            void Load(byte[] changed)
            {
                files[name] = changed;
                files["generator.onnx"] = OnnxForge.Change(generator, metadata => metadata[ModelFormat.FileHashes] =
                    metadata[ModelFormat.FileHashes].Replace(ModelPackage.Hash(whole), ModelPackage.Hash(changed),
                        StringComparison.OrdinalIgnoreCase));
                using LeoModel model = LeoModel.FromFiles(files);
                model.Embed(rows);
            }
            Mutations.Try(100, [onnx.Graph.ToArray()], ModelParts, bytes => Load(OnnxForge.Change(whole, _ => { }, _ => bytes)));
            foreach ((string key, string value) in onnx.Metadata)
                Mutations.Try(5, [Encoding.UTF8.GetBytes(value)], SchemaParts, bytes =>
                    Load(OnnxForge.Change(whole, metadata => metadata[key] = Encoding.UTF8.GetString(bytes))), areChecked: true);
            files[name] = whole;
        }
    }

    [TestMethod]
    public void Kept_training_rows_are_read_or_refused()
    {
        Table numbers = TestTables.Random(60, 4, 3, seed: 1);
        Mutations.Try(600, [ReferenceOf(numbers)], ModelParts, bytes =>
            ReferenceRows.Load(Resealed(bytes), numbers.Schema).Score(numbers, 3, NeighborSearch.Hnsw, 1, default));
        Table mixed = TableFile.Read(new MemoryStream(Encoding.UTF8.GetBytes("a,b,c,y\n" + string.Concat(
            Enumerable.Range(0, 40).Select(i => $"{i * 7 % 13},{(i % 3 == 0 ? "p" : "q")},{(i % 5 == 0 ? "" : i)},{i % 2}\n")))), "t.csv");
        Mutations.Try(600, [ReferenceOf(mixed)], ModelParts, bytes =>
            ReferenceRows.Load(Resealed(bytes), mixed.Schema).Score(mixed, 3, NeighborSearch.Exact, 1, default));
    }

    // An input says what becomes of which file.
    [TestMethod]
    public void A_folder_with_files_that_are_gone_swapped_cut_or_strange_is_loaded_or_refused()
    {
        Dictionary<string, byte[]> whole = TestModel.Files();
        string[] names = [.. whole.Keys.Order(StringComparer.Ordinal)];
        using TempFolder folder = new();
        Mutations.Try(300, [[0, 0], [1, 2, 9], [7, 4, 200]], [[0xFF], [3], [40]], bytes =>
        {
            if (Directory.Exists(folder["model"]))
                Directory.Delete(folder["model"], recursive: true);
            TestModel.Write(whole, folder["model"]);
            for (int i = 0; i + 2 < bytes.Length; i += 3)
            {
                (string name, string other) = (names[bytes[i] % names.Length], names[bytes[i + 2] % names.Length]);
                string path = Path.Combine(folder["model"], name);
                if (Directory.Exists(path))
                    continue;
                byte[] content = whole[name];
                File.Delete(path);
                switch (bytes[i + 1] % 8)
                {
                    case 1:
                        Directory.CreateDirectory(path);
                        break;
                    case 2:
                        File.WriteAllBytes(path, whole[other]);
                        break;
                    case 3:
                        File.WriteAllBytes(path, content[..(content.Length * bytes[i + 2] / 256)]);
                        break;
                    case 4:
                        File.WriteAllBytes(path, [.. content, .. whole[other]]);
                        break;
                    case 5:
                        File.CreateSymbolicLink(path, other);
                        break;
                    case 6:
                        File.WriteAllBytes(path, content);
                        File.WriteAllBytes(Path.Combine(folder["model"], $"{bytes[i + 2]}.onnx"), whole[other]);
                        break;
                    case 7:
                        // Far larger than it can be, and on no disk.
                        using (FileStream file = File.Create(path))
                            file.SetLength(1L << 40);
                        break;
                }
            }
            using LeoModel model = LeoModel.Load(folder["model"]);
            model.Generate(TestModel.Counts(1, 1));
        });
    }

    static byte[] Resealed(byte[] bytes)
    {
        const int Header = 192, LengthAt = 72, Word = 32;
        if (bytes.Length >= Header && BitConverter.ToInt64(bytes, LengthAt) is long length && length >= Header && length <= bytes.Length
            && (length - Header) % Word == 0)
            Neighbors.HnswFileTests.Reseal(bytes, (int)length);
        return bytes;
    }

    static byte[] ReferenceOf(Table table)
    {
        TableEncoder encoder = TableEncoder.Fit(table);
        return ReferenceRows.Create(encoder.Encode(table), encoder, table.Labels, table.Schema.Classes.Count, 3, 1, default);
    }

    static byte[] Convert(byte[] bytes, char? from, char? to)
    {
        using MemoryStream converted = new();
        TableConverter.Convert(new MemoryStream(bytes), "t.csv", from, converted, to,
            from is char delimiter ? new() { Delimiter = delimiter } : null);
        return converted.ToArray();
    }

    // By another reader than the library's: RFC 4180, blank lines left out.
    static string[] Cells(byte[] bytes, char delimiter)
    {
        string text = Encoding.UTF8.GetString(bytes).TrimStart('\uFEFF');
        List<string> cells = [];
        StringBuilder cell = new();
        (bool isQuoted, bool isBegun) = (false, false);
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (isQuoted && c == '"' && i + 1 < text.Length && text[i + 1] == '"')
                cell.Append(text[++i]);
            else if (isQuoted && c == '"')
                isQuoted = false;
            else if (!isQuoted && cell.Length == 0 && !isBegun && c == '"')
                (isQuoted, isBegun) = (true, true);
            else if (!isQuoted && c == delimiter)
                Next("|", true);
            else if (!isQuoted && c is '\n' or '\r')
                Next("\n", isBegun || cell.Length > 0 || (cells.Count > 0 && cells[^1] == "|"));
            else
                cell.Append(c);
        }
        Next("\n", isBegun || cell.Length > 0 || (cells.Count > 0 && cells[^1] == "|"));
        return [.. cells];

        void Next(string end, bool isThere)
        {
            if (isThere)
                cells.AddRange([cell.ToString(), end]);
            cell.Clear();
            isBegun = false;
        }
    }
}
