using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;

namespace LeoCvae;

/// <summary>
/// What a reader gathers of feature columns beside their numbers: texts, how missing cells and numbers are written. At the end the texts
/// say what the columns are.
/// </summary>
sealed class ColumnTexts
{
    /// <summary>The longest name of a class, a category or a column.</summary>
    public const int LongestName = 1 << 12;

    // More than any number needs.
    const int MostWrittenDecimals = 20;

    readonly TableLayout _layout;
    readonly string _name;
    readonly NumberForm _form;
    // The decimals that all numbers of a column are written with: -1 before the first, NoDecimals where they differ.
    readonly int[] _written;
    readonly CellTexts?[] _texts, _missing;

    public ColumnTexts(TableLayout layout, string name, NumberForm form)
    {
        (_layout, _name, _form) = (layout, name, form);
        int width = layout.Columns.Count;
        (_written, _texts, _missing) = (new int[width], new CellTexts?[width], new CellTexts?[width]);
        Array.Fill(_written, -1);
    }

    /// <summary>Why a cell can be no name or text in a table, or null: nothing of it may be lost or become something else.</summary>
    public static string? Fault(ReadOnlySpan<byte> cell)
    {
        string? what = cell.Contains((byte)0) ? "has a NUL character; is the file text of fixed width, or damaged?"
            : !Utf8.IsValid(cell) ? "is not UTF-8; save the file as UTF-8"
            : cell.IndexOf(Encoding.UTF8.Preamble) >= 0 ? "has a byte order mark, which can only be the file's first character; remove it"
            : null;
        return what is null ? null : $"'{VisibleText.Start(cell)}' {what}";
    }

    /// <summary>The same for a name, which is short.</summary>
    public static string? NameFault(ReadOnlySpan<byte> name) => Fault(name) ?? (name.Length <= LongestName ? null
        : $"got the text '{VisibleText.Start(name, 20)}' of {name.Length} bytes, expected a name of at most {LongestName}");

    /// <summary>The texts of a column whose cells are not all numbers; null for one of numbers so far.</summary>
    public CellTexts? this[int column] => _texts[column];

    /// <summary>From here on a column's cells are texts.</summary>
    public CellTexts Begin(int column)
    {
        Begun.Add(column);
        return _texts[column] = new();
    }

    /// <summary>The columns of texts so far, in the order in which they became so.</summary>
    public List<int> Begun { get; } = [];

    /// <summary>Takes a cell that is missing.</summary>
    public void AddMissing(int column, ReadOnlySpan<byte> cell, long row, long line) =>
        (_missing[column] ??= new()).Add(cell, row, line);

    /// <summary>A column is read anew.</summary>
    public void ForgetMissing(int column) => _missing[column] = null;

    /// <summary>Takes the text of a number, with a decimal point. 3.0 is a whole one, but written with a decimal.</summary>
    public void AddNumber(int column, ReadOnlySpan<byte> number) => AddDecimals(column, NumberText.WrittenDecimals(number));

    /// <summary>Takes the decimals that a number is written with; or <see cref="NumberText.NoDecimals"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddDecimals(int column, int decimals)
    {
        if (_written[column] != decimals)
            AddOther(ref _written[column], decimals);

        static void AddOther(ref int written, int decimals) =>
            written = written == -1 && decimals is >= 0 and <= MostWrittenDecimals ? decimals : NumberText.NoDecimals;
    }

    /// <summary>How the columns of a table are written.</summary>
    public WrittenColumn[] Written(TableSchema schema) => [.. _written.Select((decimals, column) => new WrittenColumn(
        decimals >= 0 ? decimals : null, MostUsed(_missing[column]),
        schema.Columns[column].Kind == ColumnKind.Identifier ? WrittenColumn.FirstFree(_texts[column]!) : 0))];

