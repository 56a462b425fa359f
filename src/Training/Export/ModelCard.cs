using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Text;

namespace LeoCvae.Training;

/// <summary>Writes MODEL_CARD.md: what the model was trained on, how, how well it went, and what it must not be used for.</summary>
static class ModelCard
{
    const int ClassesShown = 50, FewShown = 8, LongestName = 100, LongestWarning = 1200, ConstraintsShown = 20;
    const string MarkdownSigns = "\\`*_[]!|~$#";

    public static string Write(ModelManifest manifest, TrainingOptions options)
    {
        ManifestProvenance made = manifest.Provenance;
        StringBuilder card = new();
        void Part(FormattableString text) => card.Append(text.ToString(CultureInfo.InvariantCulture));
        void Line(FormattableString text)
        {
            Part(text);
            card.Append('\n');
        }

        Line($"# Model card");
        Line($"");
        Line($"A LEO-CVAE ({made.Paper}): a conditional variational autoencoder that generates rows for the classes of");
        Line($"{Markdown(manifest.Schema.Target!)}, with learning and sampling guided by the local entropy of the classes.");
        Line($"");
        Line($"## Trained on");
        Line($"");
        Line($"{made.Rows} rows, {Kinds(manifest.Schema.Columns)}; SHA-256 of the table `{made.DataSha256}`.");
        Line($"Mean local entropy {made.MeanEntropyBits:0.000} bits.");
        Line($"");
        Line($"| class | rows |");
        Line($"|---|---|");
        foreach ((string name, int rows) in manifest.Classes.Zip(made.ClassCounts).Take(ClassesShown))
            Line($"| {Markdown(name)} | {rows} |");
        if (manifest.Classes.Count > ClassesShown)
        {
            long others = made.ClassCounts.Skip(ClassesShown).Sum(rows => (long)rows);
            Line($"| {manifest.Classes.Count - ClassesShown} more, in `{ModelFormat.Manifest}` | {others} |");
        }
        Line($"");
        Line($"## How");
        Line($"");
        Part($"Preset `{options.Preset}`, engine {made.Engine}, {made.Producer}, seed {options.Seed}: ");
        Line($"k = {options.EntropyNeighbors}, gamma = {options.EntropyPower}, beta = {options.KldWeight},");
        Part($"kappa = {options.KldFloor}, latent {options.LatentSize}, hidden {options.HiddenSize}, batch {options.BatchSize}, ");
        Line($"learning rate {options.LearningRate}. All options are in `{ModelFormat.Manifest}`.");
        Part($"{made.Epochs} epochs ran; the weights are those of epoch {made.BestEpoch}, ");
        Line($"with the best validation loss, {made.BestValidationLoss:G6}.");
        Part($"Made on {Machine(options)}. ");
        Line($"The same command gives the same bytes on this kind of machine; elsewhere float rounding differs.");
        if (manifest.Constraints is { Count: > 0 } constraints)
        {
            Line($"\nEvery generated row holds what every training row does:");
            foreach (RowConstraint constraint in constraints.Take(ConstraintsShown))
                Line($"{Markdown(constraint.ToString(), LongestWarning)};");
            Line($"{constraints.Count} in all.");
        }
        foreach (string warning in made.Warnings)
            Line($"\nWarning: {Markdown(warning, LongestWarning)}.");
        Line($"");
        Line($"## How good");
        Line($"");
        Line($"Not known from this file alone: whether added rows help is a question to a classifier and to test rows that neither the");
        Line($"model nor the choice of its options has seen. Compare with no resampling and with class weights before using it.");
        Line($"");
        Line($"## What it holds, and what it must not be used for");
        Line($"");
        if (options.Prior == LatentPrior.Mixture)
        {
            Line($"For each class some components of a mixture, each of which stands for {MixtureFit.LeastRows} or more training rows");
            Line($"where the class has as many: {manifest.Sampling.ClassStarts[^1]} in all.");
        }
        else
        {
            Line($"For each training row: a latent mean, a spread and an entropy weight, from which the decoder gives a likeness");
            Line($"of the row, in general a smoothed one; where rows come back exactly, a warning above says so.");
        }
        Line($"Also each column's range and, by class, its quantiles and how the columns go together.");
        if (manifest.Schema.Columns.Any(column => column.Kind == ColumnKind.Category))
            Line($"Also the names of all categories, those of a single row too, and how frequent they are in each class.");
        if (manifest.Sampling.NoiseFactors > 0)
            foreach (int c in Enumerable.Range(0, made.ClassCounts.Count).Where(c => made.ClassCounts[c] <= NearCopies.FewRecords)
                .Take(FewShown))
            {
                int n = made.ClassCounts[c];
                double Borrowed(double pooled) => 100 * pooled / (n + pooled);
                Line($"Class {Markdown(manifest.Classes[c])} has {n} {(n == 1 ? "row" : "rows")}: its row noise borrows from all classes");
                Part($"{Borrowed(Residuals.PooledRows):0} % of the spread, {Borrowed(ResidualCorrelation.PooledRows):0} % of the ");
                Line($"correlations and {Borrowed(ColumnQuantiles.PooledRows):0} % of the quantiles.");
            }
        Line($"Of the rows that it generates, {made.NearCopiesWithinHalf * 100:0} % lie within half of the median distance between a");
        Line($"training row of their class and its nearest other, {made.NearCopiesWithinTenth * 100:0} % within a tenth");
        Line($"(measured on some rows of every class).");
        foreach (int c in made.NearCopiesOfFewRecords.Take(FewShown))
        {
            int rows = made.ClassCounts[c];
            Line($"**Rows of class {Markdown(manifest.Classes[c])} are near-copies of {rows} {(rows == 1 ? "record" : "records")}.**");
        }
        if (made.NearCopiesOfFewRecords.Count > FewShown)
            Line($"So are those of {made.NearCopiesOfFewRecords.Count - FewShown} more classes of at most {NearCopies.FewRecords} rows.");
        if (options.WithReference)
        {
            Line($"**`{ModelFormat.Reference}` holds every training row** (standardized, with its class): whoever has it has the table.");
            Line($"To share the model without the rows, fit it again without a reference.");
        }
        Line($"It is **not differentially private**: treat it like the data it came from. Generated rows are for training");
        Line($"models, not evidence about any person, and never test data. Fit on training rows only.");
        return card.ToString();
    }

