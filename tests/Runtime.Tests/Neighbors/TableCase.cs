using CsCheck;

namespace LeoCvae.Runtime.Tests.Neighbors;

enum TableKind
{
    Continuous,
    Integers,
    Duplicates,
    Identical,
    ConstantColumns,
    TwoFarPlaces,
    NearTies,
    MixedMagnitudes,
}

/// <summary>
/// A random table to search and new rows of the same kind, made from a few numbers, so that a failing case is short to print.
/// </summary>
/// <param name="Kind">What the values are like.</param>
/// <param name="Rows">Rows of the table.</param>
/// <param name="Columns">Columns.</param>
/// <param name="NewRows">New rows; where rows repeat, they repeat the table's.</param>
/// <param name="K">Neighbors to find, often more than there are.</param>
/// <param name="Exponent">All values are multiplied by 2 to this power: ties stay ties.</param>
/// <param name="Seed">Seed of the values.</param>
sealed record TableCase(TableKind Kind, int Rows, int Columns, int NewRows, int K, int Exponent, uint Seed)
{
    /// <summary>Exponents: 2^67 is 1.5e20; squares of 2^-67 vanish in float, as values do below 2^-126.</summary>
    static readonly Gen<int> Exponents = Gen.OneOf(0, 0, 67, -67, 100, -133);

    /// <summary>Many rows of few columns, and few of up to 2000.</summary>
    public static Gen<TableCase> Any { get; } = Of(Gen.OneOf(Gen.Select(Gen.Int[1, 150], Gen.Int[1, 40]),
        Gen.Select(Gen.Int[1, 30], Gen.Int[1, 2000])), Gen.Int[1, 30], Gen.Enum<TableKind>());

    public static Gen<TableCase> Of(Gen<(int Rows, int Columns)> shape, Gen<int> k, Gen<TableKind> kind) =>
        Gen.Select(kind, shape, Gen.Int[0, 9], k, Exponents, Gen.UInt, (kind, shape, newRows, k, exponent, seed) =>
            new TableCase(kind, shape.Rows, shape.Columns, newRows, k, exponent, seed));

    public (Matrix Table, Matrix NewRows) Make()
    {
        CounterRandom random = new(Seed, RandomStream.Latent);
        Matrix all = new(Rows + NewRows, Columns);
        for (int row = 0; row < all.Rows; row++)
            random.FillNormal(CounterRandom.Row(1, Kind == TableKind.Duplicates ? random.Word(CounterRandom.Row(2, row), 0) % (1 + Rows / 5)
                : row), all.Row(row));
        float factor = MathF.ScaleB(1, Exponent);
        for (int i = 0; i < all.Values.Length; i++)
            all.Values[i] = factor * Value(all.Values[i], i / Columns, i % Columns);
        return (HnswData.Part(all, 0, Rows), HnswData.Part(all, Rows, all.Rows));
    }

    float Value(float normal, int row, int column) => Kind switch
    {
        TableKind.Integers => MathF.Round(normal),
        TableKind.Identical => 0.1f,
        TableKind.ConstantColumns => column % 3 == 1 ? normal : column,
        // Sums of squares of 1e5 in float say nothing about distances of 1.
        TableKind.TwoFarPlaces => normal + row % 2 * 1e5f,
        // Seen from every seventh row, the others' distances are one number in float, larger than the true ones.
        TableKind.NearTies => column > 0 ? normal * 1e-7f : row % 7 == 0 ? 0 : 0.1f,
        TableKind.MixedMagnitudes => Exponent == 0 ? normal * MathF.ScaleB(1, column * 7 % 120 - 60) : normal,
        _ => normal,
    };
}
