using System.Buffers;
using System.Text;

namespace LeoCvae;

/// <summary>
/// Puts a table that comes in another shape into rows with a header: genes in rows, names of rows without a header, labels in another file.
/// The result is text with the very cells, which is read as any other.
/// </summary>
sealed class SourceTable
{
    const string SampleName = "sample", RowName = "row_name";

    readonly TableRequest _request;
    readonly string _name;

    SourceTable(TableRequest request) => (_request, _name) = (request, request.Name);

    /// <summary>Whether a table has to be put into shape.</summary>
    public static bool IsNeeded(SourceOptions source) => source.IsTransposed || source.HasRowNames || source.Labels is not null;

    /// <summary>Puts a table into shape.</summary>
    /// <param name="content">Its text.</param>
    /// <param name="request">What is asked.</param>
    /// <returns>The records, what is asked of them, and how labels went with rows.</returns>
    /// <exception cref="InvalidDataException">The content is at fault.</exception>
    public static (RecordBytes Records, TableRequest Request, JoinedLabels? Labels) Read(Stream content, TableRequest request)
    {
        SourceTable table = new(request);
        SourceOptions source = request.Source;
        (List<Record> lines, byte[] newLine) = ReadRecords(content, request.Name, request.Delimiter, source.Delimiter);
        string id = source.Id ?? (source.IsTransposed ? SampleName : RowName);
        if (source.IsTransposed || source.HasRowNames)
            table.NameRows(lines, id);
        IEnumerable<Record> rows = source.IsTransposed ? Enumerable.Range(0, lines[0].Count).Select(field => Record.Column(lines, field))
            : lines;
        RecordBytes bytes = new(newLine);
        CsvLines line = new((byte)request.Delimiter);
        // One row after the other: all of them would be in memory once more.
        void Write(Record record)
        {
            line.Clear();
            record.Write(line);
            bytes.Add(line.Written, newLine);
        }
        JoinedLabels? labels = null;
        if (source.Labels is not null)
            labels = table.Join(rows, id, Write);
        else
            foreach (Record row in rows)
                Write(row);
        string how = (source.IsTransposed, source.Labels) switch
        {
            (true, null) => " (transposed)",
            (true, string path) => $" (transposed, with labels of {path})",
            (false, string path) => $" (with labels of {path})",
            _ => " (with row names)",
        };
        // Who hasn't said otherwise: they name the rows.
        Dictionary<string, ColumnChoice> choices = new(request.Columns.Columns, StringComparer.Ordinal);
        if (source.IsTransposed || source.HasRowNames || source.Id is not null)
            choices.TryAdd(id, new() { Kind = ColumnKind.Identifier });
        return (bytes, request with { Name = request.Name + how, Columns = request.Columns with { Columns = choices } }, labels);
    }

    static (List<Record> Records, byte[] NewLine) ReadRecords(Stream content, string name, char delimiter, char? told)
    {
        (List<Record> all, byte[]? newLine) = CsvRecords.Read(content, name, delimiter, (records, _) =>
        {
            List<Record> read = [];
            byte[]? lineEnd = null;
            DelimiterDoubt? doubt = null;
            while (records.Next())
            {
                if (doubt is null)
                    doubt = Doubt(records, name, delimiter, told);
                else
                    doubt.See(records.Content);
                lineEnd ??= records.LineEnd.IsEmpty ? null : records.LineEnd.ToArray();
                read.Add(new(records));
            }
            doubt?.Conclude();
            return (read, lineEnd);
        });
        if (all.Count < 2)
            throw new InvalidDataException(all.Count == 0 ? $"{name}: the file is empty, expected a header line and rows"
                : $"{name}: got a header line only, expected rows");
        return (all, newLine ?? [(byte)'\n']);
    }

    static DelimiterDoubt Doubt(CsvRecords header, string name, char delimiter, char? told)
    {
        string[] names = [.. Enumerable.Range(0, header.FieldCount).Select(field => Encoding.UTF8.GetString(header.Field(field)))];
        return new(names, header.Content,
            new(name, null, null, LabelUse.Optional, new(), new() { Delimiter = told }) { Delimiter = delimiter });
    }

