namespace LeoCvae;

/// <summary>What random numbers are for. A stream's number is part of the model file's meaning: never reused, never renumbered.</summary>
enum RandomStream : uint
{
    /// <summary>Inner stratified split; row = class index.</summary>
    Split = 1,

    /// <summary>Order of the training rows; row = epoch.</summary>
    Shuffle = 2,

    /// <summary>Noise of the latent draw while training; row = (epoch, training row).</summary>
    TrainingNoise = 3,

    /// <summary>Dropout masks; row = (epoch, training row).</summary>
    Dropout = 4,

    /// <summary>Initial weights; row = parameter tensor.</summary>
    Init = 5,

    /// <summary>Fixed noise of the validation loss; row = table row.</summary>
    ValidationNoise = 6,

    /// <summary>
    /// Which seed a synthetic row starts from; row = (class, number within the class), and of even seeds draws 0 and 1 of number 0 are the
    /// start.
    /// </summary>
    Seeds = 7,

    /// <summary>Noise of the latent draw of a synthetic row; row = (class, number within the class).</summary>
    Latent = 8,

    /// <summary>Directions and samples of the approximate neighbor search; row = (tree or round, place).</summary>
    GraphSearch = 9,

    /// <summary>Which rows a recall gate checks; row = number in the sample.</summary>
    RecallSample = 10,

    /// <summary>The search graph: draw 0 of row = node gives the node's level, row = (1, first new node) the order of insertion.</summary>
    SearchGraph = 11,

    /// <summary>Folds of a cross-validation; row = (repeat, class).</summary>
    Folds = 12,

    /// <summary>Seeds of the fits of a cross-validation; row = (repeat, fold).</summary>
    FoldSeeds = 13,

    /// <summary>
    /// Baseline oversampling: draw 0 picks the row, or row and neighbor, draw 1 the place between; row = (class, number within the class).
    /// </summary>
    Oversampling = 14,

    /// <summary>Tiny noise that parts equal values before their mutual information is estimated; row = column.</summary>
    TieNoise = 15,

    /// <summary>
    /// Residual of a synthetic row; row = (class, number within the class), draw 0 chooses the neighbor, draw 1 its share.
    /// </summary>
    Residual = 16,

    /// <summary>Rows that a tree of a random forest learns from; row = tree.</summary>
    ForestRows = 20,

    /// <summary>Columns that a tree's node tries in which order; row = (tree, node).</summary>
    ForestColumns = 21,

    /// <summary>Which fold of the two-sample test a row belongs to; row = 0 for real, 1 for synthetic rows.</summary>
    TwoSampleFolds = 22,
}
