using System.Buffers;
using System.Globalization;
using System.Text;
using Sylvan.Data.Csv;

namespace LeoCvae;

/// <summary>Parses a CSV file into a table of numeric columns and one label column.</summary>
static class CsvReader
{
    const int LongestRecord = 1 << 28;
    static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    public static CsvDocument Read(Stream content, string name, char delimiter, string? target, bool labelsOptional)
    {
        Parser? parser = null;
        try
        {
            // Latin-1 maps bytes to characters one to one, so that records can be written again byte for byte.
            using StreamReader bytes = new(content, Encoding.Latin1, detectEncodingFromByteOrderMarks: false, 1 << 16);
            // A byte order mark before a quoted name would hide the quote: it is taken off first.
            char[] start = new char[Encoding.UTF8.Preamble.Length];
            int length = bytes.ReadBlock(start);
            bool hasMark = Encoding.Latin1.GetBytes(start, 0, length).AsSpan().SequenceEqual(Encoding.UTF8.Preamble);
            using ResumedReader text = new(start.AsMemory(0, hasMark ? 0 : length), bytes);
            using CsvDataReader csv = CsvDataReader.Create(text, Options(delimiter));
            parser = new(csv, name, delimiter, target, labelsOptional, hasMark);
            return parser.Run();
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

    sealed class Parser(CsvDataReader csv, string name, char delimiter, string? target, bool labelsOptional, bool hasMark)
    {
        readonly ArrayBufferWriter<byte> _records = new();
        readonly List<(int Content, int Record)> _ends = [];
        string _newLine = "\n";
        int _nextLine = 1;

        /// <summary>The line where the current record starts, from 1.</summary>
        public int Line { get; private set; } = 1;

        public CsvDocument Run()
        {
            if (!NextRecord())
                throw new InvalidDataException($"{name}: the file is empty, expected a header line and rows");
            _newLine = csv.GetRawRecordSpan() switch { [.., '\r', '\n'] => "\r\n", [.., '\r'] => "\r", _ => "\n" };
            string[] header = Header();
            int targetIndex = target is null ? header.Length - 1 : Array.IndexOf(header, target);
            bool isLabeled = targetIndex >= 0;
            if (!isLabeled && !labelsOptional)
                throw new InvalidDataException($"{name}: no column '{target}' for the label; the columns are {TableSchema.Quote(header)}");
            if (isLabeled && header.Length < 2)
                throw new InvalidDataException($"{name}: got the column '{header[0]}' only, expected at least one feature column and the label column, separated by '{(delimiter == '\t' ? "tab" : delimiter)}'");
            if (header.GroupBy(column => column, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
                throw new InvalidDataException($"{name}: line {Line}: column '{twice.Key}' is given twice; names must be unique");
            if (Array.IndexOf(header, "") is int unnamed and >= 0)
                throw new InvalidDataException($"{name}: line {Line}: column {unnamed + 1} has no name");
            if (hasMark)
                _records.Write(Encoding.UTF8.Preamble);
            Keep();

            TableBuilder builder = new([.. header.Where((_, i) => i != targetIndex)], isLabeled ? header[targetIndex] : null, targetIndex);
            double[] values = new double[header.Length - (isLabeled ? 1 : 0)];
            int[] decimals = new int[values.Length], written = new int[values.Length];
            Dictionary<string, string> labels = new(StringComparer.Ordinal);
            while (NextRecord())
            {
                if (csv.RowFieldCount != header.Length)
                    throw At(builder, null, $"got {csv.RowFieldCount} fields, expected {header.Length} as in the header");
                for (int field = 0, column = 0; field < header.Length; field++)
                {
                    if (field == targetIndex)
                        continue;
                    ReadOnlySpan<char> number = csv.GetFieldSpan(field);
                    if (!double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out values[column]) || !double.IsFinite(values[column]))
                        throw At(builder, header[field], number.Trim().IsEmpty ? "got an empty cell, expected a number" : $"got '{Shorten(number)}', expected a finite number");
                    number = number.Trim();
                    decimals[column] = TableBuilder.DecimalsOf(number);
                    // 3.0 is a whole number, but written with a decimal.
                    int point = number.IndexOf('.');
                    if (point >= 0 && number.IndexOfAny('e', 'E') < 0)
                        written[column] = Math.Max(written[column], number.Length - point - 1);
                    column++;
                }
                string? label = isLabeled ? Decode(csv.GetFieldSpan(targetIndex), labels) : null;
                if (label?.Length == 0)
                    throw At(builder, header[targetIndex], "got an empty label, expected a class name");
                builder.AddRow(values, decimals, label);
                Keep();
            }
            if (builder.RowCount == 0)
                throw new InvalidDataException($"{name}: got a header line only, expected rows");
            return new(builder.Build(), _records.WrittenMemory, _ends, written, delimiter, _newLine);
        }

        InvalidDataException At(TableBuilder builder, string? column, string what) =>
            new($"{name}: row {builder.RowCount + 1} (line {Line}){(column is null ? "" : $", column '{column}'")}: {what}");

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

        // Keeps the record's bytes with its own line end; where that is missing, the file's.
        void Keep()
        {
            ReadOnlySpan<char> raw = csv.GetRawRecordSpan(), content = raw.TrimEnd("\r\n");
            Keep(content);
            int end = _records.WrittenCount;
            Keep(content.Length < raw.Length ? raw[content.Length..] : _newLine);
            _ends.Add((end, _records.WrittenCount));
        }

        void Keep(ReadOnlySpan<char> latin1)
        {
            Encoding.Latin1.GetBytes(latin1, _records.GetSpan(latin1.Length));
            _records.Advance(latin1.Length);
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
}
