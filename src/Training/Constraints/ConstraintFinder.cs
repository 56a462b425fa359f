namespace LeoCvae.Training;

/// <summary>
/// Finds what holds between columns in every row of a table, and can't be chance: dependencies between categories, orders, sums, flags.
/// Thread-safe.
/// </summary>
public static class ConstraintFinder
{
    // Fewer rows show nothing.
    const int LeastRows = 20;

    // -log of the chance with which independent columns would hold it too.
    const double LeastEvidence = 20;

    // Parts of a sum, and columns among which sums are looked for.
    const int MostParts = 12, MostColumns = 400;

    const int LeastValues = 3;

    // Rows that sums are first tried on.
    const int SumRows = 1000;

    // An order between numbers, unlike one between dates, is only believed where they are equal at times, above the least value.
    const double LeastEqual = 0.01;

    /// <summary>What holds in every row, in the order in which a generated row is made to hold it.</summary>
    public static IReadOnlyList<RowConstraint> Find(Table table)
    {
        ArgumentNullException.ThrowIfNull(table);
        if (table.RowCount < LeastRows)
            return [];
        ColumnValues columns = new(table);
        bool[] taken = new bool[columns.Count];
        List<RowConstraint> flags = FindFlags(columns, taken);
        bool[] isFlag = [.. taken];
        List<RowConstraint> dependencies = FindDependencies(columns, taken);
        HeldConstraints held = new(columns.Specs);
        foreach (RowConstraint constraint in flags.Concat(dependencies).Concat(FindImplications(columns, isFlag, dependencies)))
            _ = held.TryAdd(constraint);
        // Among measurements alone orders are a matter of their scales, and few values that agree are chance.
        bool isMixed = columns.Specs.Any(column => column.Kind != ColumnKind.Numeric);
        FindSums(columns, isMixed, sum => held.TryAdd(sum) is null);
        foreach (RowConstraint order in isMixed ? FindOrders(columns) : [])
            _ = held.TryAdd(order);
        return held.All;
    }

    // city -> state: every city's rows have one state. Columns of more categories come first, so that there are no circles; numbers
    // determine nothing, but may be determined.
    static List<RowConstraint> FindDependencies(ColumnValues columns, bool[] taken)
    {
        List<RowConstraint> found = [];
        int[] categories = [.. Enumerable.Range(0, columns.Count).Where(j => !taken[j] && columns.Specs[j].Kind == ColumnKind.Category)
            .OrderByDescending(columns.Distinct).ThenBy(j => j)];
        int[] numbers = [.. Enumerable.Range(0, columns.Count).Where(j => !taken[j] && FeatureLayout.IsNumber(columns.Specs[j]))];
        HashSet<int> determined = [];
        foreach ((int place, int from) in categories.Index())
        {
            List<(int To, double?[] Map)> targets = [];
            foreach (int to in categories[(place + 1)..].Concat(numbers))
                if (columns.Distinct(to) > 1 && columns.Map(from, to) is { } map && Evidence(columns, from, to) >= LeastEvidence)
                    targets.Add((to, map));
            // Where another column determines a target already, this one gives way to it before it determines others. It can follow only
            // one; and where it is determined itself, it agrees with what the same column determines.
            IEnumerable<(int To, double?[] Map)> follows = determined.Contains(from) ? []
                : targets.Where(target => determined.Contains(target.To) && columns.Specs[target.To].Kind == ColumnKind.Category).Take(1);
            foreach ((int to, double?[] map) in follows.Concat(targets.Where(target => !determined.Contains(target.To))).ToArray())
            {
                found.Add(new()
                {
                    Kind = ConstraintKind.Dependency,
                    Columns = [columns.Specs[from].Name, columns.Specs[to].Name],
                    Map = map,
                });
                determined.Add(to);
                taken[to] = true;
            }
        }
        return found;
    }

    // Rows beyond the first of each category, times what one of them says: independent columns agree in a share of sum p^2.
    static double Evidence(ColumnValues columns, int from, int to) =>
        (columns.RowCount - columns.Distinct(from)) * -Math.Log(columns.Agreement(to));

