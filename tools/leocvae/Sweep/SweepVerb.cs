using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using LeoCvae.Evaluation;

namespace LeoCvae.Cli;

sealed class SweepVerb : Verb
{
    readonly Argument<string> _plan = new("PLAN.json")
    {
        Description = "Evaluations: {\"defaults\": {...}, \"runs\": [{\"data\": \"a.csv\", \"methods\": [\"none\", \"leo\"], " +
            "\"seeds\": [1, 2]}, ...]}; keys are evaluate's options, with _ for -, and data, seeds and name; files are beside the plan"
    };
    readonly Option<bool> _list = new("--list") { Description = "Check the plan with all its tables, and print its tasks" };
    readonly Option<string> _task = Text("--task", "N",
        "Do these tasks (0,3-7), each a method on a fold, and keep what they find in --out; one that is done is left");
    readonly Option<bool> _fromEnvironment = new("--task-from-env")
    {
        Description = "Do the task that SLURM_ARRAY_TASK_ID or JOB_COMPLETION_INDEX names"
    };
    readonly Option<string> _collect = Text("--collect", "FOLDER",
        "Merge the tasks kept in FOLDER to the files that evaluate --report --results writes, in --out: NAME.html, NAME.json");
    readonly Option<string> _out = Text("--out", "FOLDER", "Where tasks are kept, or results written; made where it isn't there");
    readonly Option<bool> _overwrite = Overwrite();

    public SweepVerb()
        : base("sweep", "Evaluate a plan of tables, methods and seeds in tasks of a few seconds, on any number of machines")
    {
        Add(_plan);
        foreach (Option option in (Option[])[_list, _task, _fromEnvironment, _collect, _out, _overwrite])
            Add(option);
    }

    protected override void Run(ParseResult arguments, Session session)
    {
        (string? tasks, string? collect, string? output) =
            (arguments.GetValue(_task), arguments.GetValue(_collect), arguments.GetValue(_out));
        bool isFromEnvironment = arguments.GetValue(_fromEnvironment);
        if (new[] { arguments.GetValue(_list), tasks is not null, isFromEnvironment, collect is not null }.Count(given => given) != 1)
            throw new UsageException($"one of {_list.Name}, {_task.Name}, {_fromEnvironment.Name} and {_collect.Name} says what to do");
        if (output is null != arguments.GetValue(_list))
            throw new UsageException(output is null ? $"{_out.Name} is missing: the folder to write to"
                : $"{_list.Name} writes nothing; leave {_out.Name} out");
        bool overwrite = arguments.GetValue(_overwrite);
        if (overwrite && output is null)
            throw new UsageException($"{_list.Name} writes nothing; leave {_overwrite.Name} out");
        if (arguments.GetValue<string>("--seed") is not null)
            throw new UsageException("--seed: a plan has its own seeds");
        foreach ((string option, string? folder) in (ReadOnlySpan<(string, string?)>)[(_collect.Name, collect), (_out.Name, output)])
            if (folder is not null)
                Values.RequirePath(option, folder, "folder");
        SweepPlan plan = SweepPlanReader.Read(arguments.GetRequiredValue(_plan), session.Threads);
        if (output is null)
            List(plan, session);
        else if (collect is not null)
            Collect(plan, collect, output, overwrite, session);
        else
        {
            string option = isFromEnvironment ? _fromEnvironment.Name : _task.Name;
            Do(plan, TaskNumbers.Read(option, tasks ?? $"{EnvironmentIndex.Read(option)}", plan.Tasks), output, overwrite, session);
        }
    }

    static void List(SweepPlan plan, Session session)
    {
        foreach (SweepRun run in plan.Runs)
            run.Load(session.Quiet());
        session.Say($"{plan.Tasks} tasks");
        foreach (SweepTask task in plan.All)
            session.Say($"{task.Number}  {task}");
        session.Set("tasks", plan.Tasks);
        session.Set("list", new JsonArray([.. plan.All.Select(Json)]));
    }

    static void Do(SweepPlan plan, IReadOnlyList<int> numbers, string folder, bool overwrite, Session session)
    {
        MakeFolder(folder);
        Dictionary<string, string> hashes = [];
        SweepTask[] all = [.. plan.All];
        (SweepRun? Run, Dataset? Data) loaded = default;
        JsonArray done = [];
        foreach (SweepTask task in numbers.Select(number => all[number]))
        {
            string part = Part(folder, task);
            bool isDamaged = false, isThere = !overwrite && IsThere(plan, task, part, hashes, out isDamaged);
            if (isThere)
                session.Say($"nothing to do: task {task.Number} is done, in {part}");
            else
            {
                if (isDamaged)
                    session.Say($"{part} is made anew: it was cut off or changed");
                session.Say($"task {task.Number}: {task}");
                SweepReceipt receipt = Receipt(plan, task, hashes);
                SweepRun run = task.Run;
                if (loaded.Run != run)
                    loaded = (run, run.Load(session));
                EvaluationUnit unit = session.Progress("evaluating", report => MethodEvaluator.RunUnit(loaded.Data!, run.Request.Methods,
                    run.Request.Classifiers, task.Unit, run.Request.Options, new FitProgress(report, TimeProvider.System),
                    session.Cancellation));
                SweepPart.Write(part, receipt, unit);
                session.Say($"wrote {part}");
            }
            JsonObject told = Json(task);
            (told["part"], told["made"]) = (part, !isThere);
            done.Add((JsonNode)told);
        }
        session.Set("done", done);
    }

