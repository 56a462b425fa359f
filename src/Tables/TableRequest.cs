namespace LeoCvae;

/// <summary>What is asked of a reader.</summary>
/// <param name="Name">What messages call the file.</param>
/// <param name="Target">The label column; null: the last.</param>
/// <param name="Groups">The group column; null: none.</param>
/// <param name="Use">What is done about labels.</param>
/// <param name="Columns">How columns are read.</param>
/// <param name="Source">How cells are written.</param>
sealed record TableRequest(string Name, string? Target, string? Groups, LabelUse Use, ColumnOptions Columns, SourceOptions Source)
{
    /// <summary>Between the fields of a text.</summary>
    public char Delimiter { get; init; } = Source.Delimiter ?? ',';

    /// <summary>Receives how far the reader is.</summary>
    public IProgress<TableProgress>? Progress { get; init; }

    /// <summary>The share of the file that is read; null where its length isn't known.</summary>
    public Func<double?> Share { get; init; } = () => null;

    /// <summary>Says how far the reader is.</summary>
    public void Report(long rows) => Progress?.Report(new(rows, Share()));

    /// <summary>The fault of a file that is read twice, and is another one then.</summary>
    public InvalidDataException Changed() => new($"{Name}: the file changed while it was read");

    /// <summary>The most rows of a batch; null: by what they take.</summary>
    public int? BatchRows { get; init; }

    /// <summary>The rows that are read; null: all.</summary>
    public BatchRange? Part { get; init; }

    /// <summary>Whether all columns are features.</summary>
    public bool IsWithoutLabels { get; init; }

    /// <summary>Fails where options are none.</summary>
    public TableRequest Checked() => Source.Delimiter is not char delimiter || SourceOptions.IsDelimiter(delimiter) ? this
        : throw Fault.Argument("source", $"got the delimiter '{VisibleText.Name(delimiter.ToString())}', expected a character that can't " +
            $"be part of a number, a quote or a line end");
}