    // R writes no name for them, pandas an empty one.
    void NameRows(List<Record> records, string id)
    {
        Record header = records[0];
        if (header.Count == records[1].Count - 1)
            records[0] = header.WithFirst(Encoding.UTF8.GetBytes(id), skipped: 0);
        else if (_request.Source.IsTransposed || header[0].IsEmpty)
            records[0] = header.WithFirst(Encoding.UTF8.GetBytes(id), skipped: 1);
        RequireSameCounts(records, _name);
    }

    static void RequireSameCounts(List<Record> records, string file)
    {
        foreach (Record record in records)
            if (record.Count != records[0].Count)
                throw new InvalidDataException(
                    $"{file}: line {record.Line}: got {record.Count} fields, expected {records[0].Count} as in the header");
    }

    // Writes the header and the rows that have a label, with it.
    JoinedLabels Join(IEnumerable<Record> records, string id, Action<Record> write)
    {
        string path = _request.Source.Labels!;
        if (records is List<Record> lines)
            RequireSameCounts(lines, _name);
        Record header = records.First();
        int key = Find(header, id, _name, "the ids of the rows");
        List<Record> others = ReadOther(path);
        int otherKey = Find(others[0], id, path, "the ids of the labels"),
            target = _request.Target is string name ? Find(others[0], name, path, "the label") : others[0].Count - 1;
        if (target == otherKey)
            throw new InvalidDataException($"{path}: column '{others[0].Text(target)}' has the ids, expected another one for the label; " +
                $"--target names it");
        // Groups may be in either file.
        int group = _request.Groups is string column && Index(header, column) < 0 ? Index(others[0], column) : -1;
        int[] added = group >= 0 && group != target ? [group, target] : [target];
        foreach (int field in added)
            if (Index(header, others[0].Text(field)) >= 0)
                throw new InvalidDataException($"{_name}: column '{others[0].Text(field)}' is there already, and is to come from {path}; " +
                    $"leave it out of one of them");
        Dictionary<string, Record> labels = new(StringComparer.Ordinal);
        foreach (Record other in others.Skip(1))
            if (Id(other, otherKey) is string label && !labels.TryAdd(label, other))
                throw new InvalidDataException($"{path}: line {other.Line}: the id '{VisibleText.Name(label)}' is given twice, first in " +
                    $"line {labels[label].Line}; a row has one label");
        write(added.Aggregate(header, (row, field) => row.With(others[0][field])));
        (int all, int joined) = (0, 0);
        HashSet<string> seen = new(StringComparer.Ordinal), used = new(StringComparer.Ordinal);
        foreach (Record record in records.Skip(1))
        {
            all++;
            string row = Id(record, key)
                ?? throw new InvalidDataException($"{_name}: {Place(record)}: the id is missing in column '{id}'; every row needs one");
            if (!seen.Add(row))
                throw new InvalidDataException(
                    $"{_name}: {Place(record)}: the id '{VisibleText.Name(row)}' is given twice in column '{id}'");
            if (!labels.TryGetValue(row, out Record? other))
                continue;
            used.Add(row);
            if (MissingValue.Is(Blanks.Trim(other[target])))
                continue;
            write(added.Aggregate(record, (line, field) => line.With(other[field])));
            joined++;
        }
        return joined > 0 ? new(joined, all - joined, labels.Count - used.Count)
            : throw new InvalidDataException(NoMatch(records, key, labels.Keys, path));
    }

    string NoMatch(IEnumerable<Record> records, int key, IEnumerable<string> labels, string path)
    {
        string[] rows = [.. records.Skip(1).Select(record => Id(record, key)!)], all = [.. labels];
        bool areNear = rows.Intersect(all, StringComparer.OrdinalIgnoreCase).Any();
        return $"{_name}: no row has a label: the ids are {TableSchema.Quote(rows)}, those in {path} {TableSchema.Quote(all)}" +
            (areNear ? "; they differ in case" : "");
    }