    // No online security where there is no internet: names of a column, all of whose rows have one name of another column. Each column
    // follows one other, that with the most such rows, first where it is exact; none does that a dependency is about.
    static List<RowConstraint> FindImplications(ColumnValues columns, bool[] isFlag, List<RowConstraint> dependencies)
    {
        HashSet<string> dependent = [.. dependencies.SelectMany(dependency => dependency.Columns)];
        int[] categories = [.. Enumerable.Range(0, columns.Count).Where(j => !isFlag[j] && columns.Specs[j].Kind == ColumnKind.Category)
            .Take(MostColumns)];
        List<(int Exact, int Rows, int From, int To, (int Where, int Only)[] Names)> pairs = [];
        foreach (int to in categories.Where(j => !dependent.Contains(columns.Specs[j].Name)))
            foreach (int from in categories.Where(j => j != to))
            {
                (int Where, int Only)[] names = [.. columns.OnlyWhere(to, from, LeastRows).Index()
                    .Where(name => name.Item >= 0 && ImplicationEvidence(columns, from, name.Item, to, name.Index) >= LeastEvidence)
                    .Select(name => (name.Item, name.Index))];
                int rows = names.Sum(name => columns.CountOf(to, name.Only)),
                    exact = names.Where(name => IsExact(from, to, name)).Sum(name => columns.CountOf(to, name.Only));
                // Others must be left to stand in their place.
                if (rows > 0 && Others(columns, to, names).Length > 0)
                    pairs.Add((exact, rows, from, to, names));
            }
        Dictionary<int, int> follows = [];
        List<(int From, int To, (int Where, int Only)[] Names)> found = [];
        foreach ((int _, int _, int from, int to, (int, int)[] names) in pairs.OrderByDescending(pair => pair.Exact)
            .ThenByDescending(pair => pair.Rows).ThenBy(pair => pair.From).ThenBy(pair => pair.To))
            if (!follows.ContainsKey(to) && !Above(from).Contains(to))
            {
                follows[to] = from;
                found.Add((from, to, names));
            }
        // What is followed first.
        return [.. found.OrderBy(pair => Above(pair.From).Count).SelectMany(pair => pair.Names.Select(name => new RowConstraint
        {
            Kind = ConstraintKind.Implication,
            Columns = [columns.Specs[pair.From].Name, columns.Specs[pair.To].Name],
            Names = [columns.Specs[pair.From].Categories![name.Where], columns.Specs[pair.To].Categories![name.Only]],
            Exactly = IsExact(pair.From, pair.To, name),
            Map = [name.Where, name.Only, .. Others(columns, pair.To, pair.Names)],
        }))];

        bool IsExact(int from, int to, (int Where, int Only) name) => columns.CountOf(from, name.Where) == columns.CountOf(to, name.Only);

        List<int> Above(int column)
        {
            List<int> above = [column];
            while (follows.TryGetValue(above[^1], out int next))
                above.Add(next);
            return above;
        }
    }

    static double ImplicationEvidence(ColumnValues columns, int from, int where, int to, int only)
    {
        double rows = columns.RowCount, own = columns.CountOf(to, only) / rows, its = columns.CountOf(from, where) / rows;
        // Names that merely tend to go together show no exception in few rows: one way alone needs more of them.
        const int OneWay = 3;
        return own == its ? -rows * Math.Log(own * its + (1 - own) * (1 - its)) : -own * rows * Math.Log(its) / OneWay;
    }

    // Categories that may be anywhere, some as often as they come.
    static double?[] Others(ColumnValues columns, int column, (int Where, int Only)[] names)
    {
        const int Some = 20;
        int[] others = [.. Enumerable.Range(0, columns.Specs[column].Categories!.Count).Except(names.Select(name => name.Only))
            .Where(category => columns.CountOf(column, category) > 0)];
        int rows = others.Sum(category => columns.CountOf(column, category)), upTo = 0;
        List<double?> some = [];
        foreach (int category in others)
            for (upTo += columns.CountOf(column, category); some.Count < Some && (some.Count + 0.5) / Some * rows < upTo;)
                some.Add(category);
        return [.. some];
    }

