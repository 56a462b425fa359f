using System.Data.Common;
using System.Globalization;
using System.Numerics;
using DuckDB.NET.Data;
using nietras.SeparatedValues;
using Parquet;
using Parquet.Schema;
using Sylvan.Data.Csv;

namespace LeoCvae.Bench;

/// <summary>What is measured of tables. All read from a file that is in the system's cache, and end with the cells in memory.</summary>
static class TableTasks
{
    const int Rows = 500_000, Columns = 64, MixedRows = 1_000_000;

    public static IEnumerable<TableTask> All(string folder)
    {
        string numbers = Path.Combine(folder, "numbers.csv"), mixed = Path.Combine(folder, "mixed.csv"),
            parquet = Path.Combine(folder, "numbers.parquet"), mixedParquet = Path.Combine(folder, "mixed.parquet"),
            written = Path.Combine(folder, "written.csv");
        long Size(string path) => new FileInfo(path).Length;
        yield return new("read numbers", "MB", () =>
        {
            TableSamples.WriteNumbers(numbers, Rows, Columns);
            return Size(numbers);
        }, [
            ("LeoCvae", () => TableFile.Read(numbers)),
            ("LeoCvae, bytes kept", () => TableFile.ReadDocument(numbers)),
            ("Sep", () => SepNumbers(numbers)),
            ("Sylvan", () => SylvanNumbers(numbers)),
            ("DuckDB", () => Duck($"create table t as select * from read_csv('{numbers}')")),
        ]);
        yield return new("read mixed", "MB", () =>
        {
            TableSamples.WriteMixed(mixed, MixedRows);
            return Size(mixed);
        }, [
            ("LeoCvae", () => TableFile.Read(mixed)),
            ("Sep", () => SepMixed(mixed)),
            ("Sylvan", () => SylvanMixed(mixed)),
            ("DuckDB", () => Duck($"create table t as select * from read_csv('{mixed}', nullstr=['', 'NA'])")),
        ]);
        Table? table = null;
        yield return new("write numbers", "MB", () =>
        {
            TableSamples.WriteNumbers(numbers, Rows, Columns);
            table = TableFile.Read(numbers);
            TableFile.Write(table, parquet, overwrite: true);
            TableFile.Write(table, written, overwrite: true);
            return Size(written);
        }, [
            ("LeoCvae", () => TableFile.Write(table!, written, overwrite: true)),
            ("Sep", () => SepWrite(table!, written)),
            ("DuckDB, from Parquet", () => Duck($"copy (select * from read_parquet('{parquet}')) to '{written}' (format csv)")),
        ]);
        Table? mixedTable = null;
        yield return new("write mixed", "MB", () =>
        {
            TableSamples.WriteMixed(mixed, MixedRows);
            mixedTable = TableFile.Read(mixed);
            TableFile.Write(mixedTable, mixedParquet, overwrite: true);
            TableFile.Write(mixedTable, written, overwrite: true);
            return Size(written);
        }, [
            ("LeoCvae", () => TableFile.Write(mixedTable!, written, overwrite: true)),
            ("DuckDB, from Parquet", () => Duck($"copy (select * from read_parquet('{mixedParquet}')) to '{written}' (format csv)")),
        ]);
        yield return new("read Parquet", "MB of numbers", () =>
        {
            TableSamples.WriteNumbers(numbers, Rows, Columns);
            TableFile.Write(TableFile.Read(numbers), parquet, overwrite: true);
            return (double)Rows * Columns * sizeof(double);
        }, [
            ("LeoCvae", () => TableFile.Read(parquet)),
            ("Parquet.Net", () => ParquetNumbers(parquet).GetAwaiter().GetResult()),
            ("DuckDB", () => Duck($"create table t as select * from read_parquet('{parquet}')")),
        ]);
        yield return new("convert", "MB", () =>
        {
            TableSamples.WriteNumbers(numbers, Rows, Columns);
            TableFile.Write(TableFile.Read(numbers), parquet, overwrite: true);
            return Size(numbers);
        }, [
            ("LeoCvae, CSV to TSV", () => TableConverter.Convert(numbers, Path.Combine(folder, "written.tsv"), overwrite: true)),
            ("LeoCvae, Parquet to CSV", () => TableConverter.Convert(parquet, written, overwrite: true)),
            ("LeoCvae, CSV to Parquet", () =>
                TableConverter.Convert(numbers, Path.Combine(folder, "written.parquet"), overwrite: true)),
        ]);
        foreach (TableTask task in Encodings(numbers, mixed))
            yield return task;
    }

