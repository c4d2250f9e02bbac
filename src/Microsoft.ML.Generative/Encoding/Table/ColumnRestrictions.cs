using System.Globalization;

namespace Microsoft.ML.Generative.Encoding;

/// <summary>Makes what may be drawn of some tokens of what a user asks of their column.</summary>
/// <param name="column">What has these tokens, for messages: "column 'age' (Single)".</param>
/// <param name="code">The tokens.</param>
/// <param name="domain">Their values.</param>
/// <param name="read">Makes a value of a user's; it throws if that can't be.</param>
/// <param name="text">A value as a text.</param>
internal sealed class ColumnRestrictions<T>(string column, TokenCode<T> code, ValueDomain<T> domain, Func<object, T> read, Func<T, string> text) where T : notnull
{
    // more of them are only counted
    private const int MostNamed = 20;

    /// <exception cref="ArgumentException">That can't be asked of the column, or the model draws no such value; the message says so, and what it draws.</exception>
    public TokenRestriction Of(ColumnConstraint constraint)
    {
        if (code.IsMadeUp) throw new ArgumentException($"SampleOptions.Constraints: {column} holds identifiers, which are not learnt but numbered. Leave it out.");
        var restriction = constraint switch
        {
            RangeConstraint range => Of(range),
            ValuesConstraint values => Of(values),
            SharesConstraint shares => Of(shares),
            _ => throw new ArgumentOutOfRangeException(nameof(constraint), constraint, "no such constraint"),
        };
        return restriction.Weights.Any(weight => weight > 0) ? restriction : throw new ArgumentException($"SampleOptions.Constraints: nothing that the model draws of {column} is allowed. {Drawn()}");
    }

    /// <summary>Checks that the model draws a category; any number is taken for the nearest that it knows.</summary>
    /// <exception cref="ArgumentException">It does not; the message says what it draws.</exception>
    public T Known(object value, string option)
    {
        if (code.IsMadeUp) throw new ArgumentException($"{option}: {column} holds identifiers, which are not learnt but numbered. Leave it out.");
        var known = Present(value, option);
        if (!code.IsOrdered && !code.Parts(Side(known, known)).Any()) throw new ArgumentException($"{option}: the model draws no '{text(known)}' of {column}. {Drawn()}");
        return known;
    }

    private TokenRestriction Of(RangeConstraint range)
    {
        if (!code.IsOrdered) throw new ArgumentException($"SampleOptions.Constraints: {column} has no order for a range to be in. Use OneOf or NoneOf.");
        const string Option = "SampleOptions.Constraints";
        var side = Side(range.Minimum is null ? default : Present(range.Minimum, Option), range.Maximum is null ? default : Present(range.Maximum, Option), range.Minimum is null, range.Maximum is null);
        return new TokenRestriction(code.Categories, code.Parts(side).Select(Sized), replaces: false, Allows(value => side(value) == 0));
    }

    private TokenRestriction Of(ValuesConstraint constraint)
    {
        var values = constraint.Values.Select(read).ToHashSet(domain.Comparer);
        var named = values.SelectMany(PartsOf).ToList();
        var parts = constraint.AreAllowed ? named : Enumerable.Range(0, code.Categories).SelectMany(token => Others(token, named));
        return new TokenRestriction(code.Categories, parts.Select(Sized), replaces: false, Allows(value => values.Contains(value) == constraint.AreAllowed));
    }

    private TokenRestriction Of(SharesConstraint constraint)
    {
        double sum = constraint.Values.Sum(value => value.Share);
        var parts = new List<(TokenPart, double)>();
        var named = new HashSet<T>(domain.Comparer);
        foreach (var (given, share) in constraint.Values)
        {
            var value = read(given);
            if (!named.Add(value)) throw new ArgumentException($"SampleOptions.Constraints: '{given}' of {column} has two shares.");
            // the token that stands for the value alone comes first
            var part = PartsOf(value).Cast<TokenPart?>().FirstOrDefault() ?? throw new ArgumentException($"SampleOptions.Constraints: the model draws no '{text(value)}' of {column}. {Drawn()}");
            parts.Add((part, share / sum));
        }
        return new TokenRestriction(code.Categories, parts, replaces: true, Allows(named.Contains));
    }

    private IEnumerable<TokenPart> PartsOf(T value) => !domain.IsMissing(value) ? code.Parts(Side(value, value)) : code.Missing is { } missing ? [TokenPart.Whole(missing)] : [];

    private static (TokenPart, double) Sized(TokenPart part) => (part, part.Size);

    private static IEnumerable<TokenPart> Others(int token, IEnumerable<TokenPart> parts)
    {
        float next = 0;
        foreach (var part in parts.Where(part => part.Token == token).OrderBy(part => part.First))
        {
            if (part.First > next) yield return new TokenPart(token, next, MathF.BitDecrement(part.First));
            next = MathF.BitIncrement(part.Last);
        }
        if (next < 1) yield return new TokenPart(token, next, TokenPart.Highest);
    }

    private Func<int, float, bool> Allows(Func<T, bool> allows) => (token, position) => token == code.Missing || allows(code.Decode(token, position, 0));

    // below, within or above
    private Func<T, int> Side(T? first, T? last, bool isFirstOpen = false, bool isLastOpen = false)
    {
        if (!code.IsOrdered) return value => (domain.Comparer ?? EqualityComparer<T>.Default).Equals(value, first) ? 0 : 1;
        var order = Comparer<T>.Default;
        return value => !isFirstOpen && order.Compare(value, first) < 0 ? -1 : !isLastOpen && order.Compare(value, last) > 0 ? 1 : 0;
    }

    private T Present(object value, string option)
    {
        var present = read(value);
        if (domain.IsMissing(present)) throw new ArgumentException($"{option}: {column} is given what stands for a missing value. Leave it out.");
        return present;
    }

    private string Drawn()
    {
        var values = code.Values.Select(text).ToList();
        if (values.Count == 0) return "No row that it learnt from had a value.";
        if (code.IsOrdered) return $"It draws {values[0]} to {values[^1]}.";
        return $"It draws {string.Join(", ", values.Take(MostNamed).Select(value => $"'{value}'"))}{(values.Count > MostNamed ? string.Create(CultureInfo.InvariantCulture, $" and {values.Count - MostNamed} more") : "")}.";
    }
}
