using Microsoft.ML.Data;

namespace Microsoft.ML;

public sealed partial class DataViewSchema
{
    /// <summary>What is known of a column beyond its type, as values by name.</summary>
    public sealed class Annotations
    {
        private readonly Delegate[] _getters;

        internal Annotations(DataViewSchema schema, Delegate[] getters)
        {
            Schema = schema;
            _getters = getters;
        }

        /// <summary>No annotations.</summary>
        public static Annotations Empty { get; } = new(new DataViewSchema([]), []);

        /// <summary>Names and types of the annotations.</summary>
        public DataViewSchema Schema { get; }

        /// <summary>The getter of an annotation.</summary>
        public ValueGetter<TValue> GetGetter<TValue>(Column column)
        {
            if (column.Index >= _getters.Length)
                throw new ArgumentException(nameof(column));
            return _getters[column.Index] as ValueGetter<TValue> ?? throw new InvalidOperationException($"Invalid call to '{nameof(GetGetter)}'");
        }

        internal Delegate GetterOf(Column column) => _getters[column.Index];

        /// <summary>Reads the annotation <paramref name="kind"/>.</summary>
        public void GetValue<TValue>(string kind, ref TValue value)
        {
            var column = Schema.GetColumnOrNull(kind) ?? throw new InvalidOperationException($"Invalid call to '{nameof(GetValue)}'");
            GetGetter<TValue>(column)(ref value);
        }

        /// <inheritdoc/>
        public override string ToString() => string.Join(", ", Schema.Select(column => column.Name));

        /// <summary>Makes annotations.</summary>
        public sealed class Builder
        {
            private readonly DataViewSchema.Builder _schema = new();
            private readonly List<Delegate> _getters = [];

            /// <summary>An empty builder.</summary>
            public Builder()
            {
            }

            /// <summary>Adds those annotations of another column whose names <paramref name="selector"/> takes.</summary>
            public void Add(Annotations annotations, Func<string, bool> selector)
            {
                if (annotations == null)
                    return;
                ArgumentNullException.ThrowIfNull(selector);
                foreach (var column in annotations.Schema.Where(column => selector(column.Name)))
                    AddChecked(column.Name, column.Type, annotations._getters[column.Index], column.Annotations);
            }

            /// <summary>Adds an annotation.</summary>
            public void Add<TValue>(string name, DataViewType type, ValueGetter<TValue> getter, Annotations annotations = null)
            {
                CheckArguments(name, type, getter);
                if (type.RawType != typeof(TValue))
                    throw new ArgumentException($"{nameof(type)}.{nameof(type.RawType)} must be of type '{typeof(TValue).FullName}'.", nameof(type));
                AddChecked(name, type, getter, annotations);
            }

            /// <summary>Adds an annotation whose getter is a <see cref="ValueGetter{TValue}"/> of the raw type.</summary>
            public void Add(string name, DataViewType type, Delegate getter, Annotations annotations = null)
            {
                CheckArguments(name, type, getter);
                var expected = typeof(ValueGetter<>).MakeGenericType(type.RawType);
                if (getter.GetType() != expected)
                    throw new ArgumentException($"{nameof(getter)} must be of type '{expected.FullName}'", nameof(getter));
                AddChecked(name, type, getter, annotations);
            }

            /// <summary>Adds an annotation with a fixed value.</summary>
            public void AddPrimitiveValue<TValue>(string name, PrimitiveDataViewType type, TValue value, Annotations annotations = null)
                => Add(name, type, (ref TValue destination) => destination = value, annotations);

            /// <summary>The annotations so far.</summary>
            public Annotations ToAnnotations() => new(_schema.ToSchema(), [.. _getters]);

            private static void CheckArguments(string name, DataViewType type, Delegate getter)
            {
                ArgumentNullException.ThrowIfNull(string.IsNullOrEmpty(name) ? null : name, nameof(name));
                ArgumentNullException.ThrowIfNull(type);
                ArgumentNullException.ThrowIfNull(getter);
            }

            private void AddChecked(string name, DataViewType type, Delegate getter, Annotations annotations)
            {
                _schema.AddColumn(name, type, annotations);
                _getters.Add(getter);
            }
        }
    }
}
