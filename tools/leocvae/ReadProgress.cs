namespace LeoCvae.Cli;

/// <summary>How far a table is read.</summary>
sealed class ReadProgress(WorkProgress work) : IProgress<TableProgress>
{
    public void Report(TableProgress value) => work.Report(value.Rows, value.Share);
}

/// <summary>How many rows of a known number are made.</summary>
sealed class RowProgress(WorkProgress work, long rows) : IProgress<long>
{
    public void Report(long value) => work.Report(value, (double)value / rows);
}
