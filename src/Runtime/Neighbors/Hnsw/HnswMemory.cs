using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;

namespace LeoCvae;

/// <summary>The block of bytes that an index lies in. Thread-safe.</summary>
abstract unsafe class HnswMemory : IDisposable
{
    /// <summary>First byte, at a multiple of 64.</summary>
    public byte* Start { get; protected init; }

    /// <summary>The block stays where it is until the use is over, even if this is disposed of in between.</summary>
    /// <exception cref="ObjectDisposedException">The block is gone.</exception>
    public abstract Lifetime.Use Enter();

    public abstract void Dispose();
}

/// <summary>A block on the heap, collected like any object.</summary>
sealed unsafe class HeapMemory : HnswMemory
{
    const int Alignment = 64;

    // Pinned, so that pointers stay good as long as this object lives.
    readonly ulong[] _words;

    /// <summary>A block of zeros.</summary>
    public HeapMemory(long length)
    {
        _words = GC.AllocateArray<ulong>(checked((int)((length + Alignment) / sizeof(ulong) + 1)), pinned: true);
        Length = length;
        Start = (byte*)(((nuint)(nint)Marshal.UnsafeAddrOfPinnedArrayElement(_words, 0) + Alignment - 1) & ~(nuint)(Alignment - 1));
    }

    public long Length { get; }

    /// <summary>A larger block that begins with the same bytes.</summary>
    public HeapMemory Grown(long length)
    {
        HeapMemory larger = new(length);
        Buffer.MemoryCopy(Start, larger.Start, length, Length);
        GC.KeepAlive(this);
        return larger;
    }

    public override Lifetime.Use Enter() => default;

    public override void Dispose()
    {
    }
}

/// <summary>A file, mapped: pages are read when they are touched.</summary>
sealed unsafe class MappedMemory : HnswMemory
{
    readonly Lifetime _lifetime;

    public MappedMemory(FileStream file)
    {
        MemoryMappedFile mapped =
            MemoryMappedFile.CreateFromFile(file, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
        MemoryMappedViewAccessor view = mapped.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        _lifetime = new(nameof(HnswIndex), () =>
        {
            view.Dispose();
            mapped.Dispose();
        });
        byte* start = null;
        // Given back right away: who uses the pointer enters first.
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        Start = start + view.PointerOffset;
        view.SafeMemoryMappedViewHandle.ReleasePointer();
    }

    public override Lifetime.Use Enter() => _lifetime.Enter();

    public override void Dispose() => _lifetime.End();
}
