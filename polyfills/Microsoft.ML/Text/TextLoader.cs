using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Loads text files with one row per line.</summary>
[LoadableClass(LoaderSignature)]
public sealed partial class TextLoader : IDataLoader<IMultiStreamSource>
{
    private const string LoaderSignature = "TextLoader";
    private const int SampleLines = 100;

    private static readonly VersionInfo Version = new("TXTLOADR", 0x0001000E, 0x0001000E, 0x0001000E, LoaderSignature);

    private readonly IHostEnvironment _env;
    private readonly TextFormat _format;
    private readonly TextColumn[] _columns;
    private readonly string _header;
    private readonly DataViewSchema _schema;

    internal TextLoader(IHostEnvironment env, Options options, IMultiStreamSource dataSample)
    {
        _env = env;
        options ??= new();
        dataSample ??= new MultiFileSource();
        var headerFile = string.IsNullOrWhiteSpace(options.HeaderFile) ? null : new MultiFileSource(options.HeaderFile);
        if (options.Columns is not { Length: > 0 })
            options = EmbeddedOptions.Read(env, headerFile ?? dataSample, options) ?? LabelAndFeatures(options);
        _format = TextFormat.Of(options);

        string[] lines = null;
        string[] Sample(int count) => lines ??= ReadLines(dataSample, _format, count);
        _columns = TextColumn.Bind(options.Columns, () => _format.InputSize > 0 ? _format.InputSize : CountFields(Sample(SampleLines)));
        _header = headerFile != null ? ReadLines(headerFile, _format, 1).FirstOrDefault() : _format.HasHeader ? Sample(1).FirstOrDefault() : null;
        _schema = MakeSchema();
    }

    private TextLoader(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckVersionInfo(Version);
        _env = env;
        _format = TextFormat.Load(ctx);
        _header = ctx.LoadStringOrNull();
        int count = ctx.Reader.ReadInt32();
        Contracts.CheckDecode(count > 0, "a text loader without columns");
        var columns = new List<TextColumn>();
        for (int i = 0; i < count; i++)
        {
            string name = ctx.LoadNonEmptyString();
            var type = PrimitiveTypes.Of((DataKind)ctx.Reader.ReadByte());
            ulong keys = ctx.Reader.ReadUInt64();
            var segments = new List<Segment>();
            for (int left = ctx.Reader.ReadInt32(); left > 0; left--)
                segments.Add(new(ctx.Reader.ReadInt32(), ctx.Reader.ReadInt32() is var end && end < 0 ? null : end, ctx.Reader.ReadBoolean()));
            Contracts.CheckDecode(segments.Count > 0 && segments.All(s => 0 <= s.Min && s.Min < (s.End ?? int.MaxValue)), "an impossible range of fields");
            columns.Add(new(name, keys > 0 ? new KeyDataViewType(type.RawType, keys) : type, [.. segments]));
        }
        _columns = [.. columns];
        _schema = MakeSchema();
    }

    /// <summary>The columns.</summary>
    public DataViewSchema GetOutputSchema() => _schema;

    /// <summary>A view of the files; nothing is read yet.</summary>
    public IDataView Load(IMultiStreamSource source)
        => new TextDataView(_env, Contracts.CheckValue(source, nameof(source)), _format, _columns, _schema);

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ctx.CheckAtModel();
        ctx.SetVersionInfo(Version);
        _format.Save(ctx);
        ctx.SaveStringOrNull(_header);
        ctx.Writer.Write(_columns.Length);
        foreach (var column in _columns)
        {
            ctx.SaveNonEmptyString(column.Name);
            ctx.Writer.Write((byte)PrimitiveTypes.KindOf(column.Type.ItemType()).Value);
            ctx.Writer.Write((column.Type.ItemType() as KeyDataViewType)?.Count ?? 0UL);
            ctx.Writer.Write(column.Segments.Length);
            foreach (var segment in column.Segments)
            {
                ctx.Writer.Write(segment.Min);
                ctx.Writer.Write(segment.End ?? -1);
                ctx.Writer.Write(segment.ForceVector);
            }
        }
    }

    /// <summary>The columns that the attributes of a class describe.</summary>
    internal static TextLoader Create<TInput>(IHostEnvironment env, Options options, IMultiStreamSource dataSample)
    {
        var members = ColumnMember.Of(typeof(TInput), SchemaDefinition.Direction.Read, noColumnToo: true).ToArray();
        Contracts.CheckParam(members.Length > 0, nameof(TInput), "Should define at least one public, readable field or property in TInput.");
        return new(env, (options ?? new()).WithColumns([.. members.Select(member => member.LoadColumn())]), dataSample);
    }

    private static TextLoader Create(IHostEnvironment env, ModelLoadContext ctx) => new(env, ctx);

    private static Options LabelAndFeatures(Options options)
        => options.WithColumns([new("Label", DataKind.Single, 0), new("Features", DataKind.Single, [new(1, null)])]);

    private static string[] ReadLines(IMultiStreamSource source, TextFormat format, int count)
    {
        var lines = new List<string>();
        for (int i = 0; i < source.Count && lines.Count < count; i++)
        {
            using var reader = new LineReader(source.OpenTextReader(i), format);
            while (lines.Count < count && reader.MoveNext())
                lines.Add(reader.Line.ToString());
        }
        return [.. lines];
    }

    private int CountFields(string[] lines)
    {
        var splitter = new FieldSplitter(_format, int.MaxValue, (_, _) => { });
        var counts = lines.Select(line => splitter.Split(line)).Where(count => count > 0).Distinct().ToArray();
        Contracts.CheckParam(counts.Length > 0, nameof(Column.Source), "Can't determine the number of source columns without valid data");
        Contracts.CheckParam(counts.Length == 1, nameof(Column.Source), "The size of input lines is not consistent");
        return counts[0];
    }

    private DataViewSchema MakeSchema()
    {
        FieldSplitter names = null;
        if (!string.IsNullOrEmpty(_header))
        {
            names = new(_format, int.MaxValue, (_, _) => { });
            names.Split(_header);
        }
        var builder = new DataViewSchema.Builder();
        foreach (var column in _columns)
            builder.AddColumn(column.Name, column.Type, names != null && column.Type is VectorDataViewType { IsKnownSize: true } type ? SlotNames(column, type.Size, names) : null);
        return builder.ToSchema();
    }

    private DataViewSchema.Annotations SlotNames(TextColumn column, int size, FieldSplitter names)
    {
        var slots = new string[size];
        int slot = 0;
        foreach (var segment in column.Segments)
            for (int field = segment.Min; field < segment.End; field++, slot++)
            {
                int at = names.PositionOf(field);
                bool isThere = at < names.Count && names.IndexAt(at) == field;
                slots[slot] = isThere ? names.Fields[at].In(_header).Trim().ToString() : "";
            }
        if (slots.All(name => name.Length == 0))
            return null;
        var builder = new DataViewSchema.Annotations.Builder();
        builder.AddSlotNames(slots);
        return builder.ToAnnotations();
    }
}
