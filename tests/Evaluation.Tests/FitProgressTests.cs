using LeoCvae.Cli;

namespace LeoCvae.Evaluation.Tests;

/// <summary>The lines that a long evaluation shows.</summary>
[TestClass]
public class FitProgressTests
{
    [TestMethod]
    public void Every_tenth_of_the_way_has_a_line_and_every_fit_its_share()
    {
        (List<double> shares, List<string> lines) = Run(total: 30, fits: 30, secondsEach: 0);
        CollectionAssert.AreEqual(Enumerable.Range(1, 30).Select(done => done / 30.0).ToArray(), shares);
        CollectionAssert.AreEqual(Enumerable.Range(1, 10).Select(tenth => $"{3 * tenth} of 30 fits").ToArray(), lines);
    }

    [TestMethod]
    [DataRow(1, "10 of 100 fits, about 90 s left")]
    [DataRow(0.1, "10 of 100 fits")]
    [DataRow(0.2, "10 of 100 fits, about 18 s left")]
    [DataRow(2, "10 of 100 fits, about 3 min left")]
    [DataRow(100, "10 of 100 fits, about 150 min left")]
    public void The_time_left_is_that_of_the_fits_so_far_times_those_to_come(double secondsEach, string expected) =>
        Assert.AreEqual(expected, Run(total: 100, fits: 10, secondsEach).Lines.Single());

    [TestMethod]
    public void No_time_is_told_before_all_methods_have_had_their_turn() =>
        Assert.AreSequenceEqual(["10 of 100 fits", "20 of 100 fits, about 80 s left"], Run(total: 100, fits: 20, secondsEach: 1, alike: 18)
            .Lines);

    [TestMethod]
    public void The_last_line_has_no_time_left() => Assert.AreEqual("10 of 10 fits", Run(total: 10, fits: 10, secondsEach: 60).Lines[^1]);

    [TestMethod]
    public void Other_work_says_after_five_seconds_how_long_it_takes_and_then_seldom()
    {
        Clock clock = new();
        List<string> lines = [];
        WorkProgress work = new((_, line) => lines.AddRange(line is null ? [] : [line]), clock);
        for (int second = 1; second <= 100; second++)
        {
            clock.Milliseconds = 1000 * second;
            work.Report(1000 * second, second / 100.0);
        }
        Assert.AreSequenceEqual(Enumerable.Range(0, 10).Select(i => $"{5 + (10 * i)} %, about {95 - (10 * i)} s left"), lines);
    }

    [TestMethod]
    public void Work_of_unknown_length_says_its_rows()
    {
        Clock clock = new();
        List<string> lines = [];
        WorkProgress work = new((_, line) => lines.AddRange(line is null ? [] : [line]), clock);
        for (int second = 1; second <= 40; second++)
        {
            clock.Milliseconds = 1000 * second;
            work.Report(1000 * second, null);
        }
        Assert.AreSequenceEqual(["5000 rows", "35000 rows"], lines);
    }

    static (List<double> Shares, List<string> Lines) Run(int total, int fits, double secondsEach, int alike = 1)
    {
        Clock clock = new();
        (List<double> shares, List<string> lines) = ([], []);
        FitProgress progress = new((share, line) =>
        {
            shares.Add(share);
            if (line is not null)
                lines.Add(line);
        }, clock, alike);
        for (int done = 1; done <= fits; done++)
        {
            clock.Milliseconds += (long)(1000 * secondsEach);
            progress.Report(new(done, total));
        }
        return (shares, lines);
    }

    sealed class Clock : TimeProvider
    {
        public long Milliseconds { get; set; }

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => Milliseconds;
    }
}
