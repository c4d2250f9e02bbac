using System.Globalization;

namespace Microsoft.ML.Generative;

/// <summary>What a column of drawn rows is to be: see <see cref="SampleOptions.Constraints"/>.</summary>
/// <remarks>Values are in the type of the column; numbers of another type are converted, and a text stands for the key that has it as its value.</remarks>
public abstract class ColumnConstraint
{
    private protected ColumnConstraint()
    {
    }

    /// <summary>A number, a date or a span of time from <paramref name="minimum"/> to <paramref name="maximum"/>, both included; never missing.</summary>
    public static ColumnConstraint Between(object minimum, object maximum)
    {
        ArgumentNullException.ThrowIfNull(minimum);
        ArgumentNullException.ThrowIfNull(maximum);
        return new RangeConstraint(minimum, maximum);
    }

    /// <summary>A number, a date or a span of time of <paramref name="minimum"/> or more; never missing.</summary>
    public static ColumnConstraint AtLeast(object minimum)
    {
        ArgumentNullException.ThrowIfNull(minimum);
        return new RangeConstraint(minimum, null);
    }

    /// <summary>A number, a date or a span of time of <paramref name="maximum"/> or less; never missing.</summary>
    public static ColumnConstraint AtMost(object maximum)
    {
        ArgumentNullException.ThrowIfNull(maximum);
        return new RangeConstraint(null, maximum);
    }

    /// <summary>One of these values. What is missing (an empty text, key 0, NaN) is one of them only if it is named.</summary>
    public static ColumnConstraint OneOf(params IReadOnlyList<object> values) => new ValuesConstraint(Checked(values), areAllowed: true);

    /// <summary>Any value but these. What is missing (an empty text, key 0, NaN) can still be drawn, unless it is named.</summary>
    public static ColumnConstraint NoneOf(params IReadOnlyList<object> values) => new ValuesConstraint(Checked(values), areAllowed: false);

    /// <summary>These values, each with its share of the rows: 50 and 50, or 0.9 and 0.1, as only their ratios count. Values that are not named are not drawn.</summary>
    /// <param name="shares">Values, and their shares: 0 or more, not all 0.</param>
    /// <exception cref="ArgumentException">A share is negative or not finite, or all are 0.</exception>
    public static ColumnConstraint Shares(params IReadOnlyList<(object Value, double Share)> shares)
    {
        Checked([.. shares.Select(share => share.Value)]);
        if (shares.FirstOrDefault(share => !(share.Share >= 0 && double.IsFinite(share.Share))) is { Value: not null } wrong)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"The share of '{wrong.Value}' is {wrong.Share}; shares must be 0 or more."), nameof(shares));
        return shares.Any(share => share.Share > 0) ? new SharesConstraint([.. shares]) : throw new ArgumentException("No share is above 0.", nameof(shares));
    }

    private static IReadOnlyList<object> Checked(IReadOnlyList<object> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        foreach (object value in values) ArgumentNullException.ThrowIfNull(value, nameof(values));
        return [.. values];
    }
}

internal sealed class RangeConstraint(object? minimum, object? maximum) : ColumnConstraint
{
    public object? Minimum { get; } = minimum;

    public object? Maximum { get; } = maximum;
}

internal sealed class ValuesConstraint(IReadOnlyList<object> values, bool areAllowed) : ColumnConstraint
{
    public IReadOnlyList<object> Values { get; } = values;

    public bool AreAllowed { get; } = areAllowed;
}

internal sealed class SharesConstraint(IReadOnlyList<(object Value, double Share)> values) : ColumnConstraint
{
    public IReadOnlyList<(object Value, double Share)> Values { get; } = values;
}