    List<Record> ReadOther(string path)
    {
        char? told = _request.Source.Delimiter;
        if (TableFile.IsParquetName(path))
        {
            using ParquetFile file = ParquetFile.Open(TableFile.OpenRead(path), path);
            using Stream text = ParquetText.Records(file, path).Open();
            return ReadRecords(text, path, ',', ',').Records;
        }
        // What was told of the table goes for this file where it splits the header.
        char between = TableFile.Delimiter(path, TableFile.IsNamedText(path) ? null : told)!.Value;
        if (told is char other && other != between && Splits(path, other))
            between = other;
        using Stream content = TableFile.OpenRead(path);
        List<Record> records = ReadRecords(content, path, between, between == told ? told : null).Records;
        RequireSameCounts(records, path);
        return records;
    }

    static bool Splits(string path, char delimiter)
    {
        using Stream content = TableFile.OpenRead(path);
        CsvRecords records = new(content, (byte)delimiter);
        try
        {
            return records.Next() && records.FieldCount > 1;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    // Blanks around an id would part what belongs together.
    static string? Id(Record record, int field)
    {
        ReadOnlySpan<byte> id = Blanks.Trim(record[field]);
        return MissingValue.Is(id) ? null : Encoding.UTF8.GetString(id);
    }

    static int Index(Record header, string name) =>
        Enumerable.Range(0, header.Count).FirstOrDefault(field => header.Text(field) == name, -1);

    static int Find(Record header, string name, string file, string what) => Index(header, name) is int index and >= 0 ? index
        : throw new InvalidDataException($"{file}: no column '{name}' for {what}; the columns are " +
            TableSchema.Quote([.. Enumerable.Range(0, header.Count).Select(header.Text)]));

    string Place(Record record) => _request.Source.IsTransposed ? $"column {record.Line}" : $"line {record.Line}";

    /// <summary>The fields of a record, without quotes, side by side.</summary>
    sealed class Record
    {
        readonly byte[] _bytes;
        readonly int[] _ends;

        public Record(CsvRecords records)
        {
            (_ends, Line) = (new int[records.FieldCount], records.Line);
            ArrayBufferWriter<byte> bytes = new(records.Content.Length + 1);
            for (int field = 0; field < _ends.Length; field++)
            {
                ReadOnlySpan<byte> cell = records.Field(field);
                if (ColumnTexts.Fault(cell) is string fault)
                    throw new FormatException($"field {field + 1}: {fault}");
                bytes.Write(cell);
                _ends[field] = bytes.WrittenCount;
            }
            _bytes = bytes.WrittenSpan.ToArray();
        }

        Record(byte[] bytes, int[] ends, long line) => (_bytes, _ends, Line) = (bytes, ends, line);

        /// <summary>The line where it stands, or the column.</summary>
        public long Line { get; }

        public int Count => _ends.Length;

        public ReadOnlySpan<byte> this[int field] =>
            field == 0 ? _bytes.AsSpan(0, _ends[0]) : _bytes.AsSpan(_ends[field - 1], _ends[field] - _ends[field - 1]);

        /// <summary>One field of all records.</summary>
        public static Record Column(List<Record> records, int field)
        {
            int[] ends = new int[records.Count];
            int length = 0;
            for (int i = 0; i < ends.Length; i++)
                ends[i] = length += records[i][field].Length;
            byte[] bytes = new byte[length];
            for (int i = 0; i < ends.Length; i++)
                records[i][field].CopyTo(bytes.AsSpan(i == 0 ? 0 : ends[i - 1]));
            return new(bytes, ends, field + 1);
        }

        public string Text(int field) => Encoding.UTF8.GetString(this[field]);

        /// <summary>With a field behind the others.</summary>
        public Record With(ReadOnlySpan<byte> field) => new([.. _bytes, .. field], [.. _ends, _bytes.Length + field.Length], Line);

        /// <summary>With a field before the others, of which some are skipped.</summary>
        public Record WithFirst(byte[] field, int skipped)
        {
            int start = skipped == 0 ? 0 : _ends[skipped - 1];
            return new([.. field, .. _bytes.AsSpan(start)],
                [field.Length, .. _ends.Skip(skipped).Select(end => end - start + field.Length)], Line);
        }

        /// <summary>Writes the record, fields in quotes where they have to be.</summary>
        public void Write(CsvLines line)
        {
            for (int field = 0; field < Count; field++)
                line.Add(this[field]);
            line.EndLine([]);
        }
    }
}
