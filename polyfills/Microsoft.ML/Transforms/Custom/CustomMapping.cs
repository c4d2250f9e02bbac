using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Adds columns that a delegate computes from the columns of the same row.</summary>
public sealed class CustomMappingEstimator<TSrc, TDst> : TrivialEstimator<CustomMappingTransformer<TSrc, TDst>>
    where TSrc : class, new()
    where TDst : class, new()
{
    internal CustomMappingEstimator(IHostEnvironment environment, Action<TSrc, TDst> mapAction, string contractName,
        SchemaDefinition inputDefinition, SchemaDefinition outputDefinition)
        : base(Contracts.CheckValue(environment, nameof(environment)).Register(nameof(CustomMappingEstimator<TSrc, TDst>)),
            new CustomMappingTransformer<TSrc, TDst>(mapAction, contractName, inputDefinition, outputDefinition))
    {
    }

    /// <summary>The input columns and the members of <typeparamref name="TDst"/>.</summary>
    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Contracts.CheckValue(inputSchema, nameof(inputSchema));
        foreach (var (_, name, type, _) in RowClass<TSrc>.Columns(Transformer.InputDefinition))
        {
            if (!inputSchema.TryFindColumn(name, out var column)) throw Contracts.ExceptSchemaMismatch(nameof(inputSchema), "input", name);
            var wanted = SchemaShape.ShapeOf(name, type);
            // a vector of any size is fine where the member has no size of its own
            bool sameKind = wanted.Kind == column.Kind
                || wanted.Kind == SchemaShape.Column.VectorKind.VariableVector && column.Kind == SchemaShape.Column.VectorKind.Vector;
            if (!sameKind || !wanted.ItemType.Equals(column.ItemType) || wanted.IsKey != column.IsKey)
                throw Contracts.ExceptSchemaMismatch(nameof(inputSchema), "input", name, type.ToString(), column.GetTypeString());
        }
        return inputSchema.With([.. SchemaShape.Create(Transformer.Added.Schema)]);
    }
}

/// <summary>Adds columns that a delegate computes from the columns of the same row.</summary>
public sealed class CustomMappingTransformer<TSrc, TDst> : ITransformer
    where TSrc : class, new()
    where TDst : class, new()
{
    private readonly Action<TSrc, TDst> _map;
    private readonly string _contractName;

    internal CustomMappingTransformer(Action<TSrc, TDst> map, string contractName, SchemaDefinition inputDefinition = null, SchemaDefinition outputDefinition = null)
    {
        _map = Contracts.CheckValue(map, "mapAction");
        _contractName = contractName;
        InputDefinition = inputDefinition ?? SchemaDefinition.Create(typeof(TSrc), SchemaDefinition.Direction.Write);
        Added = new(outputDefinition ?? SchemaDefinition.Create(typeof(TDst), SchemaDefinition.Direction.Write));
    }

    bool ITransformer.IsRowToRowMapper => true;

    internal SchemaDefinition InputDefinition { get; }

    internal RowClass<TDst> Added { get; }

    /// <summary>The input columns and the members of <typeparamref name="TDst"/>.</summary>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Bind(inputSchema).OutputSchema;

    /// <summary>The view with the added columns; the delegate runs once per row, when a column is asked for.</summary>
    public IDataView Transform(IDataView input) => new MappedDataView(Contracts.CheckValue(input, nameof(input)), Bind(input.Schema));

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) => new MappedDataView(new EmptyDataView(inputSchema), Bind(inputSchema));

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        Contracts.Check(_contractName != null, "Empty contract name for a transform: the transform cannot be saved");
        ctx.SetVersionInfo(CustomMappingLoader.Version);
        ctx.SaveString(_contractName);
        ctx.SaveString(_map.Method.DeclaringType.Assembly.FullName);
    }

    private Mapper Bind(DataViewSchema inputSchema) => new(Contracts.CheckValue(inputSchema, nameof(inputSchema)), this);

    private sealed class Mapper(DataViewSchema inputSchema, CustomMappingTransformer<TSrc, TDst> transformer) : RowMapper(inputSchema)
    {
        private readonly TypedRows<TSrc> _sources = new(inputSchema, ignoreMissingColumns: false, transformer.InputDefinition);

        public override IEnumerable<int> InputsOf(int outputColumn) => _sources.Columns.Select(column => column.Index);

        public override Delegate[] MakeGetters(DataViewRow input, bool[] active, out Action disposer)
        {
            disposer = null;
            if (!active.Contains(true)) return new Delegate[active.Length];
            var setters = _sources.MakeSetters(input);
            var source = new TSrc();
            var holder = new RowHolder<TDst> { Row = new TDst() };
            long mapped = -1;
            Action update = () =>
            {
                if (input.Position == mapped && mapped >= 0) return;
                foreach (var set in setters) set(source);
                transformer._map(source, holder.Row);
                mapped = input.Position;
            };
            var getters = transformer.Added.MakeGetters(holder, active);
            return [.. getters.Select((getter, i) => getter == null ? null
                : GenericCalls.Call<Delegate>(After<int>, transformer.Added.Schema[i].Type.RawType, update, getter))];
        }

        protected override DataViewSchema.DetachedColumn[] MakeOutputColumns() =>
            [.. transformer.Added.Schema.Select(column => new DataViewSchema.DetachedColumn(column))];

        protected override Delegate MakeGetter(DataViewRow input, int outputColumn) => throw new NotSupportedException();

        private static ValueGetter<T> After<T>(Action update, Delegate getter)
        {
            var get = (ValueGetter<T>)getter;
            return (ref T value) =>
            {
                update();
                get(ref value);
            };
        }
    }
}