    static void Collect(SweepPlan plan, string folder, string results, bool overwrite, Session session)
    {
        if (!Directory.Exists(folder))
            throw new DirectoryNotFoundException($"--collect: no such folder: '{folder}'");
        Dictionary<string, string> hashes = [];
        List<int> missing = [], damaged = [];
        foreach (SweepTask task in plan.All)
            if (!IsThere(plan, task, Part(folder, task), hashes, out bool isDamaged))
                (isDamaged ? damaged : missing).Add(task.Number);
        if (missing.Count + damaged.Count > 0)
            throw new InvalidDataException($"'{folder}': {missing.Count + damaged.Count} of {plan.Tasks} tasks are not done: " +
                NumberRanges.Text(missing.Concat(damaged).Order()) +
                $"{(damaged.Count == 0 ? "" : $" (damaged: {NumberRanges.Text(damaged)})")}; give them to --task");
        MakeFolder(results);
        JsonArray written = [];
        foreach (SweepRun run in plan.Runs)
        {
            Dataset data = run.Load(session.Quiet());
            EvaluationResult result = MethodEvaluator.Merge(data, run.Request.Methods, run.Request.Classifiers,
                run.Tasks.Select(task => SweepPart.Read(Part(folder, task), out _)!.Value.Unit), run.Request.Options);
            EvaluationReport report = EvaluationReport.Of(result, data, run.Request.Name);
            foreach ((string extension, string text) in (ReadOnlySpan<(string, string)>)[(".json", report.ToJson()),
                (".html", report.ToHtml())])
                Write(Path.Combine(results, run.Name + extension), text, overwrite, session);
            session.Say($"{run.Name}: {report.Sentences[0]}");
            written.Add((JsonNode)new JsonObject
            {
                ["run"] = run.Name,
                ["seed"] = run.Request.Options.Seed,
                ["results"] = Path.Combine(results, run.Name + ".json"),
                ["report"] = Path.Combine(results, run.Name + ".html"),
                ["summary"] = new JsonArray([.. report.Sentences.Select(sentence => JsonValue.Create(sentence))]),
            });
        }
        session.Set("runs", written);
    }

    // What is there already in the same words stays.
    static void Write(string path, string text, bool overwrite, Session session)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        if (FilePlace.Kind(path) == FileKind.File && File.ReadAllBytes(path).AsSpan().SequenceEqual(bytes))
        {
            session.Say($"{path} is there already");
            return;
        }
        TableIO.RequireFile("--out", path, overwrite);
        AtomicFile.Write(path, overwrite, stream => stream.Write(bytes));
        session.Say($"wrote {path}");
    }

    static string Part(string folder, SweepTask task) => Path.Combine(folder, SweepPart.FileName(task.Number));

    // Whether a task is done; the part of another one is refused.
    static bool IsThere(SweepPlan plan, SweepTask task, string part, Dictionary<string, string> hashes, out bool isDamaged)
    {
        if (SweepPart.Read(part, out isDamaged) is not (SweepReceipt found, _))
            return false;
        Receipt(plan, task, hashes).Require(part, plan.File, found);
        return true;
    }

    // Each file is hashed once.
    static SweepReceipt Receipt(SweepPlan plan, SweepTask task, Dictionary<string, string> hashes)
    {
        string Hash(string path) => hashes.TryGetValue(path, out string? hash) ? hash : hashes[path] = FileBytes.Sha256Of(path);
        return new(plan.Sha256, task.Number, task.Run.Name, task.Run.Request.Options.Seed, task.Place.Repeat, task.Place.Fold, task.Method,
            [.. task.Run.Inputs.Select(input => new SweepInput(input.Name, Hash(input.Path)))], Producer.Version);
    }

    static void MakeFolder(string folder)
    {
        if (FilePlace.Kind(folder) is FileKind.File or FileKind.Special)
            throw new IOException($"--out: '{folder}' is a file, expected a folder");
        Directory.CreateDirectory(folder);
    }

    static JsonObject Json(SweepTask task) => new()
    {
        ["task"] = task.Number,
        ["run"] = task.Run.Name,
        ["seed"] = task.Run.Request.Options.Seed,
        ["repeat"] = task.Place.Repeat,
        ["fold"] = task.Place.Fold,
        ["method"] = task.Method,
    };
}
