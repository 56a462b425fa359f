using System.Text;

namespace LeoCvae.Cli.Tests;

/// <summary>A seeded fuzzer of the file of --constraints (LEOCVAE_FUZZ=100000 tries that many): a fit, or one line.</summary>
[TestClass]
[DoNotParallelize]
public class OptionFileFuzzTests : CliTest
{
    static readonly byte[][] Parts = [.. new[]
    {
        "\"", "{", "}", "[", "]", ",", ":", "null", "1e999", "-1", "true", "\\u0000", "\\ud800", "\"total\": 1,", "\"may_be_none\": true,",
        "\"kind\": \"sum\",", "\"sum\"", "\"order\"", "\"flags\"", "\"dependency\"", "\"a\"", "\"z\"", "\"y\"", "\"map\": [0, 1],", "\"\"",
        "[[[[[[[[", "\"exactly\": true,", "\"names\": [\"a\"],", "99999999999999999999", "//", "/*",
    }.Select(Encoding.UTF8.GetBytes), [0xFF], [0xEF, 0xBB, 0xBF], [0xC3], [0]];

    [TestMethod]
    public void Constraints_are_held_or_refused()
    {
        Write("t.csv", "a,b,s,f,g,w,v,y\n" + string.Concat(Enumerable.Range(0, 24).Select(i =>
            $"{i % 7},{i % 5 + 7},{i % 7 + (i % 5) + 7},{i % 2},{1 - (i % 2)},w{i % 3},v{i % 3 / 2},{(i % 3 == 0 ? "p" : "q")}\n")));
        byte[][] seeds = [.. new[]
        {
            """[{"kind": "order", "columns": ["a", "b"]}]""", """[{"kind": "sum", "columns": ["a", "b", "s"]}]""",
            """[{"kind": "flags", "columns": ["f", "g"], "may_be_none": false}, {"kind": "dependency", "columns": ["w", "v"]}]""",
            """[{"kind": "sum", "columns": ["f", "g"], "total": 1}]""",
        }.Select(Encoding.UTF8.GetBytes)];
        Mutations.Try(400, seeds, Parts, bytes =>
        {
            File.WriteAllBytes(At("c.json"), bytes);
            Outcome outcome = InProcess.Run(At(), "train t.csv --model new --overwrite --constraints c.json --epochs 1 --hidden 2 --quiet"
                .Split(' '));
            if (outcome.ExitCode == 0)
                return;
            string[] lines = [.. outcome.ErrorLines.Where(text => !text.StartsWith("warning: ", StringComparison.Ordinal))];
            Assert.AreEqual((1, 1), (outcome.ExitCode, lines.Length), outcome.Error);
            foreach (string trace in (string[])["   at ", "Exception", "please report", "(Parameter"])
                Assert.DoesNotContain(trace, lines[0]);
            throw new InvalidDataException(lines[0]);
        });
    }
}
