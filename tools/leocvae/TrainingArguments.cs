using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using LeoCvae.Training;

namespace LeoCvae.Cli;

/// <summary>The options of a fit, for train and oversample.</summary>
sealed class TrainingArguments
{
    readonly Option<string> _preset = Verb.Text("--preset", "NAME", "default or paper");
    readonly Option<string> _engine = Verb.Text("--engine", "NAME", "auto (default: fused on a CPU, torch on CUDA), fused or torch");
    readonly Option<string> _device = Verb.Text("--device", "NAME", "cpu (default) or cuda");
    readonly Option<string> _prior = Verb.Text("--prior", "NAME",
        "seeds (default: a latent mean and spread of every training row) or mixture (nothing of a single row is in the model)");
    readonly Option<string> _neighbors = Verb.Text("--neighbors", "K", "Neighbors for the local entropy (default 15)");
    readonly Option<string> _power = Verb.Text("--entropy-power", "GAMMA", "Power of the entropy weight (default 2.5)");
    readonly Option<string> _kldWeight = Verb.Text("--kld-weight", "BETA", "Weight of the KL term (default 4)");
    readonly Option<string> _latent = Verb.Text("--latent", "L", "Size of the latent space (default 16)");
    readonly Option<string> _hidden = Verb.Text("--hidden", "H", "Size of the hidden layers (default 64)");
    readonly Option<string> _epochs = Verb.Text("--epochs", "N", "The most epochs (default 500)");
    readonly Option<string> _patience = Verb.Text("--patience", "N", "Epochs without improvement before training stops (default 25)");
    readonly Option<string> _learningRate = Verb.Text("--learning-rate", "R", "Adam's step size (default 0.001)");
    readonly Option<string> _batch = Verb.Text("--batch", "N", "Rows of a step (default 32)");
    readonly Option<string> _maxRows = Verb.Text("--max-training-rows", "N",
        "The most rows that the fit takes: of a larger table a stratified sample (default: by memory, said when it bites)");
    readonly Option<bool> _withReference = new("--with-reference")
    {
        Description = "Keep the training rows in the model, to score new " +
        "rows and to embed rows without labels"
    };
    readonly Option<string> _logLosses = Verb.Text("--log-losses", "FILE.csv", "Write each epoch's losses");

    readonly Option<string> _checkpoint = Verb.Text("--checkpoint", "FILE",
        "Keep the fit's state there every 25 epochs; a run that was killed goes on from it. Deleted when done");

    readonly ConstraintArguments _constraints = new();

    public TrainingArguments(Verb verb)
    {
        foreach (Option option in All)
            verb.Add(option);
        foreach ((string property, Option<string> option) in (ReadOnlySpan<(string, Option<string>)>)
        [
            (nameof(TrainingOptions.Engine), _engine), (nameof(TrainingOptions.Device), _device),
                (nameof(TrainingOptions.EntropyNeighbors), _neighbors),
            (nameof(TrainingOptions.EntropyPower), _power), (nameof(TrainingOptions.KldWeight), _kldWeight),
                (nameof(TrainingOptions.LatentSize), _latent),
            (nameof(TrainingOptions.HiddenSize), _hidden), (nameof(TrainingOptions.MaxEpochs), _epochs),
                (nameof(TrainingOptions.Patience), _patience),
            (nameof(TrainingOptions.LearningRate), _learningRate), (nameof(TrainingOptions.BatchSize), _batch),
                (nameof(TrainingOptions.Checkpoint), _checkpoint), (nameof(TrainingOptions.MaxTrainingRows), _maxRows),
        ])
            verb.OptionOf.Add(property, option.Name);
    }

    Option[] All => [_preset, _engine, _device, _prior, _neighbors, _power, _kldWeight, _latent, _hidden, _epochs, _patience, _learningRate,
        _batch, _maxRows, _withReference, _logLosses, _checkpoint, .. _constraints.All];

    /// <summary>Where the fit runs.</summary>
    public Option<string> Device => _device;

    /// <summary>The first of these options that was given, or null; a fitted model has a device, too.</summary>
    public string? FirstGiven(ParseResult arguments) =>
        All.FirstOrDefault(option => option != _device && arguments.GetResult(option) is { Implicit: false })?.Name;

    /// <summary>The option that writes a file, and where to.</summary>
    public (string Option, string? Path) LogLosses(ParseResult arguments) => (_logLosses.Name, arguments.GetValue(_logLosses));

    /// <summary>The option that names the checkpoint, and where it is.</summary>
    public (string Option, string? Path) Checkpoint(ParseResult arguments) => (_checkpoint.Name, arguments.GetValue(_checkpoint));

    /// <summary>Deletes the checkpoint, once what was fitted is saved.</summary>
    public void DeleteCheckpoint(ParseResult arguments)
    {
        if (arguments.GetValue(_checkpoint) is string path)
            LeoTrainer.DeleteCheckpoint(path);
    }

