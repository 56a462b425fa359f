namespace LeoCvae;

/// <summary>The types of tensors by their numbers in ONNX (TensorProto.DataType).</summary>
static class OnnxType
{
    public const int Float = 1, Int32 = 6, Int64 = 7, Bool = 9, Double = 11;
}
