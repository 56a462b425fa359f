using System.Globalization;
using System.Text.Json.Nodes;
using LeoCvae.Evaluation;

namespace LeoCvae.Cli;

/// <summary>Tables in and out; "-" is CSV on standard input or output.</summary>
static class TableIO
{
    const string Input = "standard input";

    /// <summary>Reads a labeled table; an interruption doesn't wait for the end of standard input.</summary>
    public static GroupedTable Read(
        string path, string? target, string? groups, ColumnOptions columns, SourceOptions source, Session session) =>
        Described(session, source, table => table.Labels, progress =>
    {
        if (path != "-")
            return TableFile.ReadGrouped(path, groups, target, columns, source, progress);
        using Stream input = Console.OpenStandardInput();
        return TableFile.ReadGrouped(input, Input, groups, target, columns, source, progress);
    });

    /// <summary>Reads a table whose rows are written again as they were.</summary>
    public static TableDocument ReadDocument(string path, string? target, string? groups, ColumnOptions columns, SourceOptions source,
        Session session) => Described(session, source, table => table.Labels, progress =>
    {
        if (path != "-")
            return TableFile.ReadDocument(path, target, LabelUse.Required, groups, columns, source, progress);
        using Stream input = Console.OpenStandardInput();
        return TableFile.ReadDocument(input, Input, target, LabelUse.Required, groups, columns, source, progress);
    });

    /// <summary>Reads a table that goes with a model a batch at a time, and writes its rows as they were with columns added.</summary>
    /// <param name="title">What is done.</param>
    /// <param name="path">The table.</param>
    /// <param name="request">What is asked of the reader.</param>
    /// <param name="begin">Looks at the columns before long work.</param>
    /// <param name="added">The columns of a batch.</param>
    /// <param name="write">Opens what is written, and has it filled.</param>
    /// <param name="session">The run.</param>
    /// <returns>What is to be said of the table.</returns>
    public static TableSummary WriteBatches(string title, string path, BatchRequest request, Action<TableBatches> begin,
        Func<TableBatch, IReadOnlyList<ExtraColumn>> added, Action<TableBatches, Action<Stream>> write, Session session) =>
        session.Progress(title, report =>
    {
        TableSummary summary = new();
        ReadProgress progress = new(new(report, TimeProvider.System));
        (ColumnOptions columns, string? target, LabelUse labels, string? groups, SourceOptions source) = request;
        BatchRange? part = request.Part;
        using TableBatches rows = Interruptible(session, () => path == "-"
            ? TableFile.ReadBatches(Console.OpenStandardInput(), Input, columns, target, labels, groups, source, progress)
            : TableFile.ReadBatches(path, columns, target, labels, groups, source, progress, part: part));
        DescribeLabels(rows.Labels, source, session);
        begin(rows);
        write(rows, stream => Interruptible(session, () =>
        {
            rows.Write(stream, batch =>
            {
                summary.Add(batch.Table, batch.Groups);
                return added(batch);
            });
            return true;
        }));
        return summary;
    });

    static T Described<T>(Session session, SourceOptions source, Func<T, JoinedLabels?> labels, Func<IProgress<TableProgress>, T> read)
    {
        T table = session.Progress("reading", report =>
            Interruptible(session, () => read(new ReadProgress(new(report, TimeProvider.System)))));
        DescribeLabels(labels(table), source, session);
        return table;
    }

    static void DescribeLabels(JoinedLabels? labels, SourceOptions source, Session session)
    {
        if (labels is not { } joined)
            return;
        string without = joined.Unlabeled == 0 ? "" : $", {joined.Unlabeled} without are left out",
            unused = joined.Unused == 0 ? "" : $"; {joined.Unused} labels belong to no row";
        session.Say($"labels of {source.Labels}: {joined.Rows} rows have one{without}{unused}");
        session.Set("labels", new JsonObject
        {
            ["file"] = source.Labels,
            ["rows"] = joined.Rows,
            ["unlabeled_rows"] = joined.Unlabeled,
            ["unused_labels"] = joined.Unused,
        });
    }

    /// <summary>Reads; an interruption doesn't wait for the end of standard input.</summary>
    public static T Interruptible<T>(Session session, Func<T> read) =>
        Task.Run(read).WaitAsync(session.Cancellation).GetAwaiter().GetResult();

