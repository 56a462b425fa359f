using Google.Protobuf;

namespace LeoCvae.Training.Tests.Export;

/// <summary>What is written is what Google.Protobuf reads and writes.</summary>
[TestClass]
public class ProtoWriterTests
{
    [TestMethod]
    [DataRow(0L)]
    [DataRow(1L)]
    [DataRow(127L)]
    [DataRow(128L)]
    [DataRow(16383L)]
    [DataRow(16384L)]
    [DataRow((long)int.MaxValue)]
    [DataRow(long.MaxValue)]
    [DataRow(-1L)]
    [DataRow(long.MinValue)]
    public void Numbers_are_varints(long value) => AssertSame(new ProtoWriter().Int(5, value), output =>
    {
        output.WriteTag(5, WireFormat.WireType.Varint);
        output.WriteInt64(value);
    });

    [TestMethod]
    [DataRow(0.2f)]
    [DataRow(-0f)]
    [DataRow(float.NaN)]
    [DataRow(float.Epsilon)]
    public void Floats_are_four_bytes(float value) => AssertSame(new ProtoWriter().Float(2, value), output =>
    {
        output.WriteTag(2, WireFormat.WireType.Fixed32);
        output.WriteFloat(value);
    });

    [TestMethod]
    [DataRow("")]
    [DataRow("leocvae")]
    [DataRow("größer als 1,5 \U0001F9EC")]
    public void Text_is_UTF_8_after_its_length(string value) => AssertSame(new ProtoWriter().String(6, value), output =>
    {
        output.WriteTag(6, WireFormat.WireType.LengthDelimited);
        output.WriteString(value);
    });

    [TestMethod]
    [DataRow(0)]
    [DataRow(127)]
    [DataRow(128)]
    [DataRow(70000)]
    public void Bytes_follow_their_length(int length)
    {
        byte[] value = [.. Enumerable.Range(0, length).Select(i => (byte)i)];
        AssertSame(new ProtoWriter().Bytes(9, value), output =>
        {
            output.WriteTag(9, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(ByteString.CopyFrom(value));
        });
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(15)]
    [DataRow(16)]
    [DataRow(2048)]
    [DataRow(536870911)]
    public void Field_numbers_of_any_size_are_written(int field) => AssertSame(new ProtoWriter().Int(field, 7), output =>
    {
        output.WriteTag(field, WireFormat.WireType.Varint);
        output.WriteInt64(7);
    });

    [TestMethod]
    public void Messages_within_messages_in_the_order_of_the_calls()
    {
        ProtoWriter inner = new ProtoWriter().Int(1, 300).String(2, "x");
        AssertSame(new ProtoWriter().Message(3, inner).Int(1, 2).Message(3, new ProtoWriter()), output =>
        {
            output.WriteTag(3, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(ByteString.CopyFrom(8, 0xAC, 2, 18, 1, (byte)'x'));
            output.WriteTag(1, WireFormat.WireType.Varint);
            output.WriteInt64(2);
            output.WriteTag(3, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(ByteString.Empty);
        });
    }

    static void AssertSame(ProtoWriter written, Action<CodedOutputStream> expected)
    {
        using MemoryStream bytes = new();
        CodedOutputStream output = new(bytes);
        expected(output);
        output.Flush();
        CollectionAssert.AreEqual(bytes.ToArray(), written.ToArray());
    }
}
