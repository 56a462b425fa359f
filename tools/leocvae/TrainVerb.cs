using System.CommandLine;
using LeoCvae.Training;

namespace LeoCvae.Cli;

sealed class TrainVerb : Verb
{
    readonly Argument<string> _data = Data();
    readonly Option<string> _target = Text("--target", "COLUMN", "The label column (default: the last one)");
    readonly Option<string> _model = new("--model") { HelpName = "FOLDER", Description = "Where the model folder goes", Required = true };
    readonly Option<string> _groups =
        Groups("Keep rows with the same text in this column on one side of the split for early stopping; it is no feature");
    readonly Option<bool> _overwrite = Overwrite();
    readonly Option<bool> _yes = Yes();
    readonly TableArguments _columns;
    readonly TrainingArguments _training;

    public TrainVerb()
        : base("train", "Fit a model on a table and write it as a folder of plain ONNX")
    {
        Add(_data);
        Add(_target);
        Add(_model);
        Add(_groups);
        Add(_overwrite);
        Add(_yes);
        _columns = new(this);
        _training = new(this);
    }

    protected override void Run(ParseResult arguments, Session session)
    {
        string data = arguments.GetRequiredValue(_data), folder = arguments.GetRequiredValue(_model);
        bool overwrite = arguments.GetValue(_overwrite);
        TableIO.RequireDistinct((_data.Name, data), (_model.Name, folder), _training.LogLosses(arguments), _training.Checkpoint(arguments));
        ModelIO.RequireWritable(folder, overwrite);
        TrainingOptions options = _training.Read(arguments, session);
        ColumnOptions columns = _columns.Read(arguments);
        WarmUp.Start(options);
        string? column = arguments.GetValue(_groups);
        (Table table, IReadOnlyList<string?>? groups) =
            TableIO.Read(data, arguments.GetValue(_target), column, columns, _columns.Source(arguments), session);
        TableIO.RequireClasses(table, arguments.GetValue(_yes));
        TableIO.Describe(data, TableSummary.Of(table, groups), column, session);
        using TrainingResult result = _training.Fit(table, groups, options, arguments, session, overwrite);
        ModelIO.Save(result.Model, folder, overwrite, session);
        _training.DeleteCheckpoint(arguments);
    }
}
