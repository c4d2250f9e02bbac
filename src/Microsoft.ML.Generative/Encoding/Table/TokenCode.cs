using Microsoft.ML.Generative.Persistence;
using Microsoft.ML.Generative.Persistence.Onnx;

namespace Microsoft.ML.Generative.Encoding;

/// <summary>Single values as tokens: the number of a token, and, where tokens are more than one value, the position within it. Made of the rows to learn from, and nothing of any
/// single one.</summary>
/// <param name="missing">Rows that have no value; if there are any, they have the first token.</param>
internal abstract class TokenCode(double missing)
{
    /// <summary>Rows to learn from that have no value.</summary>
    public double MissingRows { get; } = missing;

    /// <summary>The token of a missing value; null if there is none.</summary>
    public int? Missing => MissingRows > 0 ? 0 : null;

    /// <summary>Number of the first token that is a value.</summary>
    protected int FirstValue => MissingRows > 0 ? 1 : 0;

    /// <summary>How many tokens there are.</summary>
    public abstract int Categories { get; }

    /// <summary>Whether a token is more than one value.</summary>
    public abstract bool HasPosition { get; }

    /// <summary>Floats that a value becomes.</summary>
    public int Width => HasPosition ? 2 : 1;

    /// <summary>Whether the values are identifiers, which are not learnt.</summary>
    public virtual bool IsMadeUp => false;

    /// <summary>What a network is told.</summary>
    /// <param name="name">Name of the column, or of the slot.</param>
    /// <param name="feature">Index of the token in the encoded row.</param>
    public abstract TokenColumn Describe(string name, int feature);

    public abstract CodeDocument ToDocument();

    /// <summary>The same in an ONNX graph. A position is that of the middle of its cell: as far as the density goes, it is the same.</summary>
    /// <param name="values">(batch, 1) texts, Int64, Single or Double, as they are encoded; whatever comes of missing ones is not used</param>
    /// <returns>(batch, width), NaN for values that have no token</returns>
    public abstract OnnxValue Encode(OnnxValue values);

    /// <summary>The values again.</summary>
    /// <param name="encoded">(batch, width)</param>
    /// <returns>(batch, 1); any value for the missing token</returns>
    /// <exception cref="NotSupportedException">A graph cannot make them up.</exception>
    public abstract OnnxValue Decode(OnnxValue encoded);
}

/// <inheritdoc/>
/// <typeparam name="T">Type of the values as they are encoded: text, whole or real numbers.</typeparam>
internal abstract class TokenCode<T>(double missing) : TokenCode(missing)
{
    /// <summary>The token of a value that is not missing, and its position, which is 0 where a token is one value.</summary>
    /// <param name="token">The whole part is the number of the token. The fraction says how far outside of what was learnt the value is: the density there is (1 − fraction)² times that of the
    /// value that it is taken for.</param>
    /// <returns>Whether there is one: not so for a category that is unknown, where there is no token for those.</returns>
    public abstract bool TryEncode(T value, out float token, out float position);

    /// <summary>Whether the values have an order, so that a token is an interval of them.</summary>
    public virtual bool IsOrdered => false;

    /// <summary>What is drawn: all categories, or the lowest and the highest number.</summary>
    public abstract IEnumerable<T> Values { get; }

    /// <summary>The tokens and positions whose values are wanted; of a category that has a token of its own, that first. The missing value has none.</summary>
    /// <param name="side">0 for a wanted value; of ordered values below 0 for those below all wanted ones, above 0 for those above.</param>
    public abstract IEnumerable<TokenPart> Parts(Func<T, int> side);

    /// <summary>The value of a token that is not the missing one.</summary>
    /// <param name="row">Number of the drawn row, for values that are made up.</param>
    public abstract T Decode(int token, float position, long row);

    /// <summary>A token in words: its value, or from where to where its values go.</summary>
    /// <param name="asText">A value in words.</param>
    public string NameOf(int token, Func<T, string> asText) => token == Missing ? "(missing)" : NameOfValues(token, asText);

    protected virtual string NameOfValues(int token, Func<T, string> asText)
    {
        string first = asText(Decode(token, 0, 0)), last = asText(Decode(token, TokenPart.Highest, 0));
        return first == last ? first : $"{first} to {last}";
    }
}
