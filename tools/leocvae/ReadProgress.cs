namespace LeoCvae.Cli;

/// <summary>How far a table is read or written, which is the work or its beginning, up to a share of it.</summary>
sealed class ReadProgress(WorkProgress work, double end = 1) : IProgress<TableProgress>
{
    public void Report(TableProgress value) => work.Report(value.Rows, end * value.Share);
}

/// <summary>What share is done of work, or of its rest from a share on.</summary>
sealed class ShareProgress(WorkProgress work, double start = 0) : IProgress<double>
{
    public void Report(double value) => work.Report(0, start + ((1 - start) * value));
}

/// <summary>How many rows, or parts, of a known number are made.</summary>
sealed class RowProgress(WorkProgress work, long rows) : IProgress<long>
{
    public void Report(long value) => work.Report(value, (double)value / rows);
}