    /// <summary>Fails before long work where the output could not be written in the end.</summary>
    public static void RequireWritable(string path, bool overwrite, char? told = null)
    {
        if (path == "-")
            return;
        _ = Delimiter(path, told);
        RequireFree(path, overwrite);
    }

    /// <summary>The same for an output that begins with rows as they were read: it must be of their format.</summary>
    public static void RequireWritable(string path, bool overwrite, string data, SourceOptions source)
    {
        RequireFormat(path, data, source);
        RequireWritable(path, overwrite, source.Delimiter is null ? null : Delimiter(data, source.Delimiter));
    }

    /// <summary>Fails where rows as they were read can't go to an output, whose format is another.</summary>
    public static void RequireFormat(string path, string data, SourceOptions source)
    {
        // What was told of the input goes for the output, too.
        char? own = Delimiter(data, source.Delimiter), told = source.Delimiter is null ? null : own;
        // Parquet in another shape is written as a text.
        if (own is null && (source.IsTransposed || source.HasRowNames || source.Labels is not null))
            own = ',';
        RequireDistinct(("--labels", source.Labels), ("--out", path));
        if (Delimiter(path, told) != own)
            throw new ArgumentException($"rows are copied as they are read, so the output must be of the input's format: got " +
                $"{Name(path)} for {(data == "-" ? "standard input" : data)}; leocvae convert changes a table's format");
    }

    /// <summary>The same for an output that is no table, and never goes to standard output.</summary>
    public static void RequireFile(string option, string path, bool overwrite)
    {
        Values.RequirePath(option, path, "file");
        RequireFree(path, overwrite);
    }

    static void RequireFree(string path, bool overwrite)
    {
        AtomicFile.RequireFree(path, overwrite: true);
        try
        {
            AtomicFile.RequireFree(path, overwrite);
        }
        catch (IOException e)
        {
            throw Values.Taken(path, e);
        }
    }

    /// <summary>Fails where two files are one place, through whatever links.</summary>
    public static void RequireDistinct(params (string Option, string? Path)[] files)
    {
        (string Option, string Path)[] places = [.. files.Where(file => file.Path is not (null or "-" or ""))
            .Select(file => (file.Option, FilePlace.Resolve(file.Path!)))];
        if (places.GroupBy(place => place.Path).FirstOrDefault(group => group.Count() > 1)?.ToArray() is [var first, var second, ..])
            throw new UsageException($"{first.Option} and {second.Option} are the same place; give two");
        // A folder is written whole, with nothing else in it.
        foreach ((string option, string path) in places)
            if (places.FirstOrDefault(place => path.StartsWith(place.Path + Path.DirectorySeparatorChar, StringComparison.Ordinal))
                is (string folder, _))
                throw new UsageException($"{option} lies inside {folder}; give another place");
    }

    public static char? Delimiter(string path, char? told = null) => path == "-" ? told ?? ',' : TableFile.Delimiter(path, told);

    /// <summary>Writes batches of rows as the path's extension says.</summary>
    public static void Write(string path, bool overwrite, IEnumerable<Table> batches, Session session)
    {
        if (path != "-")
            TableFile.Write(batches, path, overwrite, session.Cancellation);
        else
            Write(path, overwrite, stream => TableFile.Write(batches, stream), session);
    }

    public static void Write(string path, bool overwrite, Action<Stream> write, Session session)
    {
        if (path != "-")
        {
            TableFile.Write(path, overwrite, write, session.Cancellation);
            return;
        }
        using BufferedStream output = new(Console.OpenStandardOutput(), 1 << 16);
        write(output);
    }

    /// <summary>Writes a document's rows as they were read with columns added, and new rows where there are some.</summary>
    public static void Write(string path, bool overwrite, TableDocument document, Table? resampled, IReadOnlyList<ExtraColumn> extra,
        Session session) => session.Progress("writing", report =>
    {
        ReadProgress progress = new(new(report, TimeProvider.System));
        Write(path, overwrite, stream => document.Write(stream, resampled, extra, progress), session);
        return true;
    });