    static List<RowConstraint> FindOrders(ColumnValues columns)
    {
        int[] candidates = [.. Enumerable.Range(0, columns.Count).Where(j => FeatureLayout.IsNumber(columns.Specs[j])
            && columns.Specs[j].Decimals is not null && columns.Distinct(j) >= LeastValues).Take(MostColumns)];
        List<(int Lower, int Upper)> pairs = [];
        List<RowConstraint> same = [];
        foreach (int lower in candidates)
            foreach (int upper in candidates)
                if (lower != upper && columns.Specs[lower].Kind == columns.Specs[upper].Kind && IsOrdered(columns, lower, upper))
                {
                    if (pairs.Remove((upper, lower)))
                        same.Add(Equality(columns, upper, lower));
                    else
                        pairs.Add((lower, upper));
                }
        // By two orders, where what stands between is never missing.
        bool IsImplied((int Lower, int Upper) pair) => pairs.Any(first => first.Lower == pair.Lower && first.Upper != pair.Upper
            && !columns.Specs[first.Upper].HasMissing && pairs.Contains((first.Upper, pair.Upper)));
        return [.. same, .. pairs.Where(pair => !IsImplied(pair)).OrderBy(pair => columns.Mean(pair.Upper)).ThenBy(pair => pair.Upper)
            .Select(pair => new RowConstraint
            {
                Kind = ConstraintKind.Order,
                Columns = [columns.Specs[pair.Lower].Name, columns.Specs[pair.Upper].Name],
            })];
    }

    // A sum of one part.
    static RowConstraint Equality(ColumnValues columns, int first, int second) =>
        new() { Kind = ConstraintKind.Sum, Columns = [columns.Specs[first].Name, columns.Specs[second].Name] };

    static bool IsOrdered(ColumnValues columns, int lower, int upper)
    {
        (ColumnSpec low, ColumnSpec high) = (columns.Specs[lower], columns.Specs[upper]);
        // Where ranges don't overlap, they hold it.
        if (low.Maximum <= high.Minimum || low.Minimum > high.Minimum || low.Maximum > high.Maximum)
            return false;
        int both = 0, above = 0, equal = 0;
        for (int row = 0; row < columns.RowCount; row++)
        {
            (double a, double b) = (columns.Value(row, lower), columns.Value(row, upper));
            if (a > b)
                return false;
            both += double.IsNaN(a + b) ? 0 : 1;
            above += a > low.Minimum ? 1 : 0;
            equal += a == b && a > low.Minimum ? 1 : 0;
        }
        if (both < LeastRows || low.Kind == ColumnKind.Numeric && equal < Math.Max(LeastValues, LeastEqual * above))
            return false;
        double[] a1 = columns.Sorted(lower), b1 = columns.Sorted(upper);
        double holds = 0;
        int place = 0;
        // Pairs of rows at random.
        foreach (double a in a1)
        {
            while (place < b1.Length && b1[place] < a)
                place++;
            holds += b1.Length - place;
        }
        return -both * Math.Log(holds / ((double)a1.Length * b1.Length)) >= LeastEvidence;
    }

