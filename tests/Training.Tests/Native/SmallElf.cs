using System.Buffers.Binary;
using System.Text;

namespace LeoCvae.Training.Tests.Native;

/// <summary>The smallest ELF library with two version requirements: a header, three section headers, names, Verneed records.</summary>
static class SmallElf
{
    const int Header = 64, SectionHeader = 64, Strings = Header + 3 * SectionHeader, Needs = Strings + 64, Size = Needs + 2 * 16 + 2 * 16;

    /// <summary>Where the second requirement's flags lie (vna_flags).</summary>
    public const int Flags = Needs + 2 * 16 + 16 + 4;

    public static byte[] Make(string version = "GLIBCXX_3.4.32")
    {
        byte[] elf = new byte[Size];
        Span<byte> bytes = elf;
        "\u007fELF"u8.CopyTo(bytes);
        (bytes[4], bytes[5], bytes[6]) = (2, 1, 1);
        Long(0x28, Header);
        Short(0x3A, SectionHeader);
        Short(0x3C, 3);

        // Section 1: the strings. Section 2: the version requirements, with their strings in section 1.
        Int(Header + SectionHeader + 4, 3);
        Long(Header + SectionHeader + 0x18, Strings);
        Int(Header + 2 * SectionHeader + 4, 0x6ffffffe);
        Long(Header + 2 * SectionHeader + 0x18, Needs);
        Int(Header + 2 * SectionHeader + 0x28, 1);
        Encoding.ASCII.GetBytes("\0GLIBC_2.34\0" + version + "\0").CopyTo(bytes[Strings..]);

        // Two Verneed records with one Vernaux each: the first needs GLIBC_2.34, the second the version.
        Need(Needs, aux: 2 * 16, next: 16);
        Need(Needs + 16, aux: 2 * 16, next: 0);
        Int(Needs + 2 * 16 + 8, 1);
        Int(Needs + 3 * 16 + 8, 12);
        return elf;

        void Need(int at, int aux, int next)
        {
            Short(at, 1);
            Short(at + 2, 1);
            Int(at + 8, aux);
            Int(at + 12, next);
        }
        void Short(int at, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(elf.AsSpan(at), value);
        void Int(int at, int value) => BinaryPrimitives.WriteInt32LittleEndian(elf.AsSpan(at), value);
        void Long(int at, long value) => BinaryPrimitives.WriteInt64LittleEndian(elf.AsSpan(at), value);
    }
}
