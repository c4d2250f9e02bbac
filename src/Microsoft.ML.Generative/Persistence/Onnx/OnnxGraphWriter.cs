using System.Globalization;
using System.Runtime.InteropServices;
using Google.Protobuf;
using Microsoft.ML.Generative.Persistence.Onnx.Format;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Persistence.Onnx;

/// <summary>Builds an ONNX graph over batches of rows. A network exports itself by doing to <see cref="OnnxValue"/>s what it does to tensors:
/// <code>
/// var x = graph.Input("x", 10);                                  // (batch, 10)
/// var h = x.Linear(weight, bias).Tanh();                         // (batch, 64)
/// graph.Output("score", (h * h).Sum(axis: 1, keepDimension: true), 1);   // (batch, 1)
/// graph.WriteTo(stream);
/// </code></summary>
/// <param name="name">Name of the graph, such as <c>Vae.Score</c>.</param>
internal sealed class OnnxGraphWriter(string name)
{
    /// <summary>Version of the operators: the newest that ONNX Runtime 1.12 and ML.NET's older companions know, too.</summary>
    public const int OperatorSetVersion = 17;

    /// <summary>Version of the file format that goes with it.</summary>
    public const int FormatVersion = 8;

    /// <summary>Operators of machine learning beside those of ONNX itself, and the oldest version of them that looks texts up.</summary>
    public const string LearningDomain = "ai.onnx.ml";

    private const int LearningVersion = 2;

    /// <summary>Name of the axis whose length is open.</summary>
    public const string BatchAxis = "batch";

    private readonly GraphProto _graph = new() { Name = name };
    private GraphProto? _body;   // of the loop that is being built
    private readonly HashSet<string> _names = [];
    private readonly Dictionary<Tensor, OnnxValue> _weights = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, OnnxValue> _constants = [];
    private bool _learns;   // whether it has operators of that domain

    /// <summary>An input of floats.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="shape">Its shape after the batch axis; nothing for (batch,).</param>
    public OnnxValue Input(string name, params ReadOnlySpan<long> shape) => Input(name, typeof(float), shape);

    /// <summary>An input of other values.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="type">Type of the values, as <see cref="OnnxTypes"/> has it.</param>
    /// <param name="shape">Its shape after the batch axis; nothing for (batch,).</param>
    public OnnxValue Input(string name, Type type, params ReadOnlySpan<long> shape)
    {
        Take(name);
        _graph.Input.Add(DescribeBatch(name, OnnxTypes.Of(type), shape));
        return new(this, name);
    }

    /// <summary>Makes a value of floats an output.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">What it is.</param>
    /// <param name="shape">Its shape after the batch axis; nothing for (batch,).</param>
    public void Output(string name, OnnxValue value, params ReadOnlySpan<long> shape) => Output(name, value, typeof(float), shape);

    /// <summary>Makes other values an output.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">What it is.</param>
    /// <param name="type">Type of the values.</param>
    /// <param name="shape">Its shape after the batch axis; nothing for (batch,).</param>
    public void Output(string name, OnnxValue value, Type type, params ReadOnlySpan<long> shape)
    {
        Take(name);
        _graph.Output.Add(DescribeBatch(name, OnnxTypes.Of(type), shape));
        _graph.Node.Add(new NodeProto { Name = Unused("Identity"), OpType = "Identity", Input = { value.Name }, Output = { name } });
    }

    /// <summary>Makes a value an output for graphs that are run a row at a time, as ML.NET does: it has no batch axis, so that as a column it has the type of a
    /// plain vector.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">What it is, for a batch of one row.</param>
    /// <param name="width">How many numbers.</param>
    public void OutputOfRow(string name, OnnxValue value, long width)
    {
        Take(name);
        var shape = new TensorShapeProto { Dim = { new TensorShapeProto.Types.Dimension { DimValue = width } } };
        _graph.Output.Add(Describe(name, TensorProto.Types.DataType.Float, shape));
        _graph.Node.Add(new NodeProto { Name = Unused("Identity"), OpType = "Identity", Input = { value.Reshape(width).Name }, Output = { name } });
    }

    /// <summary>Names the slots of an output where ML.NET looks for them: in the keys of a node that nothing depends on.</summary>
    public void NameSlots(string output, IReadOnlyCollection<string> names)
    {
        _learns = true;
        string name = $"mlnet.{output}.SlotNames";
        var node = new NodeProto { Name = name, OpType = "LabelEncoder", Domain = LearningDomain, Input = { Texts("").Name }, Output = { Unused("LabelEncoder") } };
        node.Attribute.Add(Attribute("keys_strings", names));
        node.Attribute.Add(Attribute("values_int64s", [.. Enumerable.Range(0, names.Count).Select(i => (long)i)]));
        _graph.Node.Add(node);
    }

