using System.Numerics.Tensors;

namespace LeoCvae.Evaluation;

/// <summary>
/// SMOTE's rows lie on lines between real rows. Three rows on a line tell the line, and where two such lines meet is a real row.
/// </summary>
static class LineAttack
{
    /// <summary>The most synthetic rows that are looked at.</summary>
    public const int MostRows = 600;

    // Columns are folded into so many, which keep lines apart as well as thousands do.
    const int MostLines = 2000, Width = 16;

    // Rounding turns a direction by far less than Parallel, and chance brings hardly any two so near. Met is in units of a row's gap.
    const double Distinct = 1e-5, Parallel = 1e-7, Crossing = 1e-3, Met = 1e-4;

    /// <summary>Share of real rows through which two lines pass that go through three or more of the synthetic rows each.</summary>
    /// <param name="real">Standardized real rows, at least one.</param>
    /// <param name="gaps">Distance of each to the nearest other real row.</param>
    /// <param name="synthetic">Synthetic rows; the first ones are looked at.</param>
    /// <param name="cancellation">Stops it.</param>
    public static double Rebuilt(double[][] real, double[] gaps, double[][] synthetic, CancellationToken cancellation)
    {
        // Copies of a row would be on a line with any other one.
        double[][] first = [.. synthetic.Take(MostRows)];
        double[][] rows = [.. first.Where((row, i) => !first.Take(i).Any(before => before.AsSpan().SequenceEqual(row)))];
        double[][] folded = [.. rows.Select(Fold)];
        Line[] lines = Lines(folded, cancellation);
        return Enumerable.Range(0, real.Length).Count(IsMet) / (double)real.Length;

        bool IsMet(int row)
        {
            double[] point = Fold(real[row]);
            double near = Met * gaps[row];
            double[][] ways = [.. lines
                .Where(line => line.Gap(point) <= near && Line.Through(rows, line.From, line.To).Gap(real[row]) <= near)
                .Select(line => line.Way)];
            // The same line may have been found twice.
            return ways.Any(way => Apart(way, ways[0]) > Crossing);
        }
    }

    // Those with the most rows first.
    static Line[] Lines(double[][] rows, CancellationToken cancellation)
    {
        List<(Line Line, int Rows)> lines = [];
        for (int a = 0; a < rows.Length; a++)
        {
            cancellation.ThrowIfCancellationRequested();
            // Rows in one direction, or the opposite one, stand together by the direction's key.
            Line[] others = [.. Enumerable.Range(0, rows.Length).Where(b => DoubleVectors.Distance(rows[a], rows[b]) > Distinct)
                .Select(b => Line.Through(rows, a, b)).OrderBy(line => line.Key)];
            bool[] isTaken = new bool[others.Length];
            for (int i = 0; i < others.Length; i++)
            {
                if (isTaken[i])
                    continue;
                List<Line> same = [others[i]];
                for (int j = i + 1; j < others.Length && others[j].Key - others[i].Key < Line.KeyNorm * Parallel; j++)
                    if (!isTaken[j] && Apart(others[i].Way, others[j].Way) < Parallel)
                    {
                        isTaken[j] = true;
                        same.Add(others[j]);
                    }
                // Once, from the first of its rows; the longest piece gives the direction best.
                if (same.Count > 1 && same.TrueForAll(line => line.To > a))
                    lines.Add((same.MaxBy(line => DoubleVectors.Distance(rows[a], rows[line.To]))!, same.Count + 1));
            }
        }
        return [.. lines.OrderByDescending(line => line.Rows).Take(MostLines).Select(line => line.Line)];
    }

    static double Apart(double[] a, double[] b)
    {
        double[] sum = new double[a.Length];
        TensorPrimitives.Add<double>(a, b, sum);
        return Math.Min(DoubleVectors.Distance(a, b), DoubleVectors.Norm(sum));
    }

    // A linear map that lengthens nothing: what is far from a line there is far from it here.
    static double[] Fold(double[] row)
    {
        if (row.Length <= Width)
            return row;
        double[] folded = new double[Width];
        for (int j = 0; j < row.Length; j++)
            folded[j % Width] += Weight(j) * row[j];
        double longest = 1.5 * Math.Sqrt((row.Length + Width - 1) / Width);
        return [.. folded.Select(value => value / longest)];
    }

    static double Weight(int column) => 1 + 0.5 * Math.Sin(column + 1);

    sealed record Line(double[] Start, double[] Way, int From, int To, double Key)
    {
        /// <summary>By how much keys differ at most for each unit that directions do.</summary>
        public const double KeyNorm = 6;

        public static Line Through(double[][] rows, int from, int to)
        {
            double[] way = new double[rows[from].Length];
            TensorPrimitives.Subtract<double>(rows[to], rows[from], way);
            TensorPrimitives.Divide(way, DoubleVectors.Norm(way), way);
            double key = 0;
            for (int j = 0; j < way.Length; j++)
                key += Weight(j) * way[j];
            return new(rows[from], way, from, to, Math.Abs(key));
        }

        /// <summary>Distance of a point to the line.</summary>
        public double Gap(double[] point)
        {
            double[] off = new double[point.Length];
            TensorPrimitives.Subtract<double>(point, Start, off);
            double along = DoubleVectors.Dot(off, Way);
            for (int j = 0; j < off.Length; j++)
                off[j] -= along * Way[j];
            return DoubleVectors.Norm(off);
        }
    }
}
