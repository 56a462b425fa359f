namespace LeoCvae.Cli;

/// <summary>How far a table is read or written.</summary>
sealed class ReadProgress(WorkProgress work) : IProgress<TableProgress>
{
    public void Report(TableProgress value) => work.Report(value.Rows, value.Share);
}

/// <summary>What share of work is done.</summary>
sealed class ShareProgress(WorkProgress work) : IProgress<double>
{
    public void Report(double value) => work.Report(0, value);
}

/// <summary>How many rows, or parts, of a known number are made.</summary>
sealed class RowProgress(WorkProgress work, long rows) : IProgress<long>
{
    public void Report(long value) => work.Report(value, (double)value / rows);
}
