using System.Text;
using static System.Globalization.CultureInfo;

namespace LeoCvae.Evaluation;

/// <summary>
/// One chart as inline SVG: axes with round ticks, then lines, bars, points or intervals. Colors are classes (s0 to s9 for series, e0 to e4
/// for entropy) that the page's style defines, so that they follow its dark scheme. Not thread-safe.
/// </summary>
sealed class Chart
{
    const double FullWidth = 360, Left = 44, Right = 14, Top = 8, Margin = 36, PanelWidth = 200, PanelHeight = 160;
    const int Colors = 10, LongestName = 13;

    readonly StringBuilder _body = new();
    readonly double _height, _width, _left, _right, _bottom, _xLow, _xHigh, _yLow, _yHigh;

    /// <summary>A chart with axes; the ranges are widened where they are empty.</summary>
    public Chart((double Low, double High) x, (double Low, double High) y, string xTitle, string yTitle, double height = 250)
        : this(x, y, Left, height)
    {
        foreach (double tick in Ticks(_yLow, _yHigh, 5))
            _body.Append(
                InvariantCulture,
                $"<line class=\"grid\" x1=\"{C(_left)}\" x2=\"{C(_width - _right)}\" y1=\"{C(Y(tick))}\" y2=\"{C(Y(tick))}\"/><text " +
                $"x=\"{C(_left - 5)}\" y=\"{C(Y(tick) + 3.5)}\" text-anchor=\"end\">{Tick(tick)}</text>");
        XAxis(xTitle);
        double middle = (Top + _height - _bottom) / 2;
        _body.Append(
            InvariantCulture,
            $"<text x=\"11\" y=\"{C(middle)}\" transform=\"rotate(-90 11 {C(middle)})\" " +
            $"text-anchor=\"middle\">{HtmlText.Escape(yTitle)}</text>");
    }

    Chart((double Low, double High) x, (double Low, double High) y, double left, double height, double width = FullWidth,
        double bottom = Margin)
    {
        (_left, _height, _width, _bottom, _right) = (left, height, width, bottom, width == FullWidth ? Right : left);
        (_xLow, _xHigh) = x.High > x.Low ? x : (x.Low - 0.5, x.Low + 0.5);
        (_yLow, _yHigh) = y.High > y.Low ? y : (y.Low - 0.5, y.Low + 0.5);
    }

    /// <summary>A chart of intervals, a named row each, with a line at 0; an infinite end runs to the edge.</summary>
    public static Chart Intervals(IReadOnlyList<(string Name, PairedInterval Interval, string Class)> rows, string xTitle)
    {
        double[] ends =
            [0, .. rows.SelectMany(row => new[] { row.Interval.Low, row.Interval.High, row.Interval.Mean }).Where(double.IsFinite)];
        double room = Math.Max(0.005, (ends.Max() - ends.Min()) * 0.06);
        Chart chart = new((ends.Min() - room, ends.Max() + room), (0, 1), 84, Top + 22 * rows.Count + Margin);
        chart.XAxis(xTitle);
        chart._body.Append(
            InvariantCulture,
            $"<line class=\"zero\" x1=\"{C(chart.X(0))}\" x2=\"{C(chart.X(0))}\" y1=\"{C(Top)}\" y2=\"{C(chart._height - Margin)}\"/>");
        for (int i = 0; i < rows.Count; i++)
        {
            double y = Top + 22 * i + 11;
            (string name, PairedInterval interval, string style) = rows[i];
            (double left, double right) = (Math.Max(interval.Low, chart._xLow), Math.Min(interval.High, chart._xHigh));
            chart._body.Append(
                InvariantCulture,
                $"<text x=\"78\" y=\"{C(y + 3.5)}\" text-anchor=\"end\">{HtmlText.Escape(Words.Cut(name, LongestName))}</text><g " +
                $"class=\"{style}\"><line class=\"whisker\" x1=\"{C(chart.X(left))}\" x2=\"{C(chart.X(right))}\" y1=\"{C(y)}\" " +
                $"y2=\"{C(y)}\"/><circle cx=\"{C(chart.X(interval.Mean))}\" cy=\"{C(y)}\" r=\"4\"/></g>");
        }
        return chart;
    }

    /// <summary>
    /// A chart of five quantiles, a named row each: a line between the outer ones, a box between the inner ones, a dot at the median.
    /// </summary>
    public static Chart Boxes(IReadOnlyList<(string Name, double[] Quantiles)> rows, double highest, string xTitle)
    {
        Chart chart = new((0, highest), (0, 1), 84, Top + 22 * rows.Count + Margin);
        chart.XAxis(xTitle);
        for (int i = 0; i < rows.Count; i++)
        {
            double y = Top + 22 * i + 11;
            double[] at = [.. rows[i].Quantiles.Select(chart.X)];
            chart._body.Append(
                InvariantCulture,
                $"<text x=\"78\" y=\"{C(y + 3.5)}\" text-anchor=\"end\">{HtmlText.Escape(Words.Cut(rows[i].Name, LongestName))}</text><g " +
                $"class=\"s1\">");
            chart._body.Append(
                InvariantCulture, $"<line class=\"whisker\" x1=\"{C(at[0])}\" x2=\"{C(at[4])}\" y1=\"{C(y)}\" y2=\"{C(y)}\"/>");
            chart._body.Append(
                InvariantCulture,
                $"<rect class=\"box\" x=\"{C(at[1])}\" y=\"{C(y - 6)}\" width=\"{C(Math.Max(1, at[3] - at[1]))}\" height=\"12\"/><circle " +
                $"cx=\"{C(at[2])}\" cy=\"{C(y)}\" r=\"3.5\"/></g>");
        }
        return chart;
    }

