using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using LeoCvae.Training;

namespace LeoCvae.Cli;

/// <summary>The whole story on a small real medical table that ships with the tool: no argument, no network.</summary>
sealed class DemoVerb : Verb
{
    const string Folder = "leocvae-demo", TableName = "breast-cancer.csv", Shown = "malignant";
    const int RowsShown = 3, ColumnsShown = 4;

    public DemoVerb()
        : base("demo", $"Train, export, reload, generate on a breast cancer table that ships with the tool; writes ./{Folder}/")
    {
    }

    protected override void Run(ParseResult arguments, Session session)
    {
        long start = Stopwatch.GetTimestamp();
        TrainingOptions options = TrainingOptions.Default with { Seed = session.Seed, MaxDegreeOfParallelism = session.Threads };
        WarmUp.Start(options);
        string data = Path.Combine(Folder, TableName), modelFolder = Path.Combine(Folder, "model"),
            balanced = Path.Combine(Folder, "balanced.csv");
        Directory.CreateDirectory(Folder);
        ModelIO.RequireWritable(modelFolder, overwrite: true);
        AtomicFile.RequireFree(balanced, overwrite: true);
        using (Stream shipped = typeof(DemoVerb).Assembly.GetManifestResourceStream(TableName)!)
            AtomicFile.Write(data, overwrite: true, shipped.CopyTo);

        session.Say("1. A real, imbalanced table (Wisconsin diagnostic breast cancer)");
        CsvDocument document = TableFile.ReadDocument(data);
        TableIO.Describe(data, document.Table, session);

        session.Say("2. Fit: local entropy of every row, then a conditional VAE that attends to where classes overlap");
        using (TrainingResult result = Fit(document.Table, options, session))
        {
            double[] bits = result.Entropy.Bits.ToArray();
            session.Say(string.Create(CultureInfo.InvariantCulture,
                $"local entropy of the {result.Entropy.Neighbors} nearest neighbors: {bits.Count(h => h == 0)} rows have neighbors of " +
                $"one class only, {bits.Count(h => h > 0.5)} lie where classes overlap (above 0.5 bits)"));
            ModelIO.Save(result.Model, modelFolder, overwrite: true, session);
        }

        session.Say("3. Reload the plain ONNX files and generate, without TorchSharp");
        using LeoModel model = LeoModel.Load(modelFolder, session.RuntimeOptions);
        Table resampled = model.Oversample(document.Table, seed: session.Seed, cancellation: session.Cancellation);
        TableIO.WriteResampled(balanced, overwrite: true, document, resampled, [], session.Seed, session);
        ShowRows(resampled, session);

        session.Say(string.Create(CultureInfo.InvariantCulture,
            $"done in {Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s; all files are in {Path.GetFullPath(Folder)}"));
        session.Set("folder", Path.GetFullPath(Folder));
        session.Set("class_counts_after", TableIO.Counts(resampled));
    }

    static TrainingResult Fit(Table table, TrainingOptions options, Session session)
    {
        TrainingResult result = session.Progress("training",
            report => LeoTrainer.Fit(table, options, new EpochProgress(report), cancellation: session.Cancellation));
        session.Say(string.Create(CultureInfo.InvariantCulture,
            $"trained {result.Losses.Count} epochs; kept epoch {result.Best.Epoch}, validation loss {result.Best.ValidationLoss:G6}"));
        return result;
    }

    // A few real and synthetic rows of one class, side by side.
    static void ShowRows(Table table, Session session)
    {
        ColumnSpec[] columns = [.. table.Schema.Columns.Take(ColumnsShown)];
        int shown = table.Schema.ClassIndex(Shown);
        int[] ofClass = [.. Enumerable.Range(0, table.RowCount).Where(row => table.Labels[row] == shown)];
        string[] Cells(int row) => [table.IsSynthetic(row) ? $"new, seed {table.SourceRow(row)}" : $"real, row {row}",
            .. columns.Select((column, i) => table.Row(row)[i].ToString($"F{column.Decimals}", CultureInfo.InvariantCulture))];
        session.Show([$"{Shown} rows", .. columns.Select(column => column.Name)],
            ofClass.Where(row => !table.IsSynthetic(row)).Take(RowsShown).Concat(ofClass.Where(table.IsSynthetic).Take(RowsShown))
            .Select(Cells));
    }
}