    /// <summary>Writes the real rows as they were read, then the synthetic ones, and says so.</summary>
    public static void WriteResampled(string path, bool overwrite, TableDocument document, Table resampled,
        IReadOnlyList<ExtraColumn> extra, ulong seed, Session session)
    {
        Write(path, overwrite, document, resampled, extra, session);
        session.Say($"wrote {resampled.RealRows} real and {resampled.RowCount - resampled.RealRows} synthetic rows to {Name(path)} (seed " +
            $"{seed}): {CountsText(resampled)}");
    }

    /// <summary>Says what was read: columns, rows, the rows of each class, and groups where a column was asked for.</summary>
    public static void Describe(string path, TableSummary table, string? groups, Session session)
    {
        (TableSchema schema, long rows, long[] counts) = (table.Schema, table.Rows, table.ClassCounts);
        session.Say($"read {rows} rows x {schema.Columns.Count} columns from {(path == "-" ? "standard input" : path)}; " +
            $"{(schema.Target is null ? "no labels" : $"'{schema.Target}': {CountsText(schema, counts)}")}");
        DescribeKinds(schema, session);
        if (Doubt(schema, rows, counts) is (string doubt, _))
            session.Warn($"{doubt}: is it a measurement? --target names another column");
        foreach (IGrouping<string, string> alike in schema.Classes.GroupBy(name => name.Trim()).Where(group => group.Count() > 1))
            session.Warn($"label column '{schema.Target}': {TableSchema.Quote([.. alike])} differ in blanks only, and are " +
                $"{alike.Count()} classes");
        foreach (string sentence in TableDoubts.Of(table))
            session.Warn(sentence);
        session.Set("rows", rows);
        session.Set("columns", schema.Columns.Count);
        session.Set("class_counts", Counts(schema, counts));
        if (groups is not null)
            DescribeGroups(groups, table, session);
    }

    // Nothing is said of numbers only.
    static void DescribeKinds(TableSchema schema, Session session)
    {
        if (schema.Columns.All(column => column is { Kind: ColumnKind.Numeric, HasMissing: false }))
            return;
        string[] missing = [.. schema.Columns.Where(column => column.HasMissing).Select(column => column.Name)],
            ids = [.. schema.Columns.Where(column => column.Kind == ColumnKind.Identifier).Select(column => column.Name)];
        session.Say($"columns: {ColumnKinds.Count(schema.Columns)}{(missing.Length > 0 ? $"; missing values in {missing.Length}" : "")} " +
            $"(inspect DATA shows them all)");
        if (ids.Length > 0)
            session.Say($"{TableSchema.Quote(ids)} {(ids.Length == 1 ? "names the rows and is" : "name the rows and are")} no feature; " +
                $"--categories {ColumnKinds.List(ids)} takes the names as categories");
        session.Set("kinds", new JsonObject(schema.Columns.GroupBy(column => column.Kind).OrderBy(kind => kind.Key)
            .Select(kind => KeyValuePair.Create<string, JsonNode?>(ColumnKinds.Name(kind.Key), kind.Count()))));
    }

    static void DescribeGroups(string column, TableSummary table, Session session)
    {
        if (table.Groups is not long count)
            return;
        string empty = table.Alone == 0 ? "" : $", {table.Alone} of them rows without one";
        session.Say($"'{column}': {count} groups in {table.Rows} rows{empty}");
        if (count == table.Rows)
            session.Warn($"group column '{column}': each row is a group of its own");
        session.Set("groups", count);
    }

    /// <summary>Fails where the labels can't be meant as classes, unless it was said that they are.</summary>
    public static void RequireClasses(Table table, bool areMeant)
    {
        if (!areMeant && Doubt(table.Schema, table.RowCount, Long(table.ClassCounts())) is (string doubt, true))
            throw new ArgumentException($"{doubt}: it looks like a measurement or like names of rows, expected a few classes; --target " +
                $"names another column, --yes goes on with this one");
    }

    // Whether labels look like a measurement. It is as good as sure where they are numbers, some with fractions, and more than 20 or most
    // of them in one row only; and where there are more than 20 of whatever kind, most in one row only, and fewer than five rows for each.
    static (string Doubt, bool IsSure)? Doubt(TableSchema schema, long rows, long[] counts)
    {
        const int Many = 20, FewRows = 5;
        int classes = counts.Length, alone = counts.Count(count => count == 1);
        bool areMostAlone = alone > 1 && 2 * alone > classes;
        bool isSure = ((classes > Many || areMostAlone) && AreFractions(schema.Classes))
            || (classes > Many && areMostAlone && rows < FewRows * classes);
        return isSure || areMostAlone
            ? ($"label column '{schema.Target}' has {classes} classes in {rows} rows, {alone} of them with one row", isSure) : null;
    }