    // Gives each sum that holds to what takes it, or doesn't.
    static void FindSums(ColumnValues columns, bool isMixed, Func<RowConstraint, bool> take)
    {
        List<int> candidates = [.. Enumerable.Range(0, columns.Count).Where(j => columns.Specs[j].Kind == ColumnKind.Numeric
            && (isMixed ? columns.Specs[j].Decimals is not null : columns.IsMovable(j)) && columns.Distinct(j) >= LeastValues)
            .Take(MostColumns)];
        int[] full = FullRows();
        // Columns that are seldom there keep no others from being looked at.
        while (full.Length < 2 && candidates.Count > 2)
        {
            candidates.Remove(candidates.MaxBy(j => columns.RowCount - columns.Sorted(j).Length));
            full = FullRows();
        }
        if (full.Length < 2)
            return;
        int[] FullRows() => [.. Enumerable.Range(0, columns.RowCount)
            .Where(row => candidates.All(j => !double.IsNaN(columns.Value(row, j)))).Take(SumRows)];
        // Of the first full rows each candidate's values, to look sums up by; of some more their means, which must add up as well.
        Dictionary<(double, double), List<int>> byValue = [];
        double[] means = [.. Enumerable.Range(0, columns.Count).Select(j => full.Average(row => columns.Value(row, j)))];
        static double Key(double value) => Math.Round(value, 6);
        foreach (int j in candidates)
        {
            if (!byValue.TryGetValue(KeyOf(j), out List<int>? own))
                byValue[KeyOf(j)] = own = [];
            own.Add(j);
        }
        // Columns that stand beside each other, any two, and such as are the same.
        for (int i = 0; i < candidates.Count; i++)
            for (int end = i + 2; end <= Math.Min(candidates.Count, i + MostParts); end++)
                Try([.. candidates[i..end]], withTotal: true);
        for (int i = 0; i < candidates.Count; i++)
            for (int k = i + 2; k < candidates.Count; k++)
                Try([candidates[i], candidates[k]], withTotal: false);
        HashSet<int> same = [];
        if (isMixed)
            foreach (int i in candidates)
                foreach (int k in byValue[KeyOf(i)])
                    if (k > i && !same.Contains(k) && Equality(columns, i, k) is { } equality && Holds(equality, [i, k])
                        && -columns.FullRows([i, k]) * Math.Log(columns.Agreement(k)) >= LeastEvidence && take(equality))
                        same.Add(k);

        (double, double) KeyOf(int j) => (Key(columns.Value(full[0], j)), Key(columns.Value(full[1], j)));

        void Try(int[] parts, bool withTotal)
        {
            double first = parts.Sum(part => columns.Value(full[0], part)), second = parts.Sum(part => columns.Value(full[1], part));
            if (withTotal && Key(first) == Key(second))
                Add(new() { Kind = ConstraintKind.Sum, Columns = Names(parts), Total = Math.Round(first, columns.Decimals(parts)) }, parts);
            foreach (int total in byValue.GetValueOrDefault((Key(first), Key(second))) ?? [])
                if (!parts.Contains(total) && columns.Specs[total].Decimals >= columns.Decimals(parts))
                    Add(new() { Kind = ConstraintKind.Sum, Columns = Names([.. parts, total]) }, [.. parts, total]);
        }

        void Add(RowConstraint sum, int[] places)
        {
            if (Holds(sum, places))
                take(sum);
        }

        bool Holds(RowConstraint sum, int[] places)
        {
            double parts = (sum.Total is null ? places[..^1] : places).Sum(place => means[place]), total = sum.Total ?? means[places[^1]];
            return Math.Abs(parts - total) <= 1e-6 * Math.Max(1, Math.Abs(total)) && columns.Violation(sum, places) < 0
                && columns.FullRows(places) >= LeastRows;
        }

        string[] Names(int[] places) => [.. places.Select(place => columns.Specs[place].Name)];
    }

    static List<RowConstraint> FindFlags(ColumnValues columns, bool[] taken)
    {
        List<RowConstraint> found = [];
        int[] flags = [.. Enumerable.Range(0, columns.Count).Where(columns.IsFlag)];
        // Columns of one prefix, then such as stand beside each other. Where a prefix is part of a longer one, the larger group comes
        // first, and such as have one in every row before such as have at most one.
        int[][] groups = [.. flags.SelectMany(j => Prefixes(columns.Specs[j].Name).Select(prefix => (Prefix: prefix, Flag: j)))
            .GroupBy(flag => flag.Prefix, flag => flag.Flag).Select(group => group.ToArray())
            .OrderByDescending(group => group.Length).ThenBy(group => group[0])];
        foreach (bool mayBeNone in (ReadOnlySpan<bool>)[false, true])
            foreach (int[] group in groups)
                Try(group, mayBeNone);
        for (int i = 0; i < flags.Length; i++)
            for (int end = i + 2; end <= flags.Length; end++)
                if (Try(flags[i..end], mayBeNone: false))
                    break;
        return found;

        bool Try(int[] places, bool mayBeNone)
        {
            if (places.Length < 2 || places.Any(place => taken[place]))
                return false;
            RowConstraint one = new() { Kind = ConstraintKind.Flags, Columns = [.. places.Select(place => columns.Specs[place].Name)] };
            RowConstraint? holds = columns.Violation(one, places) < 0 ? one
                : mayBeNone && columns.Violation(one with { MayBeNone = true }, places) < 0 ? one with { MayBeNone = true } : null;
            if (holds is null || FlagEvidence(columns, places, holds.MayBeNone) < LeastEvidence)
                return false;
            found.Add(holds);
            foreach (int place in places)
                taken[place] = true;
            return true;
        }
    }

