using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using LeoCvae.Evaluation;
using LeoCvae.Training;

namespace LeoCvae.Cli;

/// <summary>The whole story on a small table that ships with the tool: no argument, no network.</summary>
sealed class DemoVerb : Verb
{
    const int RowsShown = 3;

    static readonly Story
        Numbers = new("leocvae-demo", "breast-cancer.csv", "A real, imbalanced table (Wisconsin diagnostic breast cancer)", "malignant",
            ["mean_radius", "mean_texture", "mean_perimeter", "mean_area"]),
        Mixed = new("leocvae-demo-mixed", "loans.csv",
            "An imbalanced table of categories, numbers, dates and missing values (made-up loans, drawn by tools/parity/loans.py)",
            "defaulted", ["city", "state", "age", "income", "granted", "due"]);

    readonly Option<bool> _mixed = new("--mixed")
    {
        Description = $"A table of categories, dates and missing values, with an evaluation; writes ./{Mixed.Folder}/"
    };

    public DemoVerb()
        : base("demo", $"Train, export, reload, generate on a breast cancer table that ships with the tool; writes ./{Numbers.Folder}/") =>
        Add(_mixed);

    // A table that ships, what it is, and the class and columns whose rows are shown.
    sealed record Story(string Folder, string Table, string Title, string Class, string[] Columns);

    protected override void Run(ParseResult arguments, Session session)
    {
        long start = Stopwatch.GetTimestamp();
        Story story = arguments.GetValue(_mixed) ? Mixed : Numbers;
        TrainingOptions options = TrainingOptions.Default with { Seed = session.Seed, MaxDegreeOfParallelism = session.Threads };
        WarmUp.Start(options);
        string data = Path.Combine(story.Folder, story.Table), modelFolder = Path.Combine(story.Folder, "model"),
            balanced = Path.Combine(story.Folder, "balanced.csv");
        Directory.CreateDirectory(story.Folder);
        ModelIO.RequireWritable(modelFolder, overwrite: true);
        AtomicFile.RequireFree(balanced, overwrite: true);
        using (Stream shipped = typeof(DemoVerb).Assembly.GetManifestResourceStream(story.Table)!)
            AtomicFile.Write(data, overwrite: true, shipped.CopyTo);

        session.Say($"1. {story.Title}");
        TableDocument document = TableFile.ReadDocument(data);
        TableIO.Describe(data, TableSummary.Of(document.Table), groups: null, session);

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
        ShowRows(resampled, story, session);
        if (story == Mixed)
        {
            SayInvalid(balanced, resampled, model, session);
            session.Say("4. Does it help? Cross-validation, each method fitted on training rows alone");
            Evaluate(document.Table, story, session);
        }

        session.Say(string.Create(CultureInfo.InvariantCulture,
            $"done in {Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s; all files are in {Path.GetFullPath(story.Folder)}"));
        session.Set("folder", Path.GetFullPath(story.Folder));
        session.Set("class_counts_after", TableIO.Counts(resampled));
    }

    static TrainingResult Fit(Table table, TrainingOptions options, Session session)
    {
        TrainingResult result = session.Progress("training",
            report => LeoTrainer.Fit(table, options, new EpochProgress(report, TimeProvider.System), cancellation: session.Cancellation));
        TrainingArguments.DescribeConstraints(result.Model.Manifest.Constraints ?? [], session);
        session.Say(string.Create(CultureInfo.InvariantCulture,
            $"trained {result.Losses.Count} epochs; kept epoch {result.Best.Epoch}, validation loss {result.Best.ValidationLoss:G6}"));
        return result;
    }

    // A few real and synthetic rows of one class, side by side.
    static void ShowRows(Table table, Story story, Session session)
    {
        (int Place, ColumnSpec Spec)[] columns =
            [.. table.Schema.Columns.Index().Where(column => story.Columns.Contains(column.Item.Name))];
        int shown = table.Schema.ClassIndex(story.Class);
        int[] ofClass = [.. Enumerable.Range(0, table.RowCount).Where(row => table.Labels[row] == shown)];
        string[] Cells(int row) => [table.IsSynthetic(row) ? $"new, seed {table.SourceRow(row)}" : $"real, row {row}",
            .. columns.Select(column => CellText.Of(column.Spec, table.Row(row)[column.Place], column.Spec.Decimals))];
        session.Show([$"{story.Class} rows", .. columns.Select(column => column.Spec.Name)],
            ofClass.Where(row => !table.IsSynthetic(row)).Take(RowsShown).Concat(ofClass.Where(table.IsSynthetic).Take(RowsShown))
            .Select(Cells));
    }

    // What was written, read again: values that their columns can't hold, and what held in every real row.
    static void SayInvalid(string file, Table resampled, LeoModel model, Session session)
    {
        Table written = TableFile.Read(file, columns: new() { Like = model.Schema });
        IReadOnlyList<ColumnSpec> columns = model.Schema.Columns;
        (RowConstraint Constraint, int[] Places)[] constraints = [.. (model.Manifest.Constraints ?? [])
            .Select(constraint => (constraint, RepairPlan.Places(columns, constraint)))];
        int invalid = 0;
        for (int row = resampled.RealRows; row < written.RowCount; row++)
        {
            bool isValid = constraints.All(known => RowCoherence.Holds(known.Constraint, written.Row(row), known.Places));
            for (int j = 0; j < columns.Count; j++)
                isValid &= written.Row(row)[j] is double cell && double.IsNaN(cell) ? columns[j].HasMissing
                    : cell >= columns[j].Minimum && cell <= columns[j].Maximum && (columns[j].Decimals != 0 || cell == Math.Floor(cell));
            invalid += isValid ? 0 : 1;
        }
        session.Say(string.Create(CultureInfo.InvariantCulture, $"{invalid} of {written.RowCount - resampled.RealRows} new rows are " +
            $"invalid: a category or range that was not seen, a fraction of a whole number, or what every real row holds broken"));
        session.Set("invalid_rows", invalid);
    }

    static void Evaluate(Table table, Story story, Session session)
    {
        Dataset data = new(table);
        EvaluationOptions options = new() { Folds = 3, Seed = session.Seed, MaxDegreeOfParallelism = session.Threads };
        EvaluationResult result = session.Progress("evaluating", report => MethodEvaluator.Run(data,
            [Resamplers.None, Resamplers.Weights, Resamplers.Leo], [Classifiers.Create("forest")], options,
            new FitProgress(report, TimeProvider.System), session.Cancellation));
        EvaluationReport report = EvaluationReport.Of(result, data, story.Table);
        EvaluateVerb.ShowMeans(report, ["f1_macro", "balanced_accuracy", "g_mean", "auc_macro"], session);
        session.Say(report.Sentences[0]);
    }
}
