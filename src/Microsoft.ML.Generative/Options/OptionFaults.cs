using System.Runtime.CompilerServices;

namespace Microsoft.ML.Generative;

/// <summary>Collects what is wrong with a set of options, so that all of it is said at once.</summary>
internal sealed class OptionFaults
{
    private readonly List<string> _faults = [];

    /// <summary>Notes a fault unless <paramref name="valid"/>: "BatchSize is 0; it must be 1 or more."</summary>
    public void Require(bool valid, object? value, string requirement, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (!valid) _faults.Add(FormattableString.Invariant($"{name} is {value ?? "null"}; it must be {requirement}."));
    }

    /// <summary>Notes a fault unless all layers have 1 to 65,536 units.</summary>
    public void RequireSizes(IReadOnlyList<int>? sizes, [CallerArgumentExpression(nameof(sizes))] string name = "") =>
        Require(sizes is not null && sizes.All(size => size is >= 1 and <= 65536), sizes is null ? null : $"[{string.Join(", ", sizes)}]", "sizes from 1 to 65536", name);

    /// <summary>Notes the faults of options within options, or that there are none.</summary>
    public void RequireValid<T>(T? options, Action<T> validate, [CallerArgumentExpression(nameof(options))] string name = "") where T : class
    {
        if (options is null) Require(false, options, "given", name);
        else validate(options);
    }

    /// <exception cref="ArgumentException">There is a fault; the message lists them all.</exception>
    public void ThrowIfAny(string optionsName)
    {
        if (_faults.Count > 0) throw new ArgumentException($"{optionsName}: " + string.Join(" ", _faults));
    }
}
