using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

public sealed partial class TextLoader
{
    /// <summary>A column to load.</summary>
    public sealed class Column
    {
        /// <summary>The name.</summary>
        public string Name;

        /// <summary>The fields that it is loaded from.</summary>
        public Range[] Source;

        /// <summary>For a key, the number of keys; the text has them counted from 0.</summary>
        public KeyCount KeyCount;

        /// <summary>An empty column.</summary>
        public Column()
        {
        }

        /// <param name="name">The name.</param>
        /// <param name="dataKind">The type of one value.</param>
        /// <param name="index">The field, counted from 0.</param>
        public Column(string name, DataKind dataKind, int index)
            : this(name, dataKind, [new(index)])
        {
        }

        /// <param name="name">The name.</param>
        /// <param name="dataKind">The type of one value.</param>
        /// <param name="minIndex">The first field.</param>
        /// <param name="maxIndex">The last field.</param>
        public Column(string name, DataKind dataKind, int minIndex, int maxIndex)
            : this(name, dataKind, [new(minIndex, maxIndex)])
        {
        }

        /// <param name="name">The name.</param>
        /// <param name="dataKind">The type of one value.</param>
        /// <param name="source">The fields.</param>
        /// <param name="keyCount">For a key, the number of keys.</param>
        public Column(string name, DataKind dataKind, Range[] source, KeyCount keyCount = null)
        {
            Name = Contracts.CheckValue(name, nameof(name));
            DataKind = dataKind;
            Source = Contracts.CheckValue(source, nameof(source));
            KeyCount = keyCount;
        }

        /// <summary>The type of one value.</summary>
        public DataKind DataKind { get; set; } = DataKind.Single;
    }

    /// <summary>A range of fields.</summary>
    public sealed class Range
    {
        /// <summary>The first field.</summary>
        public int Min;

        /// <summary>The last field.</summary>
        public int? Max;

        /// <summary>Whether it goes to the end of the line, which is the same in all lines.</summary>
        public bool AutoEnd;

        /// <summary>Whether it goes to the end of the line, which may differ from line to line.</summary>
        public bool VariableEnd;

        /// <summary>Whether it has only those fields that no other range has.</summary>
        public bool AllOther;

        /// <summary>Whether a single field makes a vector of one value.</summary>
        public bool ForceVector;

        /// <summary>An empty range.</summary>
        public Range()
        {
        }

        /// <param name="index">The only field.</param>
        public Range(int index)
        {
            Contracts.CheckParam(index >= 0, nameof(index), "Must be non-negative");
            Min = index;
            Max = index;
        }

        /// <param name="min">The first field.</param>
        /// <param name="max">The last field; null for the end of the line.</param>
        public Range(int min, int? max)
        {
            Contracts.CheckParam(min >= 0, nameof(min), "Must be non-negative");
            Contracts.CheckParam(!(max < min), nameof(max), "If specified, must be greater than or equal to min");
            Min = min;
            Max = max;
            ForceVector = true;
            AutoEnd = max == null;
        }
    }

    /// <summary>How the text is laid out.</summary>
    public class Options
    {
        /// <summary>Whether fields may be in double quotes, in which separators don't count.</summary>
        public bool AllowQuoting;

        /// <summary>Whether lines may have "index:value" fields.</summary>
        public bool AllowSparse;

        /// <summary>The number of fields; null where lines with sparse fields say it.</summary>
        public int? InputSize;

        /// <summary>What separates fields.</summary>
        public char[] Separators = ['\t'];

        /// <summary>The decimal point: . or ,</summary>
        public char DecimalMarker = '.';

        /// <summary>The columns; null for a label in the first field and features in all others, or for what the file says of itself.</summary>
        public Column[] Columns;

        /// <summary>Whether white space at the end of a line is removed.</summary>
        public bool TrimWhitespace;

        /// <summary>Whether the first line has the names of the fields.</summary>
        public bool HasHeader;

        /// <summary>Whether several threads may parse.</summary>
        public bool UseThreads = true;

        /// <summary>Whether fields in quotes may have line ends.</summary>
        public bool ReadMultilines;

        /// <summary>A file whose first line has the names of the fields.</summary>
        public string HeaderFile;

        /// <summary>The most rows to load.</summary>
        public long? MaxRows;

        /// <summary>What makes a quote part of a quoted field.</summary>
        public char EscapeChar = '"';

        /// <summary>Whether an empty field is NaN instead of 0.</summary>
        public bool MissingRealsAsNaNs;

        /// <summary>The defaults.</summary>
        public Options()
        {
        }

        internal Options WithColumns(Column[] columns)
        {
            var copy = (Options)MemberwiseClone();
            copy.Columns = columns;
            return copy;
        }
    }
}