    static bool AreFractions(IReadOnlyList<string> labels)
    {
        bool any = false;
        foreach (string label in labels)
        {
            if (!double.TryParse(label, NumberStyles.Float, CultureInfo.InvariantCulture, out double number))
                return false;
            any |= number != Math.Floor(number);
        }
        return any;
    }

    /// <summary>Fails before long work where a column that is to be added has a name that is taken, with what can be done.</summary>
    public static void RequireNewColumns(Action<IEnumerable<string>> require, IEnumerable<string> added, string advice)
    {
        try
        {
            require(added);
        }
        catch (ArgumentException e)
        {
            throw new ArgumentException($"{Fault.Text(e)}; {advice}", e);
        }
    }

    /// <summary>Says what the synthetic rows give away of the real ones.</summary>
    public static void SayNearness(Table resampled, Session session)
    {
        (NearCopies? found, AttackScores? scores) = session.Progress("comparing rows", report =>
        {
            WorkProgress progress = new(report, TimeProvider.System);
            NearCopies? near = NearCopies.Of(resampled, session.Threads, session.Cancellation);
            progress.Report(resampled.RowCount, 0.5);
            return (near, near is null ? null : RowAttacks.Measure(resampled, null, session.Threads, session.Cancellation));
        });
        if (found is not { } copies)
            return;
        if (scores is { } attacks)
        {
            (double equal, double tenth, double half) = attacks.Synthetic;
            string near = double.IsNaN(half) ? "" : string.Create(CultureInfo.InvariantCulture,
                $", {half:P0} have a synthetic row within half of the distance to their nearest other row, {tenth:P0} within a tenth");
            // A row that others equal isn't told by coming back.
            string some = attacks.Alone == 1 ? ""
                : string.Create(CultureInfo.InvariantCulture, $" {attacks.Alone:P0} equal no other real row; of these");
            string back = double.IsNaN(equal) ? "" : string.Create(CultureInfo.InvariantCulture, $" {equal:P0} come back exactly{near}");
            session.Say(back.Length == 0 ? "each real row of the classes that grew equals another one: none is told by coming back"
                : $"of the real rows of the classes that grew{some}{back}: the synthetic rows are not anonymous");
            session.Set("attacks", new JsonObject
            {
                ["alone"] = attacks.Alone,
                ["equal"] = Number(equal),
                ["within_tenth"] = Number(tenth),
                ["within_half"] = Number(half),
                ["lines_rebuilt"] = Number(attacks.LinesRebuilt),
            });
        }
        foreach ((string name, int records) in copies.OfFewRecords)
            session.Say($"rows of class '{name}' are near-copies of {records} {(records == 1 ? "record" : "records")}");
        session.Set("near_copies", new JsonObject { ["within_half"] = copies.WithinHalf, ["within_tenth"] = copies.WithinTenth });

        static JsonNode? Number(double value) => double.IsFinite(value) ? value : null;
    }

    /// <summary>Where an output goes, in words.</summary>
    public static string Name(string output) => output == "-" ? "standard output" : output;

    public static string CountsText(Table table) => CountsText(table.Schema, Long(table.ClassCounts()));

    public static string CountsText(TableSchema schema, long[] counts)
    {
        const int Shown = 20;
        string text = string.Join(", ", counts.Take(Shown).Select((count, c) => $"{VisibleText.Quoted(schema.Classes[c])} {count}"));
        return counts.Length > Shown ? $"{text} and {counts.Length - Shown} more" : text;
    }

    public static JsonObject Counts(Table table) => Counts(table.Schema, Long(table.ClassCounts()));

    static long[] Long(int[] counts) => [.. counts.Select(count => (long)count)];

    public static JsonObject Counts(TableSchema schema, long[] counts) =>
        new(counts.Select((count, c) => KeyValuePair.Create<string, JsonNode?>(schema.Classes[c], count)));
}
