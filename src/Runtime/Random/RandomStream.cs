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
    /// Baseline oversampling: draw 0 picks the row, or row and neighbor, draw 1 the place between, draw 2 + column one of the most frequent
    /// categories; row = (class, number within the class).
    /// </summary>
    Oversampling = 14,

    /// <summary>Tiny noise that parts equal values before their mutual information is estimated; row = column.</summary>
    TieNoise = 15,

    /// <summary>Rows that a tree of a random forest learns from; row = tree.</summary>
    ForestRows = 20,

    /// <summary>Columns that a tree's node tries in which order; row = (tree, node).</summary>
    ForestColumns = 21,

    /// <summary>Which fold of the two-sample test a row belongs to; row = 0 for real, 1 for synthetic rows.</summary>
    TwoSampleFolds = 22,

    /// <summary>Row noise that the columns of a synthetic row share; row = (class, number within the class), draw = factor.</summary>
    FactorNoise = 23,

    /// <summary>Row noise of each column of a synthetic row; row = (class, number within the class), draw = column.</summary>
    ColumnNoise = 24,

    /// <summary>
    /// Draws that row noise is fitted with: normals of row = (class, number within the class), column noise of row = (class, 2^39 +
    /// number);
    /// row (2^24 - 1, class) starts its search for factors.
    /// </summary>
    NoiseFit = 25,

    /// <summary>First centers of a mixture prior; row = (class, 0), draw = component.</summary>
    MixtureCenters = 26,

    /// <summary>Which rows a bootstrap sample has; row = (class, number within the class).</summary>
    Bootstrap = 27,

    /// <summary>
    /// Levels of categories and missing values of a synthetic row; row = (class, number within the class), draw = block, then one for each
    /// block with a level that rare categories share.
    /// </summary>
    Choices = 28,

    /// <summary>Signs with which a wide table's rows are turned before a network learns from them; draw = place.</summary>
    TurnSigns = 29,

    /// <summary>
    /// Networks that generated rows are checked by: row = (network, step), draw = place in the batch; row = (network, 2^38 + layer) gives
    /// the first weights.
    /// </summary>
    CheckFit = 30,

    /// <summary>Which rows a fit takes of a table with too many; row = class index.</summary>
    TrainingSample = 31,
}
