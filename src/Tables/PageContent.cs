using System.IO.Compression;
using K4os.Compression.LZ4;
using Parquet.Meta;

namespace LeoCvae;

/// <summary>The bytes of Parquet pages, decompressed.</summary>
static class PageContent
{
    /// <summary>Decompresses bytes, whose sizes were looked at before.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="codec">How they are compressed.</param>
    /// <param name="size">How many they should become.</param>
    /// <param name="most">How many they may become.</param>
    public static byte[] Of(byte[] bytes, CompressionCodec codec, int size, int most)
    {
        switch (codec)
        {
            case CompressionCodec.SNAPPY:
                return Snappier.Snappy.DecompressToArray(bytes);
            case CompressionCodec.ZSTD:
                using (ZstdSharp.Decompressor zstd = new())
                    return zstd.Unwrap(bytes, most).ToArray();
            case CompressionCodec.LZ4 or CompressionCodec.LZ4_RAW:
                byte[] content = new byte[size];
                return content[..Math.Max(0, LZ4Codec.Decode(bytes, content))];
            case CompressionCodec.GZIP or CompressionCodec.BROTLI:
                using (MemoryStream stream = new(bytes))
                using (Stream unpacked = codec == CompressionCodec.GZIP ? new GZipStream(stream, CompressionMode.Decompress)
                    : new BrotliStream(stream, CompressionMode.Decompress))
                {
                    byte[] some = new byte[size];
                    return some[..unpacked.ReadAtLeast(some, size, throwOnEndOfStream: false)];
                }
            default:
                return bytes;
        }
    }
}