    public TrainingOptions Read(ParseResult arguments, Session session)
    {
        TrainingOptions preset = Values.Read(_preset.Name, () => TrainingOptions.FromPreset(arguments.GetValue(_preset) ?? "default"));
        int Int(Option<string> option, int otherwise) => Values.Int(option.Name, arguments.GetValue(option)) ?? otherwise;
        double Number(Option<string> option, double otherwise) => Values.Number(option.Name, arguments.GetValue(option)) ?? otherwise;
        TrainingOptions options = preset with
        {
            Engine = Engine(arguments.GetValue(_engine) ?? "auto"),
            Device = arguments.GetValue(_device) ?? preset.Device,
            Prior = Prior(arguments.GetValue(_prior)) ?? preset.Prior,
            EntropyNeighbors = Int(_neighbors, preset.EntropyNeighbors),
            EntropyPower = Number(_power, preset.EntropyPower),
            KldWeight = Number(_kldWeight, preset.KldWeight),
            LatentSize = Int(_latent, preset.LatentSize),
            HiddenSize = Int(_hidden, preset.HiddenSize),
            MaxEpochs = Int(_epochs, preset.MaxEpochs),
            Patience = Int(_patience, preset.Patience),
            LearningRate = Number(_learningRate, preset.LearningRate),
            BatchSize = Int(_batch, preset.BatchSize),
            MaxTrainingRows = Values.Int(_maxRows.Name, arguments.GetValue(_maxRows)),
            Checkpoint = arguments.GetValue(_checkpoint),
            WithReference = arguments.GetValue(_withReference),
            Seed = session.Seed,
            MaxDegreeOfParallelism = session.Threads,
        };
        options = _constraints.Read(arguments, options);
        options.Validate();
        if (options is { Engine: TrainingEngine.Torch } or { Device: "cuda" })
            TorchSupport.Register();
        return options;
    }

    LatentPrior? Prior(string? name) => name switch
    {
        null => null,
        "seeds" => LatentPrior.Seeds,
        "mixture" => LatentPrior.Mixture,
        _ => throw new ArgumentException($"{_prior.Name}: got '{name}', expected seeds or mixture"),
    };

    TrainingEngine Engine(string name) => name switch
    {
        "auto" => TrainingEngine.Auto,
        "fused" => TrainingEngine.Fused,
        "torch" => TrainingEngine.Torch,
        _ => throw new ArgumentException($"{_engine.Name}: got '{name}', expected auto, fused or torch"),
    };

    /// <summary>Fits with progress, says how it went, and writes the losses where they were asked for.</summary>
    public TrainingResult Fit(Table table, IReadOnlyList<string?>? groups, TrainingOptions options, ParseResult arguments,
        Session session, bool overwrite)
    {
        string? log = arguments.GetValue(_logLosses);
        if (log is not null)
            TableIO.RequireFile(_logLosses.Name, log, overwrite);
        if (options.Checkpoint is string checkpoint)
            TableIO.RequireFile(_checkpoint.Name, checkpoint, overwrite: true);
        TrainingResult result;
        try
        {
            result = session.Progress("training",
                report => LeoTrainer.Fit(table, options, new EpochProgress(report, TimeProvider.System), groups,
                    new ShareProgress(new((share, line) => report(share, line is null ? null : $"searching neighbors, {line}"),
                    TimeProvider.System)), session.Cancellation));
        }
        catch (DllNotFoundException e)
        {
            throw new DllNotFoundException($"{e.Message}; a tool that is run from a clone of its repository has it, and --engine fused " +
                $"needs none", e);
        }
        foreach (string warning in result.Warnings)
            session.Warn(warning);
        DescribeConstraints(result.Model.Manifest.Constraints ?? [], session);
        TrainingProgress best = result.Best;
        if (result.EpochsBefore > 0)
            session.Say(string.Create(CultureInfo.InvariantCulture,
                $"went on after epoch {result.EpochsBefore} from {options.Checkpoint}"));
        session.Say(string.Create(CultureInfo.InvariantCulture,
            $"trained {result.Losses.Count} epochs (preset {options.Preset}, seed {options.Seed}); kept epoch {best.Epoch}, validation " +
            $"loss {best.ValidationLoss:G6}"));
        session.Set("training", new JsonObject
        {
            ["preset"] = options.Preset,
            ["epochs"] = result.Losses.Count,
            ["best_epoch"] = best.Epoch,
            ["best_validation_loss"] = best.ValidationLoss,
            ["mean_entropy_bits"] = result.Model.Manifest.Provenance.MeanEntropyBits,
            ["warnings"] = new JsonArray([.. result.Warnings.Select(warning => JsonValue.Create(warning))]),
        });
        if (log is not null)
            AtomicFile.Write(log, overwrite, stream => stream.Write(Encoding.UTF8.GetBytes(Losses(result))), session.Cancellation);
        return result;
    }

    /// <summary>Says what every generated row holds.</summary>
    public static void DescribeConstraints(IReadOnlyList<RowConstraint> constraints, Session session)
    {
        const int Shown = 12, LongestName = 200;
        if (constraints.Count == 0)
            return;
        string[] names = [.. constraints.Select(constraint => constraint.ToString())];
        string more = names.Length > Shown ? string.Create(CultureInfo.InvariantCulture, $"; and {names.Length - Shown} more") : "";
        session.Say($"held by every row: {string.Join("; ", names.Take(Shown).Select(name => VisibleText.Cut(name, LongestName)))}{more}");
        session.Set("constraints", new JsonArray([.. names.Select(name => JsonValue.Create(name))]));
    }

    static string Losses(TrainingResult result)
    {
        StringBuilder csv = new("epoch,train_loss,train_reconstruction,train_kld,validation_loss,is_best\n");
        foreach (TrainingProgress loss in result.Losses)
            csv.Append(CultureInfo.InvariantCulture,
                $"{loss.Epoch},{loss.TrainLoss:R},{loss.TrainReconstruction:R},{loss.TrainKld:R},{loss.ValidationLoss:R}," +
                $"{(loss.IsBest ? 1 : 0)}\n");
        return csv.ToString();
    }
}