    static IEnumerable<TableTask> Encodings(string numbers, string mixed)
    {
        Table? table = null;
        TableEncoder? encoder = null;
        double Prepare(string path)
        {
            if (path == numbers)
                TableSamples.WriteNumbers(path, Rows / 5, Columns);
            else
                TableSamples.WriteMixed(path, MixedRows / 5);
            table = TableFile.Read(path);
            encoder = TableEncoder.Fit(table);
            return (double)table.RowCount * table.Schema.Columns.Count;
        }
        yield return new("encode numbers", "M values", () => Prepare(numbers), [("LeoCvae", () => encoder!.Encode(table!))]);
        yield return new("decode numbers", "M values", () => Prepare(numbers), [("LeoCvae", () =>
        {
            NumberCodec codec = new(table!.Schema.Columns, encoder!.Mean);
            float[] deviations = new float[Columns];
            double[] row = new double[Columns];
            for (int i = 0; i < table.RowCount; i++)
            {
                codec.Center(table.Row(i), deviations);
                codec.ToValidRow(deviations, row);
            }
        })]);
        yield return new("encode mixed", "M values", () => Prepare(mixed), [("LeoCvae", () => encoder!.Encode(table!))]);
        yield return new("decode mixed", "M values", () => Prepare(mixed), [("LeoCvae", () => DecodeMixed(table!, encoder!))]);
    }

    // Levels are drawn from equal logits.
    static unsafe void DecodeMixed(Table table, TableEncoder encoder)
    {
        IReadOnlyList<ColumnSpec> columns = table.Schema.Columns;
        LevelTensors tensors = LevelDecoding.Tensors(encoder.Layout, _ => []);
        LevelDecoding levels = new(columns, tensors, classes: 2);
        NumberCodec codec = new(columns, encoder.Mean);
        float[] deviations = new float[codec.Width], logits = new float[levels.Levels + Vector<float>.Count],
            choice = new float[levels.Choices];
        double[] numbers = new double[codec.Width], row = new double[columns.Count];
        CounterRandom random = new(1, RandomStream.Latent);
        fixed (float* first = logits)
            for (int i = 0; i < table.RowCount; i++)
            {
                codec.Center(table.Row(i), deviations);
                codec.ToValidRow(deviations, numbers);
                random.FillUniform((ulong)i, choice);
                Array.Clear(logits);
                levels.Fill<Simd256>(numbers, first, 0, choice, row);
            }
    }

    static async Task<List<double[]>> ParquetNumbers(string path)
    {
        await using ParquetReader reader = await ParquetReader.CreateAsync(path);
        List<double[]> columns = [];
        foreach (DataField field in reader.Schema.GetDataFields()[..Columns])
        {
            double[] values = new double[Rows];
            int at = 0;
            for (int group = 0; group < reader.RowGroupCount; group++)
            {
                using ParquetRowGroupReader rows = reader.OpenRowGroupReader(group);
                await rows.ReadAsync<double>(field, values.AsMemory(at, (int)rows.RowCount));
                at += (int)rows.RowCount;
            }
            columns.Add(values);
        }
        return columns;
    }

