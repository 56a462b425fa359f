using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace LeoCvae.Training.Tests.Export;

/// <summary>The three ONNX files as files: canonical protobuf, well-formed graphs, and nothing of the table in them.</summary>
[TestClass]
public class OnnxFileTests
{
    // Field numbers of onnx.proto.
    const int IrVersion = 1, ProducerName = 2, ProducerVersion = 3, ModelVersion = 5, Graph = 7, OperatorSet = 8;
    const int GraphNode = 1, Initializer = 5, GraphInput = 11, GraphOutput = 12, NodeInput = 1, NodeOutput = 2, NodeName = 3,
        TensorDims = 1, TensorType = 2, TensorName = 8, TensorBytes = 9;

    static readonly string[] OnnxFiles = [ModelFormat.Encoder, ModelFormat.Decoder, ModelFormat.Generator];

    static Exported _exported = null!;

    static IEnumerable<string> Names => OnnxFiles;

    [ClassInitialize]
    public static void Export(TestContext _) => _exported = new(Samples.Gaussian([40, 20, 9], 6, decimals: [null, 0, null, 2, null, null]));

    [ClassCleanup]
    public static void Release() => _exported.Dispose();

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Google_Protobuf_reads_the_file_and_writes_the_same_bytes(string file)
    {
        byte[] bytes = _exported[file];
        CollectionAssert.AreEqual(bytes, new ProtoTree("Model", bytes).Write());
        CollectionAssert.AreEqual(bytes, Empty.Parser.ParseFrom(bytes).ToByteArray(), "as unknown fields");
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void The_model_says_what_wrote_it_and_for_which_operators(string file)
    {
        ProtoTree model = new("Model", _exported[file]);
        Assert.AreEqual(8, model.Int(IrVersion));
        Assert.AreEqual("leocvae", model.Text(ProducerName));
        Assert.AreEqual(Producer.Version, model.Text(ProducerVersion));
        Assert.AreEqual(3, model.Int(ModelVersion));
        Assert.AreEqual(("", 17L), (model.Message(OperatorSet).Text(1), model.Message(OperatorSet).Int(2)));
    }

    [TestMethod]
    [DataRow(ModelFormat.Encoder, "rows:11[N,6] condition:1[N,3]", "mu:1[N,4] log_variance:1[N,4]")]
    [DataRow(ModelFormat.Decoder, "latent:1[N,4] class:7[N]", "rows:11[N,6]")]
    [DataRow(ModelFormat.Generator, "seed:7[N] noise:1[N,4] factor_noise:1[N,6] column_noise:1[N,6]",
        "rows:11[N,6] class:7[N] seed_row:7[69] seed_weight:11[69]")]
    public void Inputs_and_outputs_are_those_of_the_format(string file, string inputs, string outputs)
    {
        ProtoTree graph = new ProtoTree("Model", _exported[file]).Message(Graph);
        Assert.AreEqual(inputs, string.Join(' ', graph.Messages(GraphInput).Select(Describe)));
        Assert.AreEqual(outputs, string.Join(' ', graph.Messages(GraphOutput).Select(Describe)));

        static string Describe(ProtoTree value)
        {
            ProtoTree tensor = value.Message(2).Message(1);
            IEnumerable<string> sizes = tensor.Message(2).Messages(1)
                .Select(size => size.All<string>(2).SingleOrDefault() ?? $"{size.Int(1)}");
            return $"{value.Text(1)}:{tensor.Int(1)}[{string.Join(',', sizes)}]";
        }
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Every_tensor_is_made_once_before_it_is_used_and_is_used(string file)
    {
        ProtoTree graph = new ProtoTree("Model", _exported[file]).Message(Graph);
        HashSet<string> known = [], used = [.. graph.Messages(GraphOutput).Select(value => value.Text(1))], nodes = [];
        foreach (string name in graph.Messages(GraphInput).Select(value => value.Text(1))
            .Concat(graph.Messages(Initializer).Select(tensor => tensor.Text(TensorName))))
            Assert.IsTrue(known.Add(name), $"{name} comes twice");
        foreach (ProtoTree node in graph.Messages(GraphNode))
        {
            foreach (string input in node.All<string>(NodeInput))
            {
                Assert.Contains(input, known, $"{input} is used before it is made");
                used.Add(input);
            }
            Assert.IsTrue(known.Add(node.Text(NodeOutput)), $"{node.Text(NodeOutput)} comes twice");
            Assert.IsTrue(nodes.Add(node.Text(NodeName)), $"two nodes are called {node.Text(NodeName)}");
        }
        CollectionAssert.AreEquivalent(known.ToArray(), used.ToArray(), "something is never used");
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Constants_are_as_long_as_their_shapes_say(string file)
    {
        Dictionary<long, int> sizes = new()
        {
            [OnnxType.Float] = 4,
            [OnnxType.Int32] = 4,
            [OnnxType.Int64] = 8,
            [OnnxType.Bool] = 1,
            [OnnxType.Double] = 8
        };
        ProtoTree[] constants = [.. new ProtoTree("Model", _exported[file]).Message(Graph).Messages(Initializer)];
        Assert.IsNotEmpty(constants);
        foreach (ProtoTree constant in constants)
            Assert.HasCount((int)constant.All<long>(TensorDims).Aggregate(1L, (product, size) => product * size)
                * sizes[constant.Int(TensorType)], constant.Bytes(TensorBytes), constant.Text(TensorName));
    }

    [TestMethod]
    public void The_seed_bank_is_the_encoder_of_the_training_rows()
    {
        ProtoTree[] constants = [.. new ProtoTree("Model", _exported[ModelFormat.Generator]).Message(Graph).Messages(Initializer)];
        byte[] Constant(string name) => constants.Single(constant => constant.Text(TensorName) == name).Bytes(TensorBytes);
        using LeoModel model = LeoModel.FromFiles(_exported.Files);
        (Matrix mu, Matrix logVariance) = _exported.Engine.Encode();
        int latent = _exported.Shape.Latent;
        for (int seed = 0; seed < _exported.Table.RowCount; seed++)
        {
            int row = model.Seeds.Rows[seed];
            Assert.AreEqual(_exported.Table.Labels[row], BitConverter.ToInt64(Constant("seed_class"), seed * 8));
            for (int l = 0; l < latent; l++)
            {
                Assert.AreEqual(mu[row][l], BitConverter.ToSingle(Constant(ModelFormat.SeedMu), (seed * latent + l) * 4));
                Assert.AreEqual(Math.Exp(logVariance[row][l] / 2), BitConverter.ToSingle(Constant("seed_sigma"), (seed * latent + l) * 4),
                    1e-6);
            }
        }
    }

    [TestMethod]
    public void No_value_of_a_training_row_is_in_any_file_but_the_ends_of_the_ranges()
    {
        Table table = _exported.Table;
        int d = table.Schema.Columns.Count;
        Matrix standardized = _exported.Encoder.Encode(table);
        string text = string.Concat(_exported.Files.Values.Select(System.Text.Encoding.UTF8.GetString));
        for (int row = 0; row < table.RowCount; row++)
            for (int j = 0; j < d; j++)
            {
                double value = table.Row(row)[j];
                ColumnSpec column = table.Schema.Columns[j];
                // A rounded value, 3 say, is found anywhere.
                if (column.Decimals is not null || value == column.Minimum || value == column.Maximum)
                    continue;
                byte[] asDouble = BitConverter.GetBytes(value), asFloat = BitConverter.GetBytes((float)value),
                    asStandardized = BitConverter.GetBytes(standardized[row][j]);
                foreach ((string file, byte[] bytes) in _exported.Files)
                    foreach (byte[] wanted in new[] { asDouble, asFloat, asStandardized })
                        Assert.IsLessThan(0, bytes.AsSpan().IndexOf(wanted), $"row {row}, column {j} is in {file}");
                Assert.IsFalse(text.Contains(value.ToString("R", System.Globalization.CultureInfo.InvariantCulture),
                    StringComparison.Ordinal), $"row {row}, column {j} is written out");
            }
    }
}
