using System.Runtime.InteropServices;

namespace LeoCvae;

/// <summary>Floats at an address that stays, aligned for the widest registers. Not thread-safe.</summary>
sealed unsafe class FloatMemory : IDisposable
{
    const int Alignment = 64;

    float* _start;

    /// <summary>A block of zeros.</summary>
    public FloatMemory(long length)
    {
        nuint bytes = checked((nuint)(length + Gemm.Lanes) * sizeof(float));
        _start = (float*)NativeMemory.AlignedAlloc(bytes, Alignment);
        NativeMemory.Clear(_start, bytes);
        Length = length;
    }

    /// <summary>Floats that may be used; a few more may be read.</summary>
    public long Length { get; }

    public float* Start => _start;

    ~FloatMemory() => Free();

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    void Free()
    {
        NativeMemory.AlignedFree(_start);
        _start = null;
    }
}
