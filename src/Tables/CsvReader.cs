using System.Buffers;
using System.Globalization;
using System.Text;
using Sylvan.Data.Csv;

namespace LeoCvae;

/// <summary>Parses a CSV file into numeric columns and one label column.</summary>
static class CsvReader
{
    const int LongestRecord = 1 << 28;
    static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    public static Table Read(Stream content, string name, char delimiter, string? target, bool labelsOptional, bool allowsMissing) =>
        Parse(content, name, delimiter, csv => new(csv, name, delimiter, target, labelsOptional, allowsMissing), parser => parser.Table(null));

    public static CsvDocument ReadDocument(Stream content, string name, char delimiter, string? target, bool labelsOptional) =>
        Parse(content, name, delimiter, csv => new(csv, name, delimiter, target, labelsOptional, allowsMissing: false), parser => parser.Document());

    static T Parse<T>(Stream content, string name, char delimiter, Func<CsvDataReader, Parser> start, Func<Parser, T> read)
    {
        Parser? parser = null;
        try
        {
            // Latin-1 maps bytes to characters one to one, so that records can be written again byte for byte.
            using StreamReader bytes = new(content, Encoding.Latin1, detectEncodingFromByteOrderMarks: false, 1 << 16);
            // A byte order mark before a quoted name would hide the quote: it is taken off first.
            char[] first = new char[Encoding.UTF8.Preamble.Length];
            int length = bytes.ReadBlock(first);
            bool hasMark = Encoding.Latin1.GetBytes(first, 0, length).AsSpan().SequenceEqual(Encoding.UTF8.Preamble);
            using ResumedReader text = new(first.AsMemory(0, hasMark ? 0 : length), bytes);
            using CsvDataReader csv = CsvDataReader.Create(text, Options(delimiter));
            parser = start(csv);
            parser.Start(hasMark);
            return read(parser);
        }
        catch (Exception e) when (e is CsvFormatException or FormatException)
        {
            throw new InvalidDataException($"{name}: line {parser?.Line ?? 1}: {e.Message}", e);
        }
        catch (InvalidDataException e) when (!e.Message.StartsWith(name, StringComparison.Ordinal))
        {
            // Of the decompressor.
            throw new InvalidDataException($"{name}: {e.Message}", e);
        }
    }

    static CsvDataReaderOptions Options(char delimiter) => new()
    {
        HasHeaders = false,
        Delimiter = delimiter,
        // '#' is a character like any other in a table.
        Comment = '\0',
        BufferSize = 1 << 16,
        MaxBufferSize = LongestRecord,
    };

    /// <summary>Text of which the start was read already.</summary>
    sealed class ResumedReader(ReadOnlyMemory<char> start, TextReader rest) : TextReader
    {
        ReadOnlyMemory<char> _start = start;

        // Fills the buffer at once: Sylvan learns the kind of line end from its first read.
        public override int Read(char[] buffer, int index, int count)
        {
            int length = Math.Min(count, _start.Length);
            _start[..length].CopyTo(buffer.AsMemory(index));
            _start = _start[length..];
            return length + rest.Read(buffer, index + length, count - length);
        }
    }

    sealed class Parser(CsvDataReader csv, string name, char delimiter, string? target, bool labelsOptional, bool allowsMissing)
    {
        readonly Dictionary<string, string> _labels = new(StringComparer.Ordinal);
        string[] _header = [], _columns = [];
        double[] _values = [];
        // The decimals that a row's numbers need, and the most that a column's are written with.
        int[] _decimals = [], _written = [];
        int _targetIndex, _rows, _nextLine = 1;
        bool _hasMark;

        /// <summary>The line where the current record starts, from 1.</summary>
        public int Line { get; private set; } = 1;

