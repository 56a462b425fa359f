using static System.Globalization.CultureInfo;

namespace LeoCvae.Evaluation;

/// <summary>How near synthetic rows come to the training rows that they were made from, in sentences.</summary>
static class Closeness
{
    // Of new real rows half would be nearer than the median held-out row, give or take what few rows give or take.
    const double Nearer = 0.6, Less = 0.9, Most = 0.5;

    // A class of so few rows has hardly anything that could be made but copies of them.
    const int FewRows = 5, MostNames = 3;

    /// <summary>For those who read no further: which methods' rows are near-copies, and which classes'.</summary>
    public static IEnumerable<string> InShort(ReportData data)
    {
        MethodRows[] near = [.. data.Synthetic.Where(IsNear)];
        if (near.Length > 0)
            yield return $"Rows of {Words.List([.. near.Select(rows => Words.Cut(rows.Method))])} lie nearer to training rows than " +
                $"held-out rows do: treat them as near-copies of real records.";
        foreach (string sentence in OfTinyClasses(data))
            yield return sentence;
    }

    /// <summary>The same with numbers, a sentence a method.</summary>
    public static IEnumerable<string> InNumbers(ReportData data)
    {
        foreach (MethodRows rows in data.Synthetic)
        {
            SyntheticScores scores = rows.Scores;
            string method = Words.Cut(rows.Method);
            if (scores.ExactCopies > 0)
                yield return string.Create(
                    InvariantCulture,
                    $"{scores.ExactCopies:#,0} of {Words.Rows(scores.Rows)} of {method} " +
                    $"{(scores.ExactCopies == 1 ? "equals a training row" : "equal training rows")} in every column.");
            if (IsNear(rows) && scores.ExactCopies < scores.Rows)
                yield return $"Rows of {method} lie nearer to training rows than held-out rows do: {Shares(scores)}.";
        }
        foreach (string sentence in OfTinyClasses(data))
            yield return sentence;
    }

    static bool IsNear(MethodRows rows) =>
        rows.Scores.ClosestDistance < Less * rows.Scores.HoldoutClosestDistance || rows.Scores.NearerThanHoldout > Nearer
            || rows.Scores.NearCopies > Most;

    static string Shares(SyntheticScores scores)
    {
        List<string> parts = [];
        if (double.IsFinite(scores.NearerThanHoldout))
            parts.Add($"{Words.Percent(scores.NearerThanHoldout)} are nearer than the median held-out row, of new real rows 50% would be");
        if (double.IsFinite(scores.HoldoutClosestDistance))
            parts.Add($"the nearest 5% are within {HtmlText.Number(scores.ClosestDistance)} standard deviations a column, of held-out " +
                $"rows within {HtmlText.Number(scores.HoldoutClosestDistance)}");
        parts.Add($"{Words.Percent(scores.NearCopies)} are near-copies");
        return string.Join("; ", parts);
    }

    static IEnumerable<string> OfTinyClasses(ReportData data)
    {
        var tiny = data.Synthetic
            .SelectMany(rows => rows.Classes.Select(part => (rows.Method, Part: part)))
            .Where(made => made.Part.TrainingRows <= FewRows && made.Part.NearCopies >= Most)
            .GroupBy(made => made.Part.Class).ToArray();
        foreach (var made in tiny.Take(MostNames))
        {
            int records = made.First().Part.TrainingRows;
            string[] names = [.. made.Select(each => Words.Cut(each.Method))];
            int[] counts = [.. made.Select(each => each.Part.Rows)];
            string methods = counts.Distinct().Count() == 1
                ? string.Create(InvariantCulture, $"{Words.List(names)} made {Words.Rows(counts[0])}{(names.Length > 1 ? " each" : "")}")
                : Words.List([.. names.Zip(counts, (name, rows) => string.Create(InvariantCulture, $"{name} made {rows:#,0}"))]);
            yield return string.Create(
                InvariantCulture,
                $"Synthetic rows of class {Words.Quoted(made.Key)} are near-copies of {records} {(records == 1 ? "record" : "records")}: " +
                    $"{methods} from {(records == 1 ? "it" : "them")}.");
        }
        if (tiny.Length > MostNames)
            yield return string.Create(
                InvariantCulture, $"So are those of {tiny.Length - MostNames} more classes of at most {FewRows} training rows.");
    }
}