    // What others named: shown as it is written, whatever it means in Markdown and HTML.
    static string Markdown(string text, int most = LongestName)
    {
        StringBuilder plain = new();
        foreach (char character in VisibleText.Escape(VisibleText.Cut(text, most)))
            _ = character switch
            {
                '<' => plain.Append("&lt;"),
                '>' => plain.Append("&gt;"),
                '&' => plain.Append("&amp;"),
                _ when MarkdownSigns.Contains(character, StringComparison.Ordinal) => plain.Append('\\').Append(character),
                _ => plain.Append(character),
            };
        return plain.ToString();
    }

    /// <summary>
    /// The kind of machine, as far as float rounding depends on it: in libtorch on the processor, in the fused engine on whether products
    /// and sums are rounded once.
    /// </summary>
    public static string Machine(TrainingOptions options)
    {
        string system = OperatingSystem.IsLinux() ? "Linux" : OperatingSystem.IsWindows() ? "Windows" : OperatingSystem.IsMacOS() ? "macOS"
            : "another system";
        string kind = options.UsesTorch ? X86Base.IsSupported ? X86Kind() : "" : Simd.Fuses ? "" : " without fused multiply-add";
        return $"{system} {RuntimeInformation.ProcessArchitecture}{kind}";
    }

    // Vendor and family by CPUID: its libraries choose their kernels by both, not by the vector width alone.
    static string X86Kind()
    {
        (_, int ebx, int ecx, int edx) = X86Base.CpuId(0, 0);
        Span<byte> vendor = stackalloc byte[12];
        BinaryPrimitives.WriteInt32LittleEndian(vendor, ebx);
        BinaryPrimitives.WriteInt32LittleEndian(vendor[4..], edx);
        BinaryPrimitives.WriteInt32LittleEndian(vendor[8..], ecx);
        int signature = X86Base.CpuId(1, 0).Eax, family = ((signature >> 8) & 0xF) + ((signature >> 20) & 0xFF);
        string vectors = Avx512F.IsSupported ? "AVX-512" : Avx2.IsSupported ? "AVX2" : "SSE";
        return string.Create(CultureInfo.InvariantCulture, $", {Encoding.ASCII.GetString(vendor)} family {family}, {vectors}");
    }

    static string Kinds(IReadOnlyList<ColumnSpec> columns)
    {
        (ColumnKind Kind, string Name)[] kinds = [(ColumnKind.Numeric, "numeric"), (ColumnKind.Category, "category"),
            (ColumnKind.Date, "date"), (ColumnKind.DateTime, "date-time"), (ColumnKind.Identifier, "identifier")];
        string all = string.Join(", ", kinds.Select(kind => (kind.Name, Count: columns.Count(column => column.Kind == kind.Kind)))
            .Where(kind => kind.Count > 0).Select(kind => FormattableString.Invariant($"{kind.Count} {kind.Name}")));
        int missing = columns.Count(column => column.HasMissing);
        return FormattableString.Invariant($"{all} columns{(missing > 0 ? $", of which {missing} may be missing" : "")}");
    }
}
