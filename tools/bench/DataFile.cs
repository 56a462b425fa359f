using System.Runtime.InteropServices;

namespace LeoCvae.Bench;

/// <summary>Files of run.py: int32 rows and columns, then rows x columns float32; neighbors go back as bare int32.</summary>
static class DataFile
{
    public static Matrix Read(string path)
    {
        using FileStream file = File.OpenRead(path);
        int[] shape = new int[2];
        file.ReadExactly(MemoryMarshal.AsBytes(shape.AsSpan()));
        float[] values = new float[checked(shape[0] * shape[1])];
        file.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
        return new(shape[0], shape[1], values);
    }

    public static void WriteIds(string path, int[] ids)
    {
        using FileStream file = File.Create(path);
        file.Write(MemoryMarshal.AsBytes(ids.AsSpan()));
    }
}
