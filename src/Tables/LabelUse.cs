namespace LeoCvae;

/// <summary>What a reader does about the label column.</summary>
public enum LabelUse
{
    /// <summary>Labels are read; a file without the column is refused.</summary>
    Required = 0,

    /// <summary>Labels are read where the file has the column; else, and where it is blank in every row, its rows have none.</summary>
    Optional = 1,

    /// <summary>The column may be there, its cells are not looked at: the rows have no labels.</summary>
    Ignored = 2,
}
