using DuckDB.NET.Data;
using Parquet;
using Parquet.Schema;

namespace LeoCvae.Runtime.Tests;

/// <summary>Parquet files from and to values, by Parquet.Net alone.</summary>
static class ParquetFiles
{
    /// <summary>Writes columns as a file of row groups of some rows.</summary>
    public static void Write(string path, params (DataField Field, Array Values)[] columns) => Write(path, int.MaxValue, columns);

    public static void Write(string path, int groupRows, params (DataField Field, Array Values)[] columns)
    {
        ParquetSchema schema = new(columns.Select(column => column.Field));
        using FileStream file = File.Create(path);
        ParquetWriter writer = ParquetWriter.CreateAsync(schema, file).Result;
        int rows = columns[0].Values.Length;
        for (int first = 0; first < rows; first += groupRows)
        {
            using ParquetRowGroupWriter group = writer.CreateRowGroup();
            foreach ((DataField field, Array values) in columns)
                Write(group, field, values, first, Math.Min(groupRows, rows - first));
            if (groupRows == int.MaxValue)
                break;
        }
        writer.DisposeAsync().AsTask().Wait();
    }

    /// <summary>A file of 300 rows by DuckDB: numbers, words, dates and texts, some missing, and a label y.</summary>
    public static byte[] OfDuckDb(string path, string codec, string version)
    {
        using DuckDBConnection connection = new("DataSource=:memory:");
        connection.Open();
        using DuckDBCommand command = connection.CreateCommand();
        command.CommandText = "copy (select i, (i * 7919 % 1000) / 8.0 as x, if(i % 7 = 0, null, i % 5) as few, " +
            "'word ' || (i % 4) as word, " +
            "if(i % 3 = 0, null, 'text ' || i * i) as t, date '2024-01-01' + i::int as d, i % 2 = 0 as b, 'c' || (i % 2) as y " +
            $"from range(300) r(i)) to '{path}' (format parquet, compression '{codec}', parquet_version '{version}')";
        command.ExecuteNonQuery();
        return File.ReadAllBytes(path);
    }

    /// <summary>The columns (name: type) and the values of each row of a file.</summary>
    public static (string[] Columns, List<object?[]> Rows) Read(string path)
    {
        using FileStream file = File.OpenRead(path);
        ParquetReader reader = ParquetReader.CreateAsync(file, new ParquetOptions { UseBigDecimal = false }).Result;
        DataField[] fields = reader.Schema.GetDataFields();
        List<object?[]> rows = [];
        foreach (ParquetRowGroupReader group in reader.RowGroups)
        {
            object?[][] columns = [.. fields.Select(field => Read(group, field))];
            for (int row = 0; row < group.RowCount; row++)
                rows.Add([.. columns.Select(column => column[row])]);
        }
        return ([.. fields.Select(field => $"{field.Name}: {field.ClrType.Name}{(field.IsNullable ? "?" : "")}")], rows);
    }

    static object?[] Read(ParquetRowGroupReader group, DataField field) => field.ClrType switch
    {
        Type type when type == typeof(bool) => Read<bool>(group, field),
        Type type when type == typeof(sbyte) => Read<sbyte>(group, field),
        Type type when type == typeof(ushort) => Read<ushort>(group, field),
        Type type when type == typeof(int) => Read<int>(group, field),
        Type type when type == typeof(uint) => Read<uint>(group, field),
        Type type when type == typeof(long) => Read<long>(group, field),
        Type type when type == typeof(float) => Read<float>(group, field),
        Type type when type == typeof(double) => Read<double>(group, field),
        Type type when type == typeof(decimal) => Read<decimal>(group, field),
        Type type when type == typeof(DateTime) => Read<DateTime>(group, field),
        _ => [.. Read<ReadOnlyMemory<char>>(group, field).Select(text => text?.ToString())],
    };

    static object?[] Read<T>(ParquetRowGroupReader group, DataField field) where T : struct
    {
        int rows = (int)group.RowCount;
        T[] values = new T[rows];
        int[] levels = new int[rows];
        Memory<int>? into = field.IsNullable ? levels : default(Memory<int>?);
        group.ReadRawAsync<T>(field, values, into, null).AsTask().Wait();
        int next = 0;
        return [.. levels.Select(level => field.IsNullable && level == 0 ? null : (object?)values[next++])];
    }

    static void Write(ParquetRowGroupWriter group, DataField field, Array values, int first, int count)
    {
        Task Of<T>() where T : struct => values is T?[] nullable ? group.WriteAsync<T>(field, nullable.AsMemory(first, count))
            : group.WriteAsync<T>(field, ((T[])values).AsMemory(first, count));
        (values switch
        {
            string?[] texts => group.WriteAsync(field, texts[first..(first + count)]),
            bool[] or bool?[] => Of<bool>(),
            byte[] or byte?[] => Of<byte>(),
            int[] or int?[] => Of<int>(),
            long[] or long?[] => Of<long>(),
            float[] or float?[] => Of<float>(),
            double[] or double?[] => Of<double>(),
            decimal[] or decimal?[] => Of<decimal>(),
            DateTime[] or DateTime?[] => Of<DateTime>(),
            Guid[] => Of<Guid>(),
            byte[]?[] bytes => group.WriteAsync(field, bytes[first..(first + count)]),
            _ => throw new NotSupportedException(values.GetType().Name),
        }).Wait();
    }
}