    /// <summary>Turns the numbers of texts into cells, and says what their columns are.</summary>
    /// <param name="columns">What is known of them, and what they are.</param>
    /// <param name="values">The cells of all rows that were looked at, or of the last ones.</param>
    /// <param name="use">What is done about missing values.</param>
    /// <param name="first">How many rows stand before these.</param>
    /// <exception cref="InvalidDataException">Columns are at fault.</exception>
    public void FindKinds(ColumnSpec[] columns, ArraySegment<double> values, MissingUse use, long first = 0)
    {
        List<ColumnFault> faults = [];
        FoundColumn?[] found = new FoundColumn?[columns.Length];
        for (int j = 0; j < columns.Length; j++)
        {
            string name = _layout.Columns[j];
            if (_texts[j] is { } texts)
                try
                {
                    found[j] = new KindFinder(name, texts, _form).Find(_layout.Choices[j], _layout.Like[j]);
                }
                catch (ColumnFaultException e)
                {
                    faults.Add(e.Fault);
                }
            if (use == MissingUse.Refuse && (found[j]?.Kind ?? columns[j].Kind) != ColumnKind.Identifier && _missing[j] is { } missing)
                faults.Add(new(name, $"{missing.PlaceOf(missing.InOrder()[0])}, column '{name}': the value is missing, as in " +
                    $"{missing.Cells} of {(first > 0 ? "the first " : "")}{first + (values.Count / columns.Length)} rows",
                    "--missing learn or --missing impute takes them, --drop {0} leaves it out"));
        }
        if (faults.Count > 0)
            throw new InvalidDataException($"{_name}: {ColumnFault.Line(faults)}");
        Recode(found, values);
        for (int j = 0; j < columns.Length; j++)
            if (found[j] is { } column)
                columns[j] = Learn(j, _texts[j]!, column, _missing[j] is not null);
        if (columns.All(column => column.Kind == ColumnKind.Identifier))
            throw new InvalidDataException($"{_name}: {TableSchema.Quote(_layout.Columns)} " +
                $"{(columns.Length == 1 ? "names" : "name")} the rows and no other feature column is there, expected at least one; " +
                $"--categories {ColumnKinds.List(_layout.Columns)} takes the names as categories");
        if (use == MissingUse.Impute)
            Imputation.Fill(columns, values);
    }

    /// <summary>What columns seem to be, and whether their numbers are written as whole ones; those at fault are categories.</summary>
    public (ColumnSpec Column, bool IsWhole)[] Guess(ColumnSpec[] numbers) => [.. numbers.Select((column, j) =>
    {
        if (_texts[j] is not { } texts)
            return (column, _written[j] == 0 && Math.Max(-column.Minimum, column.Maximum) <= NumberText.LargestWhole);
        FoundColumn found;
        try
        {
            found = new KindFinder(column.Name, texts, _form).Find(_layout.Choices[j], null);
        }
        catch (ColumnFaultException)
        {
            found = new(ColumnKind.Category, [], []);
        }
        return (column with { Kind = found.Kind, Format = found.Format, Categories = found.Categories }, false);
    })];

    static string MostUsed(CellTexts? missing) => missing is null ? "" : missing.Text(missing.InOrder().MaxBy(missing.CountOf));

    // Cells in place of the numbers of texts; an identifier is a name, also where it is missing.
    void Recode(FoundColumn?[] found, Span<double> values)
    {
        int[] columns = [.. Enumerable.Range(0, found.Length).Where(j => found[j] is not null)];
        double[][] cells = [.. columns.Select(j => found[j]!.Cells)];
        if (columns.Length > 0)
            for (int row = 0; row < values.Length; row += found.Length)
                for (int k = 0; k < columns.Length; k++)
                {
                    ref double cell = ref values[row + columns[k]];
                    if (!double.IsNaN(cell))
                        cell = cells[k][(int)cell];
                }
        foreach (int j in columns.Where(j => found[j]!.Kind == ColumnKind.Identifier && _missing[j] is not null))
            for (int row = 0; row < values.Length; row += found.Length)
                values[row + j] = 0;
    }

    ColumnSpec Learn(int column, CellTexts texts, FoundColumn found, bool hasMissing)
    {
        if (found.Kind == ColumnKind.Numeric)
        {
            _written[column] = -1;
            foreach (int i in texts.InOrder())
                AddNumber(column, _form.Of(texts[i]));
        }
        if (found.Kind is ColumnKind.Category or ColumnKind.Identifier)
            return new()
            {
                Name = _layout.Columns[column],
                Kind = found.Kind,
                Minimum = 0,
                Maximum = Math.Max(0, (found.Categories?.Count ?? 1) - 1),
                Decimals = 0,
                HasMissing = hasMissing && found.Kind == ColumnKind.Category,
                Categories = found.Categories,
            };
        ColumnLearner learner = new([_layout.Columns[column]]);
        if (hasMissing)
            learner.Add([double.NaN]);
        for (int i = 0; i < texts.Count; i++)
            // Whether a value came again is all that is learned of how often it did.
            for (int time = 0; time < Math.Min(2, texts.CountOf(i)); time++)
                if (found.Kind == ColumnKind.Numeric)
                    learner.Add([found.Cells[i]], [TableBuilder.DecimalsOf(_form.Of(texts[i]))]);
                else
                    learner.Add([found.Cells[i]]);
        return learner.Columns()[0] with { Kind = found.Kind, Format = found.Format };
    }
}