    /// <summary>The numbers that a tensor has now, stored in the graph; the same tensor is stored once.</summary>
    public OnnxValue Weights(Tensor tensor)
    {
        if (_weights.TryGetValue(tensor, out var known)) return known;
        using var scope = NewDisposeScope();
        var data = tensor.detach().to(ScalarType.Float32).cpu().contiguous();
        var bytes = data.numel() == 0 ? ByteString.Empty : ByteString.CopyFrom(data.bytes);
        return _weights[tensor] = Initialize("weights", TensorProto.Types.DataType.Float, bytes, tensor.shape);
    }

    /// <summary>A number that is the same for all rows.</summary>
    public OnnxValue Scalar(float value) => Constant([value]);

    /// <summary>Floats that are the same for all rows.</summary>
    /// <param name="values">The floats, in the order of the last axis.</param>
    /// <param name="shape">Their shape, without a batch axis; nothing for a scalar.</param>
    public OnnxValue Constant(ReadOnlySpan<float> values, params ReadOnlySpan<long> shape) =>
        Store(TensorProto.Types.DataType.Float, MemoryMarshal.AsBytes(values), shape);

    /// <summary>A row of numbers of any type, the same for all rows of the batch.</summary>
    public OnnxValue Row<T>(ReadOnlySpan<T> values) where T : struct => Store(OnnxTypes.Of(typeof(T)), MemoryMarshal.AsBytes(values), [values.Length]);

    /// <summary>A row of texts, the same for all rows of the batch.</summary>
    public OnnxValue Texts(params IReadOnlyCollection<string> texts)
    {
        var tensor = new TensorProto { Name = Unused("texts"), DataType = (int)TensorProto.Types.DataType.String, Dims = { texts.Count } };
        tensor.StringData.AddRange(texts);
        _graph.Initializer.Add(tensor);
        return new(this, tensor.Name);
    }

    /// <summary>Whole numbers in one dimension: the axes, shapes and indices that operators ask for.</summary>
    public OnnxValue Integers(params ReadOnlySpan<long> values) => Store(TensorProto.Types.DataType.Int64, MemoryMarshal.AsBytes(values), [values.Length]);

    /// <summary>Adds a node of any operator with one output.</summary>
    public OnnxValue Node(string operation, ReadOnlySpan<OnnxValue> inputs, params ReadOnlySpan<AttributeProto> attributes) => Node("", operation, inputs, attributes);

    /// <summary>Adds a node of an operator of <see cref="LearningDomain"/> with one output.</summary>
    public OnnxValue LearningNode(string operation, ReadOnlySpan<OnnxValue> inputs, params ReadOnlySpan<AttributeProto> attributes)
    {
        _learns = true;
        return Node(LearningDomain, operation, inputs, attributes);
    }

    private OnnxValue Node(string domain, string operation, ReadOnlySpan<OnnxValue> inputs, ReadOnlySpan<AttributeProto> attributes)
    {
        var node = new NodeProto { Name = Unused(operation), OpType = operation };
        if (domain.Length > 0) node.Domain = domain;
        foreach (var input in inputs)
        {
            if (input.Graph != this) throw new ArgumentException($"The value '{input.Name}' is of another graph.", nameof(inputs));
            node.Input.Add(input.Name);
        }
        foreach (var attribute in attributes) node.Attribute.Add(attribute);
        node.Output.Add(node.Name);
        Nodes.Add(node);
        return new(this, node.Name);
    }

    /// <summary>Does something so many times, each time to what came of the time before: a <c>Loop</c>. What is computed outside can be used inside.</summary>
    /// <param name="times">How often.</param>
    /// <param name="start">The state before the first time, floats.</param>
    /// <param name="body">Makes the next state of the number of the time, from 0, a scalar for <see cref="OnnxValue.Gather(int, OnnxValue)"/>, and of the state, whose shape it keeps.</param>
    /// <returns>The state after the last time.</returns>
    public OnnxValue Loop(long times, OnnxValue start, Func<OnnxValue, OnnxValue, OnnxValue> body)
    {
        if (_body is not null) throw new InvalidOperationException($"The graph '{_graph.Name}' has a loop within a loop, which is not supported.");
        var count = Integers(times);
        string time = Unused("time"), goOn = Unused("condition"), state = Unused("state"), goesOn = Unused("condition");
        var inner = _body = new GraphProto { Name = Unused("body") };
        OnnxValue next;
        try
        {
            next = body(new(this, time), new(this, state));
        }
        finally
        {
            _body = null;
        }
        inner.Node.Add(new NodeProto { Name = Unused("Identity"), OpType = "Identity", Input = { goOn }, Output = { goesOn } });
        inner.Input.Add(Describe(time, TensorProto.Types.DataType.Int64, new TensorShapeProto()));   // scalars; the state may have any shape
        inner.Input.Add(Describe(goOn, TensorProto.Types.DataType.Bool, new TensorShapeProto()));
        inner.Input.Add(Describe(state, TensorProto.Types.DataType.Float, null));
        inner.Output.Add(Describe(goesOn, TensorProto.Types.DataType.Bool, new TensorShapeProto()));
        inner.Output.Add(Describe(next.Name, TensorProto.Types.DataType.Float, null));
        var node = new NodeProto { Name = Unused("Loop"), OpType = "Loop", Input = { count.Name, "", start.Name } };
        node.Attribute.Add(new AttributeProto { Name = "body", Type = AttributeProto.Types.AttributeType.Graph, G = inner });
        node.Output.Add(node.Name);
        _graph.Node.Add(node);
        return new(this, node.Name);
    }

