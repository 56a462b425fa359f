using System.Globalization;

namespace LeoCvae.Cli;

/// <summary>Scores of a table, gathered from all of it or batch by batch.</summary>
sealed class ScoreTally
{
    const int WorstShown = 5;

    // Of the batches that were searched by an index, and how many weren't.
    (long Row, double Recall)[] _worst = [];
    SearchReport? _search;
    string? _note;
    double _sum;
    int _batches, _exact;

    public long Rows { get; private set; }

    public double MeanBits => _sum / Rows;

    public double MaxBits { get; private set; } = double.NegativeInfinity;

    /// <summary>The k that was used.</summary>
    public int Neighbors { get; private set; }

    /// <summary>The search of most batches.</summary>
    public NeighborSearch Used => _search!.Used;

    /// <summary>Of all rows that were checked.</summary>
    public double Recall { get; private set; } = 1;

    public int CheckedRows { get; private set; }

    /// <summary>The checked rows that fared worst, worst first.</summary>
    public IReadOnlyList<(long Row, double Recall)> WorstRows => _worst;

    /// <summary>Why the exact search was used, or null.</summary>
    public string? Note => _note is null || _exact == _batches ? _note
        : string.Create(CultureInfo.InvariantCulture, $"in {_exact} of {_batches} batches of rows {_note}");

    /// <summary>Adds the next rows.</summary>
    public void Add(EntropyScores scores, long firstRow)
    {
        foreach (double bits in scores.Bits)
        {
            _sum += bits;
            MaxBits = Math.Max(MaxBits, bits);
        }
        Rows += scores.Bits.Length;
        Neighbors = scores.Neighbors;
        SearchReport search = scores.Search;
        _batches++;
        _exact += search.Used == NeighborSearch.Exact ? 1 : 0;
        _note ??= search.Note;
        if (_search is null || _search.Used == NeighborSearch.Exact)
            _search = search;
        if (search.CheckedRows > 0)
            Recall = CheckedRows == 0 ? search.Recall
                : ((Recall * CheckedRows) + (search.Recall * search.CheckedRows)) / (CheckedRows + search.CheckedRows);
        CheckedRows += search.CheckedRows;
        _worst = [.. _worst.Concat(search.WorstRows.Select(worst => (firstRow + worst.Row, worst.Recall)))
            .OrderBy(worst => worst.Recall).ThenBy(worst => worst.Item1).Take(WorstShown)];
    }
}