    static double FlagEvidence(ColumnValues columns, int[] places, bool mayBeNone)
    {
        // With independent flags: the chance of none, and of exactly one.
        (double none, double one) = (1, 0);
        foreach (double share in places.Select(columns.Mean))
            (none, one) = (none * (1 - share), one * (1 - share) + none * share);
        return -columns.RowCount * Math.Log(one + (mayBeNone ? none : 0));
    }

    // Each beginning of a name that ends in a mark.
    static IEnumerable<string> Prefixes(string name) => Enumerable.Range(1, Math.Max(0, name.Length - 1))
        .Where(end => "_=:.- ".Contains(name[end])).Select(end => name[..(end + 1)]);

    /// <summary>What was given, and what is found and can be held beside it, unless that is not wanted.</summary>
    /// <exception cref="ArgumentException">What was given doesn't hold in a row, doesn't fit the columns, or can't be held together.
    /// </exception>
    internal static IReadOnlyList<RowConstraint> All(Table table, TrainingOptions options)
    {
        HeldConstraints held = Given(table, options.Constraints ?? []);
        HashSet<string> known = [.. held.All.Select(constraint => constraint.ToString())];
        foreach (RowConstraint found in options.GivenConstraintsOnly ? [] : Find(table))
            if (!known.Contains(found.ToString()))
                _ = held.TryAdd(found);
        return held.All;
    }

    /// <summary>Constraints that were given, with what only the rows know.</summary>
    /// <exception cref="ArgumentException">One doesn't hold in a row, doesn't fit the columns, or can't be held with those before it.
    /// </exception>
    internal static HeldConstraints Given(Table table, IReadOnlyList<RowConstraint> given)
    {
        HeldConstraints held = new(table.Schema.Columns);
        foreach (RowConstraint constraint in Complete(table, given))
            if (held.TryAdd(constraint) is string conflict)
                throw Fault.Argument("constraints", $"'{constraint}' can't be held beside those given before it: {conflict}");
        return held;
    }

    // Checks them one by one.
    static List<RowConstraint> Complete(Table table, IReadOnlyList<RowConstraint> given)
    {
        ColumnValues columns = new(table);
        List<RowConstraint> complete = [];
        foreach (RowConstraint constraint in given)
        {
            if (constraint.Kind == ConstraintKind.Implication)
                throw Fault.Argument("constraints", $"'{constraint}': what a name implies is found, and can't be given");
            if (RowCoherence.Misfit(constraint, table.Schema.Columns, withMap: false) is string misfit)
                throw Fault.Argument("constraints", $"'{constraint}': {misfit}");
            int[] places = RepairPlan.Places(table.Schema.Columns, constraint);
            RowConstraint full = constraint;
            if (constraint.Kind == ConstraintKind.Dependency)
                full = constraint with { Map = columns.FirstMap(places[0], places[1]) };
            if (columns.Violation(full, places) is int row and >= 0)
            {
                string got = string.Join(", ", places.Select(place => $"{columns.Specs[place].Name} {columns.Text(row, place)}"));
                throw Fault.Argument("constraints", $"'{constraint}' doesn't hold in row {row + 1}: got {got}");
            }
            complete.Add(full);
        }
        return complete;
    }

    /// <summary>The schema whose flags know their group.</summary>
    internal static TableSchema WithFlags(TableSchema schema, IReadOnlyList<RowConstraint> constraints)
    {
        Dictionary<string, (string Of, bool MayBeNone)> flags = [];
        foreach (RowConstraint group in constraints.Where(constraint => constraint.Kind == ConstraintKind.Flags))
        {
            string first = schema.Columns.First(column => group.Columns.Contains(column.Name)).Name;
            foreach (string name in group.Columns)
                flags[name] = (first, group.MayBeNone);
        }
        ColumnSpec WithGroup(ColumnSpec column) => flags.TryGetValue(column.Name, out (string Of, bool MayBeNone) flag)
            ? column with { FlagOf = flag.Of, MayBeNone = flag.MayBeNone } : column;
        return flags.Count == 0 ? schema : new(schema.Columns.Select(WithGroup), schema.Target, schema.Classes, schema.TargetIndex);
    }
}
