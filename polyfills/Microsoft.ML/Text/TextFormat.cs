using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>How a text is laid out, with the options checked.</summary>
internal sealed record TextFormat
{
    public char[] Separators { get; init; }

    public bool HasHeader { get; init; }

    public bool Quoting { get; init; }

    public bool Sparse { get; init; }

    public bool Trim { get; init; }

    public bool Multilines { get; init; }

    public bool MissingRealsAsNaNs { get; init; }

    public char EscapeChar { get; init; }

    public char DecimalMarker { get; init; }

    /// <summary>The number of fields; 0 where it isn't known.</summary>
    public int InputSize { get; init; }

    public long MaxRows { get; init; }

    public static TextFormat Of(TextLoader.Options options)
    {
        Contracts.CheckParam(options.Separators is { Length: > 0 }, nameof(options.Separators), "Must specify a separator");
        foreach (char c in options.Separators)
        {
            Contracts.CheckParam(c is '\t' or >= ' ' and not (>= '0' and <= '9') and not '"', nameof(options.Separators), $"Illegal separator: '{c}'");
            Contracts.CheckParam(c != ':' || !options.AllowSparse, nameof(options.Separators), "When the separator is colon, turn off allowSparse");
        }
        Contracts.CheckParam(options.MaxRows is null or >= 0, nameof(options.MaxRows));
        Contracts.CheckParam(options.InputSize is null or >= 0, nameof(options.InputSize));
        Contracts.CheckParam(options.DecimalMarker is '.' or ',', nameof(options.DecimalMarker),
            $"Decimal marker cannot be the '{options.DecimalMarker}' character. It must be '.' or ','.");
        Contracts.CheckParam(options.AllowQuoting || options.DecimalMarker != ',' || !options.Separators.Contains(','), nameof(options.AllowQuoting),
            "Quoting must be allowed if decimal marker and separator are the ',' character.");
        Contracts.CheckParam(!options.Separators.Contains(options.EscapeChar), nameof(options.EscapeChar),
            $"EscapeChar '{options.EscapeChar}' can't be used both as EscapeChar and separator");
        return new()
        {
            Separators = [.. options.Separators.Distinct()],
            HasHeader = options.HasHeader && string.IsNullOrWhiteSpace(options.HeaderFile),
            Quoting = options.AllowQuoting,
            Sparse = options.AllowSparse,
            Trim = options.TrimWhitespace,
            Multilines = options.AllowQuoting && options.ReadMultilines,
            MissingRealsAsNaNs = options.MissingRealsAsNaNs,
            EscapeChar = options.EscapeChar,
            DecimalMarker = options.DecimalMarker,
            InputSize = options.InputSize ?? 0,
            MaxRows = options.MaxRows ?? long.MaxValue,
        };
    }

    public void Save(ModelSaveContext ctx)
    {
        ctx.Writer.Write(new string(Separators));
        foreach (bool flag in new[] { HasHeader, Quoting, Sparse, Trim, Multilines, MissingRealsAsNaNs })
            ctx.Writer.Write(flag);
        ctx.Writer.Write(EscapeChar);
        ctx.Writer.Write(DecimalMarker);
        ctx.Writer.Write(InputSize);
        ctx.Writer.Write(MaxRows);
    }

    public static TextFormat Load(ModelLoadContext ctx) => new()
    {
        Separators = ctx.Reader.ReadString().ToCharArray(),
        HasHeader = ctx.Reader.ReadBoolean(),
        Quoting = ctx.Reader.ReadBoolean(),
        Sparse = ctx.Reader.ReadBoolean(),
        Trim = ctx.Reader.ReadBoolean(),
        Multilines = ctx.Reader.ReadBoolean(),
        MissingRealsAsNaNs = ctx.Reader.ReadBoolean(),
        EscapeChar = ctx.Reader.ReadChar(),
        DecimalMarker = ctx.Reader.ReadChar(),
        InputSize = ctx.Reader.ReadInt32(),
        MaxRows = ctx.Reader.ReadInt64(),
    };
}
