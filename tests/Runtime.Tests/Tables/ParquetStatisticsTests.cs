using Parquet;
using Parquet.Meta;

namespace LeoCvae.Runtime.Tests;

/// <summary>What is noted of a column's least and largest values must hold: readers skip row groups by it.</summary>
[TestClass]
public class ParquetStatisticsTests
{
    [TestMethod]
    public void Notes_of_least_and_largest_values_are_none_or_right_in_the_order_of_the_format()
    {
        using TempFolder folder = new();
        string csv = "text,number,whole,day,y\n\U0001d11e,NaN,-5,1969-01-01,p\n\uFB00,1.5,7,2024-01-02,q\na,-2,3,2023-01-01,p\n";
        File.WriteAllText(folder["t.csv"], csv);
        TableConverter.Convert(folder["t.csv"], folder["t.parquet"]);
        using FileStream file = File.OpenRead(folder["t.parquet"]);
        ParquetReader reader = ParquetReader.CreateAsync(file).Result;
        Statistics Of(string column) => reader.Metadata!.RowGroups[0].Columns.Single(chunk => chunk.MetaData!.PathInSchema[0] == column)
            .MetaData!.Statistics!;
        if (Of("text").MaxValue is byte[] largest)
            Assert.IsGreaterThanOrEqualTo(0, largest.AsSpan().SequenceCompareTo(System.Text.Encoding.UTF8.GetBytes("\U0001d11e")));
        Assert.AreSequenceEqual(BitConverter.GetBytes(-5L), Of("whole").MinValue!);
        Assert.AreSequenceEqual(BitConverter.GetBytes(7L), Of("whole").MaxValue!);
        Assert.AreSequenceEqual(BitConverter.GetBytes(-2.0), Of("number").MinValue!);
        Assert.AreEqual(1, Of("number").NullCount);
        Assert.AreSequenceEqual(BitConverter.GetBytes(-365), Of("day").MinValue!);
        Assert.AreEqual("\U0001d11e", TableFile.Read(folder["t.parquet"]).Column<string>("text")[0]);
    }
}