    static double[][] SepNumbers(string path)
    {
        using SepReader reader = Sep.New(',').Reader().FromFile(path);
        double[][] columns = [.. Enumerable.Range(0, Columns).Select(_ => new double[Rows])];
        Dictionary<string, int> classes = [];
        var lookup = classes.GetAlternateLookup<ReadOnlySpan<char>>();
        int[] labels = new int[Rows];
        int i = 0;
        foreach (SepReader.Row row in reader)
        {
            for (int j = 0; j < columns.Length; j++)
                columns[j][i] = row[j].Parse<double>();
            labels[i++] = Index(lookup, row[Columns].Span);
        }
        return columns;
    }

    static double[][] SylvanNumbers(string path)
    {
        using CsvDataReader reader = CsvDataReader.Create(path);
        double[][] columns = [.. Enumerable.Range(0, Columns).Select(_ => new double[Rows])];
        Dictionary<string, int> classes = [];
        var lookup = classes.GetAlternateLookup<ReadOnlySpan<char>>();
        int[] labels = new int[Rows];
        for (int i = 0; reader.Read(); i++)
        {
            for (int j = 0; j < columns.Length; j++)
                columns[j][i] = reader.GetDouble(j);
            labels[i] = Index(lookup, reader.GetFieldSpan(Columns));
        }
        return columns;
    }

    static double[][] SepMixed(string path)
    {
        using SepReader reader = Sep.New(',').Reader(options => options with { Unescape = true }).FromFile(path);
        double[][] columns = [.. TableSamples.Kinds.Select(_ => new double[MixedRows])];
        MixedColumns mixed = new();
        int i = 0;
        foreach (SepReader.Row row in reader)
        {
            for (int j = 0; j < columns.Length; j++)
                columns[j][i] = mixed.Cell(j, row[j].Span);
            i++;
        }
        return columns;
    }

    static double[][] SylvanMixed(string path)
    {
        using CsvDataReader reader = CsvDataReader.Create(path);
        double[][] columns = [.. TableSamples.Kinds.Select(_ => new double[MixedRows])];
        MixedColumns mixed = new();
        for (int i = 0; reader.Read(); i++)
            for (int j = 0; j < columns.Length; j++)
                columns[j][i] = mixed.Cell(j, reader.GetFieldSpan(j));
        return columns;
    }

    /// <summary>What a user of a tokenizer writes for the mixed table, knowing the kinds of its columns.</summary>
    sealed class MixedColumns
    {
        readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>>[] _names =
            [.. TableSamples.Kinds.Select(_ => new Dictionary<string, int>().GetAlternateLookup<ReadOnlySpan<char>>())];

        public double Cell(int column, ReadOnlySpan<char> text) => text is "" or "NA" ? double.NaN : TableSamples.Kinds[column] switch
        {
            ColumnKind.Numeric => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture),
            ColumnKind.Date => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture).DayNumber,
            _ => Index(_names[column], text),
        };
    }

    static int Index(Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> names, ReadOnlySpan<char> name)
    {
        if (!names.TryGetValue(name, out int index))
            names[name] = index = names.Dictionary.Count;
        return index;
    }

    static void SepWrite(Table table, string path)
    {
        using SepWriter writer = Sep.New(',').Writer().ToFile(path);
        string[] names = [.. table.Schema.Columns.Select(column => column.Name)];
        for (int i = 0; i < table.RowCount; i++)
        {
            using SepWriter.Row row = writer.NewRow();
            ReadOnlySpan<double> cells = table.Row(i);
            for (int j = 0; j < cells.Length; j++)
                row[names[j]].Format(cells[j]);
            row[table.Schema.Target!].Set(table.Label(i));
        }
    }

    static void Duck(string sql)
    {
        using DuckDBConnection connection = new("DataSource=:memory:");
        connection.Open();
        using DbCommand command = connection.CreateCommand();
        command.CommandText = $"set threads = 1; set preserve_insertion_order = true; {sql}";
        command.ExecuteNonQuery();
    }
}
