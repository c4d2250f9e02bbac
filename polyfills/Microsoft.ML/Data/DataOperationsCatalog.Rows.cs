using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

public sealed partial class DataOperationsCatalog
{
    /// <summary>The view in memory: columns are read once, when they are needed first, and together with those to prefetch.</summary>
    public IDataView Cache(IDataView input, params string[] columnsToPrefetch)
    {
        Contracts.CheckValue(input, nameof(input));
        return new CacheDataView(input, [.. (columnsToPrefetch ?? []).Select(name => input.Schema.GetColumnOrNull(name)?.Index
            ?? throw Contracts.ExceptSchemaMismatch(nameof(columnsToPrefetch), "prefetch", name))]);
    }

    /// <summary>The rows in random order, each drawn from a pool of <paramref name="shufflePoolSize"/> rows.</summary>
    public IDataView ShuffleRows(IDataView input, int? seed = null, int shufflePoolSize = 1000, bool shuffleSource = true)
    {
        Contracts.CheckValue(input, nameof(input));
        Contracts.CheckParam(shufflePoolSize > 0, nameof(shufflePoolSize), "Must be positive");
        return new ShuffledDataView(input, shufflePoolSize, shuffleSource, seed ?? Environment.Register("Shuffle").Rand.Next());
    }

    /// <summary>All rows but the first <paramref name="count"/>.</summary>
    public IDataView SkipRows(IDataView input, long count)
    {
        Contracts.CheckValue(input, nameof(input));
        Contracts.CheckParam(count > 0, nameof(count), "Must be greater than zero.");
        return new SkipTakeDataView(input, skip: count, take: long.MaxValue);
    }

    /// <summary>The first <paramref name="count"/> rows; no more are read.</summary>
    public IDataView TakeRows(IDataView input, long count)
    {
        Contracts.CheckValue(input, nameof(input));
        Contracts.CheckParam(count > 0, nameof(count), "Must be greater than zero.");
        return new SkipTakeDataView(input, skip: 0, take: count);
    }

    /// <summary>A sample of about as many rows, with replacement; or those that are not in it.</summary>
    public IDataView BootstrapSample(IDataView input, int? seed = null, bool complement = false)
        => new BootstrapDataView(Contracts.CheckValue(input, nameof(input)), seed ?? Environment.Register("BootstrapSample").Rand.Next(), complement);

    /// <summary>The rows where a number is in [<paramref name="lowerBound"/>, <paramref name="upperBound"/>); NaN never is.</summary>
    public IDataView FilterRowsByColumn(IDataView input, string columnName, double lowerBound = double.NegativeInfinity,
        double upperBound = double.PositiveInfinity)
    {
        Contracts.CheckValue(input, nameof(input));
        Contracts.CheckNonEmpty(columnName, nameof(columnName));
        Contracts.CheckParam(lowerBound < upperBound, nameof(upperBound), "Must be less than lowerBound");
        var type = input.Schema[columnName].Type;
        if (type is not NumberDataViewType)
            throw Contracts.ExceptSchemaMismatch(nameof(columnName), "filter", columnName, "number", type.ToString());
        return FilterByFraction(input, columnName, lowerBound, upperBound);
    }

    /// <summary>The rows whose key is in that part of all keys; missing ones never are.</summary>
    public IDataView FilterRowsByKeyColumnFraction(IDataView input, string columnName, double lowerBound = 0, double upperBound = 1)
    {
        Contracts.CheckValue(input, nameof(input));
        Contracts.CheckNonEmpty(columnName, nameof(columnName));
        Contracts.CheckParam(0 <= lowerBound && lowerBound <= 1, nameof(lowerBound), "Must be in [0, 1]");
        Contracts.CheckParam(0 <= upperBound && upperBound <= 1, nameof(upperBound), "Must be in [0, 1]");
        Contracts.CheckParam(lowerBound <= upperBound, nameof(upperBound), "Must be no less than lowerBound");
        var type = input.Schema[columnName].Type;
        if (type is not KeyDataViewType)
            throw Contracts.ExceptSchemaMismatch(nameof(columnName), "filter", columnName, "KeyType", type.ToString());
        return FilterByFraction(input, columnName, lowerBound, upperBound);
    }

    /// <summary>The rows where none of those columns has a missing value: NaN or a missing key, in a vector any.</summary>
    public IDataView FilterRowsByMissingValues(IDataView input, params string[] columns)
    {
        Contracts.CheckValue(input, nameof(input));
        Contracts.CheckParam(columns is { Length: > 0 }, nameof(columns));
        var indices = new int[columns.Length];
        for (int i = 0; i < columns.Length; i++)
        {
            var column = input.Schema.GetColumnOrNull(columns[i]) ?? throw Contracts.ExceptParam(nameof(columns), $"Source column '{columns[i]}' not found");
            Contracts.CheckParam(Array.IndexOf(indices, column.Index, 0, i) < 0, nameof(columns), $"Source column '{columns[i]}' specified multiple times");
            Contracts.CheckParam(MissingValues.HasMissing(column.Type), nameof(columns),
                $"Column '{columns[i]}' has type {column.Type} which does not support missing values, so we cannot filter on them");
            indices[i] = column.Index;
        }
        return new FilteredDataView(input, indices, row =>
        {
            var tests = indices.Select(index => MissingValues.Test(row, row.Schema[index])).ToArray();
            return () =>
            {
                foreach (var isMissing in tests)
                    if (isMissing())
                        return false;
                return true;
            };
        });
    }

    private static FilteredDataView FilterByFraction(IDataView input, string columnName, double lower, double upper)
    {
        var column = input.Schema[columnName];
        Contracts.CheckParam(ColumnFraction.Supports(column.Type), "Column", $"Column '{columnName}' does not have compatible type");
        return new(input, [column.Index], row =>
        {
            var number = ColumnFraction.Reader(row, row.Schema[column.Index]);
            return () => number() is var n && lower <= n && n < upper;
        });
    }
}