    /// <summary>A small frame without numbers, one of several on the same plane.</summary>
    public static Chart Panel((double Low, double High) x, (double Low, double High) y)
    {
        Chart chart = new(x, y, 2, PanelHeight, PanelWidth, 2);
        chart._body.Append(
            InvariantCulture, $"<rect class=\"frame\" x=\"1\" y=\"1\" width=\"{C(PanelWidth - 2)}\" height=\"{C(PanelHeight - 2)}\"/>");
        return chart;
    }

    /// <summary>A line through points; numbers that are none are left out.</summary>
    public void Line(IReadOnlyList<double> x, IReadOnlyList<double> y, int series, bool withDots = false)
    {
        (double X, double Y)[] points = [.. x.Zip(y).Where(point => double.IsFinite(point.First) && double.IsFinite(point.Second))
            .Select(point => (X(point.First), Y(point.Second)))];
        _body.Append(
            InvariantCulture,
            $"<polyline class=\"line s{series % Colors}\" " +
            $"points=\"{string.Join(' ', points.Select(point => $"{C(point.X)},{C(point.Y)}"))}\"/>");
        foreach ((double atX, double atY) in withDots ? points : [])
            _body.Append(InvariantCulture, $"<circle class=\"dot s{series % Colors}\" cx=\"{C(atX)}\" cy=\"{C(atY)}\" r=\"2.5\"/>");
    }

    /// <summary>A dashed line from one point to another, to compare with.</summary>
    public void Guide(double x1, double y1, double x2, double y2) =>
        _body.Append(InvariantCulture, $"<line class=\"guide\" x1=\"{C(X(x1))}\" y1=\"{C(Y(y1))}\" x2=\"{C(X(x2))}\" y2=\"{C(Y(y2))}\"/>");

    /// <summary>A bar from the bottom.</summary>
    public void Bar(double x1, double x2, double y, int series) =>
        _body.Append(
            InvariantCulture,
            $"<rect class=\"bar s{series % Colors}\" x=\"{C(X(x1) + 0.5)}\" y=\"{C(Y(y))}\" " +
            $"width=\"{C(Math.Max(0.5, X(x2) - X(x1) - 1))}\" height=\"{C(Math.Max(0, Y(_yLow) - Y(y)))}\"/>");

    /// <summary>Points of one style: discs, or crosses. One path, so that thousands of them stay small.</summary>
    public void Points(IEnumerable<MapPoint> points, string style, bool isCross)
    {
        string path = string.Concat(points.Select(point => isCross
            ? $"M{C(X(point.X) - 2.5)} {C(Y(point.Y) - 2.5)}l5 5m0 -5l-5 5"
            : $"M{C(X(point.X))} {C(Y(point.Y))}h0"));
        if (path != "")
            _body.Append(InvariantCulture, $"<path class=\"{(isCross ? "cross" : "disc")} {style}\" d=\"{path}\"/>");
    }

    /// <summary>The SVG element.</summary>
    public string ToSvg(string description) =>
        $"<svg viewBox=\"0 0 {C(_width)} {C(_height)}\" role=\"img\" aria-label=\"{HtmlText.Escape(description)}\">{_body}</svg>";

    double X(double value) => _left + (Math.Clamp(value, _xLow, _xHigh) - _xLow) / (_xHigh - _xLow) * (_width - _right - _left);

    double Y(double value) => Top + (_yHigh - Math.Clamp(value, _yLow, _yHigh)) / (_yHigh - _yLow) * (_height - _bottom - Top);

    void XAxis(string title)
    {
        double bottom = _height - _bottom;
        _body.Append(
            InvariantCulture,
            $"<line class=\"axis\" x1=\"{C(_left)}\" x2=\"{C(_width - _right)}\" y1=\"{C(bottom)}\" y2=\"{C(bottom)}\"/>");
        foreach (double tick in Ticks(_xLow, _xHigh, (_width - _right - _left) / 75))
            _body.Append(
                InvariantCulture,
                $"<line class=\"axis\" x1=\"{C(X(tick))}\" x2=\"{C(X(tick))}\" y1=\"{C(bottom)}\" y2=\"{C(bottom + 3)}\"/><text " +
                $"x=\"{C(X(tick))}\" y=\"{C(bottom + 14)}\" text-anchor=\"middle\">{Tick(tick)}</text>");
        _body.Append(
            InvariantCulture,
            $"<text x=\"{C((_left + _width - _right) / 2)}\" y=\"{C(_height - 6)}\" " +
            $"text-anchor=\"middle\">{HtmlText.Escape(title)}</text>");
    }

    // Round numbers, about so many.
    static IEnumerable<double> Ticks(double low, double high, double about)
    {
        double rough = (high - low) / about, power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double step = (rough / power) switch { < 1.5 => 1, < 3.5 => 2, < 7.5 => 5, _ => 10 } * power;
        for (double n = Math.Ceiling(low / step - 1e-9); n * step <= high + 1e-9 * step; n++)
            yield return n * step;
    }

    static string Tick(double value) => HtmlText.Number(Math.Abs(value) < 1e-12 ? 0 : value, "0.####");

    static string C(double value) => HtmlText.Coordinate(value);
}