/// <summary>Gives the delegate of a mapping that was saved under a contract name.</summary>
public abstract class CustomMappingFactory<TSrc, TDst> : ICustomMappingFactory
    where TSrc : class, new()
    where TDst : class, new()
{
    /// <summary>For derived classes.</summary>
    protected CustomMappingFactory()
    {
    }

    /// <summary>The delegate.</summary>
    public abstract Action<TSrc, TDst> GetMapping();

    ITransformer ICustomMappingFactory.CreateTransformer(string contractName) => new CustomMappingTransformer<TSrc, TDst>(GetMapping(), contractName);
}

/// <summary>Marks a <see cref="CustomMappingFactory{TSrc, TDst}"/> with the contract name that it is for.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class CustomMappingFactoryAttributeAttribute : ExtensionBaseAttribute
{
    /// <param name="contractName">The contract name.</param>
    public CustomMappingFactoryAttributeAttribute(string contractName) : base(contractName)
    {
    }
}

internal interface ICustomMappingFactory
{
    ITransformer CreateTransformer(string contractName);
}

[LoadableClass(LoaderSignature)]
internal static class CustomMappingLoader
{
    internal const string LoaderSignature = "CustomTransformer";

    internal static readonly VersionInfo Version = new("PFCUSTOM", LoaderSignature);

    private static ITransformer Create(IHostEnvironment environment, ModelLoadContext ctx)
    {
        ctx.CheckVersionInfo(Version);
        string contractName = ctx.LoadString();
        string assemblyName = ctx.LoadString();
        var assembly = AppDomain.CurrentDomain.GetAssemblies().FirstOrDefault(loaded => loaded.FullName == assemblyName);
        if (assembly != null) environment.ComponentCatalog.RegisterAssembly(assembly);
        var factory = environment.ComponentCatalog.CreateExtension(typeof(CustomMappingFactoryAttributeAttribute), contractName);
        return (factory as ICustomMappingFactory ?? throw Contracts.ExceptDecode($"'{factory.GetType()}' is no CustomMappingFactory")).CreateTransformer(contractName);
    }
}