    /// <summary>Writes the model.</summary>
    /// <param name="stream">Where to; stays open.</param>
    /// <param name="producerVersion">Version of this library.</param>
    /// <param name="metadata">What is to be known about the model, as the file's <c>metadata_props</c>.</param>
    public void WriteTo(Stream stream, string producerVersion, IReadOnlyDictionary<string, string> metadata)
    {
        if (_graph.Output.Count == 0) throw new InvalidOperationException($"The graph '{_graph.Name}' has no output.");
        var model = new ModelProto
        {
            IrVersion = FormatVersion,
            ProducerName = "Microsoft.ML.Generative",
            ProducerVersion = producerVersion,
            Graph = _graph,
            OpsetImport = { new OperatorSetIdProto { Domain = "", Version = OperatorSetVersion } },
        };
        if (_learns) model.OpsetImport.Add(new OperatorSetIdProto { Domain = LearningDomain, Version = LearningVersion });
        foreach (var (key, value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            model.MetadataProps.Add(new StringStringEntryProto { Key = key, Value = value });
        model.WriteTo(stream);
    }

    public static AttributeProto Attribute(string name, float value) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.Float, F = value };

    public static AttributeProto Attribute(string name, long value) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.Int, I = value };

    public static AttributeProto Attribute(string name, params ReadOnlySpan<long> values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Ints };
        attribute.Ints.AddRange(values.ToArray());
        return attribute;
    }

    public static AttributeProto Attribute(string name, IEnumerable<string> values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Strings };
        attribute.Strings.AddRange(values);
        return attribute;
    }

    private Google.Protobuf.Collections.RepeatedField<NodeProto> Nodes => (_body ?? _graph).Node;

    private static ValueInfoProto DescribeBatch(string name, TensorProto.Types.DataType type, ReadOnlySpan<long> shape)
    {
        var dimensions = new TensorShapeProto { Dim = { new TensorShapeProto.Types.Dimension { DimParam = BatchAxis } } };
        foreach (var size in shape) dimensions.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = size });
        return Describe(name, type, dimensions);
    }

    private static ValueInfoProto Describe(string name, TensorProto.Types.DataType type, TensorShapeProto? shape)
    {
        var tensor = new TypeProto.Types.Tensor { ElemType = (int)type };
        if (shape is not null) tensor.Shape = shape;
        return new() { Name = name, Type = new TypeProto { TensorType = tensor } };
    }

    // A constant that is there already is used again.
    private OnnxValue Store(TensorProto.Types.DataType type, ReadOnlySpan<byte> bytes, ReadOnlySpan<long> shape)
    {
        var key = $"{type} ({string.Join(", ", shape.ToArray())}) {Convert.ToHexString(bytes)}";
        return _constants.TryGetValue(key, out var known) ? known : _constants[key] = Initialize("constant", type, ByteString.CopyFrom(bytes), shape);
    }

    private OnnxValue Initialize(string kind, TensorProto.Types.DataType type, ByteString bytes, ReadOnlySpan<long> shape)
    {
        var tensor = new TensorProto { Name = Unused(kind), DataType = (int)type, RawData = bytes };
        tensor.Dims.AddRange(shape.ToArray());
        _graph.Initializer.Add(tensor);
        return new(this, tensor.Name);
    }

    private void Take(string name)
    {
        if (name.Length == 0 || !_names.Add(name)) throw new ArgumentException($"The name '{name}' is empty, or taken already in the graph '{_graph.Name}'.", nameof(name));
    }

    private string Unused(string kind)
    {
        for (var number = _graph.Node.Count + _graph.Initializer.Count; ; number++)
        {
            var name = kind + "_" + number.ToString(CultureInfo.InvariantCulture);
            if (_names.Add(name)) return name;
        }
    }
}
