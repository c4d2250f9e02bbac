namespace TorchSharp
{
    namespace Modules
    {
        /// <summary>
        /// A tensor that a module trains. It takes over the handle of the tensor that it is made from, which is no longer usable then:
        /// the memory stays the same, so that a parameter can be a view of a larger buffer.
        /// </summary>
        public class Parameter : torch.Tensor
        {
            public Parameter(torch.Tensor data, bool requires_grad = true)
                : base(data.with_requires_grad(requires_grad).MoveHandle(), register: false) =>
                DisposeScope.ReplaceWith(data, this);
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.Parameter Parameter(Tensor data, bool requires_grad = true) => new(data, requires_grad);
        }
    }
}