        /// <summary>Reads the header.</summary>
        public void Start(bool hasMark)
        {
            _hasMark = hasMark;
            if (!NextRecord())
                throw new InvalidDataException($"{name}: the file is empty, expected a header line and rows");
            string[] header = _header = Header();
            _targetIndex = target is null ? header.Length - 1 : Array.IndexOf(header, target);
            bool isLabeled = _targetIndex >= 0;
            if (!isLabeled && !labelsOptional)
                throw new InvalidDataException($"{name}: no column '{target}' for the label; the columns are {TableSchema.Quote(header)}");
            if (isLabeled && header.Length < 2)
                throw new InvalidDataException($"{name}: got the column '{header[0]}' only, expected at least one feature column and the label column, separated by '{(delimiter == '\t' ? "tab" : delimiter)}'");
            if (header.GroupBy(column => column, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
                throw new InvalidDataException($"{name}: line {Line}: column '{twice.Key}' is given twice; names must be unique");
            if (Array.IndexOf(header, "") is int unnamed and >= 0)
                throw new InvalidDataException($"{name}: line {Line}: column {unnamed + 1} has no name");
            _columns = [.. header.Where((_, i) => i != _targetIndex)];
            _values = new double[_columns.Length];
            (_decimals, _written) = (new int[_columns.Length], new int[_columns.Length]);
        }

        string? Target => _targetIndex >= 0 ? _header[_targetIndex] : null;

        public CsvDocument Document()
        {
            RecordBytes records = new(csv, _hasMark);
            return new(Table(records), records.Bytes, records.Ends, _written, delimiter, records.NewLine);
        }

        public Table Table(RecordBytes? records)
        {
            TableBuilder builder = new(_columns, Target, _targetIndex, allowsMissing);
            while (NextRow(out string? label))
            {
                builder.AddRow(_values, _decimals, label);
                records?.Keep();
            }
            Table table = builder.Build();
            if (allowsMissing && Array.IndexOf(table.MissingCounts(), table.RowCount) is int none and >= 0)
                throw new InvalidDataException($"{name}: column '{_columns[none]}' has no value in any of the {table.RowCount} rows, expected at least one number");
            return table;
        }

        // Its values are NaN where they are missing.
        bool NextRow(out string? label)
        {
            label = null;
            if (!NextRecord())
                return _rows > 0 ? false : throw new InvalidDataException($"{name}: got a header line only, expected rows");
            if (csv.RowFieldCount != _header.Length)
                throw At(null, $"got {csv.RowFieldCount} fields, expected {_header.Length} as in the header");
            for (int field = 0, column = 0; field < _header.Length; field++)
                if (field != _targetIndex)
                    ReadNumber(field, column++);
            if (Target is not null)
            {
                ReadOnlySpan<char> text = csv.GetFieldSpan(_targetIndex);
                if (text.IsEmpty)
                    throw At(Target, "got an empty label, expected a class name");
                if (allowsMissing && IsMissing(text.Trim()))
                    throw At(Target, $"got the label '{Shorten(text)}', which stands for a missing value; expected a class name");
                label = Decode(text, _labels);
            }
            _rows++;
            return true;
        }

        void ReadNumber(int field, int column)
        {
            ReadOnlySpan<char> cell = csv.GetFieldSpan(field), number = cell.Trim();
            if (allowsMissing && IsMissing(number))
            {
                _values[column] = double.NaN;
                return;
            }
            if (!double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out _values[column]) || !double.IsFinite(_values[column]))
                throw At(_header[field], number.IsEmpty ? "got an empty cell, expected a number" : $"got '{Shorten(cell)}', expected a finite number{(allowsMissing ? ", or an empty cell, NA or NaN where it is missing" : "")}");
            _decimals[column] = TableBuilder.DecimalsOf(number);
            // 3.0 is a whole number, but written with a decimal.
            int point = number.IndexOf('.');
            if (point >= 0 && number.IndexOfAny('e', 'E') < 0)
                _written[column] = Math.Max(_written[column], number.Length - point - 1);
        }

        static bool IsMissing(ReadOnlySpan<char> text) => text.IsEmpty || text is "NA" || text.Equals("NaN", StringComparison.OrdinalIgnoreCase);

        InvalidDataException At(string? column, string what) =>
            new($"{name}: row {_rows + 1} (line {Line}){(column is null ? "" : $", column '{column}'")}: {what}");

        // Skips blank lines.
        bool NextRecord()
        {
            Line = _nextLine;
            while (csv.Read())
            {
                ReadOnlySpan<char> raw = csv.GetRawRecordSpan();
                _nextLine += raw.Count('\n') + raw.Count('\r') - raw.Count("\r\n");
                if (!raw.Trim("\r\n").IsEmpty)
                    return true;
                Line = _nextLine;
            }
            return false;
        }

        string[] Header()
        {
            string[] header = new string[csv.RowFieldCount];
            for (int i = 0; i < header.Length; i++)
                header[i] = Decode(csv.GetFieldSpan(i), null);
            return header;
        }

        static string Decode(ReadOnlySpan<char> latin1, Dictionary<string, string>? cache)
        {
            if (cache is not null && cache.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(latin1, out string? known))
                return known;
            byte[] bytes = new byte[latin1.Length];
            Encoding.Latin1.GetBytes(latin1, bytes);
            try
            {
                string text = StrictUtf8.GetString(bytes);
                if (cache is not null)
                    cache[latin1.ToString()] = text;
                return text;
            }
            catch (DecoderFallbackException)
            {
                throw new FormatException($"'{Shorten(latin1)}' is not UTF-8; save the file as UTF-8");
            }
        }

        // A cell for a message of one line, as UTF-8 if it is.
        static string Shorten(ReadOnlySpan<char> latin1)
        {
            string text = latin1.ToString();
            try
            {
                text = StrictUtf8.GetString(Encoding.Latin1.GetBytes(text));
            }
            catch (DecoderFallbackException)
            {
            }
            text = string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
            return text.Length <= 40 ? text : $"{text[..40]}...";
        }
    }

    /// <summary>The bytes of the records, from the current one on, each with its own line end; where that is missing, the header's.</summary>
    sealed class RecordBytes
    {
        readonly CsvDataReader _csv;
        readonly ArrayBufferWriter<byte> _bytes = new();
        readonly List<(int Content, int Record)> _ends = [];

        public RecordBytes(CsvDataReader csv, bool hasMark)
        {
            _csv = csv;
            NewLine = csv.GetRawRecordSpan() switch { [.., '\r', '\n'] => "\r\n", [.., '\r'] => "\r", _ => "\n" };
            if (hasMark)
                _bytes.Write(Encoding.UTF8.Preamble);
            Keep();
        }

        public string NewLine { get; }

        public ReadOnlyMemory<byte> Bytes => _bytes.WrittenMemory;

        public IReadOnlyList<(int Content, int Record)> Ends => _ends;

        /// <summary>Keeps the current record.</summary>
        public void Keep()
        {
            ReadOnlySpan<char> raw = _csv.GetRawRecordSpan(), content = raw.TrimEnd("\r\n");
            Keep(content);
            int end = _bytes.WrittenCount;
            Keep(content.Length < raw.Length ? raw[content.Length..] : NewLine);
            _ends.Add((end, _bytes.WrittenCount));
        }

        void Keep(ReadOnlySpan<char> latin1)
        {
            Encoding.Latin1.GetBytes(latin1, _bytes.GetSpan(latin1.Length));
            _bytes.Advance(latin1.Length);
        }
    }
}
