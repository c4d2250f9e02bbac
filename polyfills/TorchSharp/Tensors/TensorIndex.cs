namespace TorchSharp;

/// <summary>One place of an index expression, as the library takes it.</summary>
internal struct Index
{
    public const long Absent = long.MinValue;

    public long Kind, Start, Stop, Step;
    public nint Tensor;
}

public static partial class torch
{
    /// <summary>One place of an index expression: a number, a range, a tensor of indices or a mask, "…", or a new dimension.</summary>
    public struct TensorIndex
    {
        private long _kind;                    // 0 new dimension, 1 ellipsis, 2 integer, 3 boolean, 4 slice, 5 tensor
        private long? _start, _stop, _step;
        private Tensor _tensor;

        public static TensorIndex None = new() { _kind = 0 };
        public static TensorIndex Null = new() { _kind = 0 };
        public static TensorIndex Ellipsis = new() { _kind = 1 };
        public static TensorIndex Colon = Slice();

        public static TensorIndex Single(long? index) => new() { _kind = 2, _start = index };
        public static TensorIndex Bool(bool value) => new() { _kind = 3, _start = value ? 1 : 0 };
        public static TensorIndex Slice(long? start = null, long? stop = null, long? step = null) =>
            new() { _kind = 4, _start = start, _stop = stop, _step = step };
        public static TensorIndex Slice((int? start, int? end) range) => Slice(range.start, range.end);
        public static TensorIndex Tensor(Tensor tensor) => new() { _kind = 5, _tensor = tensor };

        public static TensorIndex Slice(Range range) =>
            Slice(range.Start.IsFromEnd ? -range.Start.Value : range.Start.Value,
                !range.End.IsFromEnd ? range.End.Value : range.End.Value == 0 ? null : -range.End.Value);

        public static implicit operator TensorIndex(long value) => Single(value);
        public static implicit operator TensorIndex(System.Index index) => Single(index.IsFromEnd ? -index.Value : index.Value);
        public static implicit operator TensorIndex(Range range) => Slice(range);
        public static implicit operator TensorIndex((int? start, int? end) range) => Slice(range);

        internal readonly Index Native => new()
        {
            Kind = _kind,
            Start = _start ?? Index.Absent,
            Stop = _stop ?? Index.Absent,
            Step = _step ?? Index.Absent,
            Tensor = _tensor.HandleOrNone(),
        };

        internal readonly Tensor Operand => _tensor;
    }
}
