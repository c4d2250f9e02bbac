using System.Collections;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        /// <summary>One module after the other. What lies between two of them is disposed as soon as the second has it.</summary>
        public class Sequential : torch.nn.Module<Tensor, Tensor>
        {
            private readonly List<(string Name, torch.nn.IModule<Tensor, Tensor> Module)> _modules = [];

            protected Sequential(params torch.nn.Module<Tensor, Tensor>[] modules) : base(nameof(Sequential))
            {
                foreach (var module in modules) append(module);
            }

            protected Sequential(params (string name, torch.nn.Module<Tensor, Tensor> submodule)[] modules) : base(nameof(Sequential))
            {
                foreach (var (name, module) in modules) append(name, module);
            }

            internal Sequential() : base(nameof(Sequential)) { }

            public Sequential append(torch.nn.IModule<Tensor, Tensor> module) => append(_modules.Count.ToString(), module);

            public Sequential append(string name, torch.nn.IModule<Tensor, Tensor> module)
            {
                register_module(name, (torch.nn.Module)module);
                _modules.Add((name, module));
                return this;
            }

            public int Count => _modules.Count;

            public torch.nn.IModule<Tensor, Tensor> this[int index] => _modules[index].Module;

            public Sequential this[Range index]
            {
                get
                {
                    var part = new Sequential();
                    foreach (var (name, module) in _modules.GetRange(index.GetOffsetAndLength(Count).Offset,
                        index.GetOffsetAndLength(Count).Length)) part.append(name, module);
                    return part;
                }
            }

            public Sequential this[(int? start, int? end) index] => this[(index.start ?? 0)..(index.end ?? Count)];

            public override Tensor forward(Tensor tensor)
            {
                if (Count == 0) return tensor.alias();
                var x = _modules[0].Module.call(tensor);
                for (int i = 1; i < Count; i++)
                {
                    using var before = x;
                    x = _modules[i].Module.call(before);
                }
                return x;
            }
        }

        /// <summary>Modules by number.</summary>
        public class ModuleList<T> : torch.nn.Module, IList<T> where T : torch.nn.Module
        {
            private readonly List<T> _list;
            private bool _registered;

            public ModuleList(params T[] modules) : base("ModuleList") => _list = [.. modules];

            protected override void RegisterComponents()
            {
                if (_registered) return;
                for (int i = 0; i < _list.Count; i++) register_module(i.ToString(), _list[i]);
                _registered = true;
            }

            public T this[int index]
            {
                get => _list[index];
                set => _list[index] = value;
            }

            public int Count => _list.Count;
            public bool IsReadOnly => false;
            public void Add(T item) => _list.Add(item);
            public void append(params T[] parameters) => _list.AddRange(parameters);
            public void extend(IEnumerable<T> modules) => _list.AddRange(modules);
            public void Insert(int index, T item) => _list.Insert(index, item);
            public bool Remove(T item) => _list.Remove(item);
            public void RemoveAt(int index) => _list.RemoveAt(index);
            public void Clear() => _list.Clear();
            public bool Contains(T item) => _list.Contains(item);
            public int IndexOf(T item) => _list.IndexOf(item);
            public void CopyTo(T[] array, int arrayIndex) => _list.CopyTo(array, arrayIndex);
            public IEnumerator<T> GetEnumerator() => _list.GetEnumerator();
            IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
        }

        /// <summary>Modules by name.</summary>
        public class ModuleDict<T> : torch.nn.Module, IEnumerable<(string, T)> where T : torch.nn.Module
        {
            private readonly OrderedDict<string, T> _dict = [];
            private bool _registered;

            public ModuleDict() : base("ModuleDict") { }

            protected override void RegisterComponents()
            {
                if (_registered) return;
                foreach (var (name, module) in _dict) register_module(name, module);
                _registered = true;
            }

            public T this[string key]
            {
                get => _dict[key];
                set => _dict[key] = value;
            }

            public int Count => _dict.Count;
            public ICollection<string> Keys => _dict.Keys;
            public ICollection<T> Values => _dict.Values;
            public void Add(string key, T value) => _dict.Add(key, value);
            public void Add((string, T) item) => _dict.Add(item);
            public bool ContainsKey(string key) => _dict.ContainsKey(key);
            public bool Remove(string key) => _dict.Remove(key);
            public bool TryGetValue(string key, out T value) => _dict.TryGetValue(key, out value);
            public IEnumerator<(string, T)> GetEnumerator() => _dict.GetEnumerator();
            IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
        }

        /// <summary>Parameters by number.</summary>
        public class ParameterList : torch.nn.Module, IEnumerable<Parameter>
        {
            private readonly List<Parameter> _list;
            private bool _registered;

            public ParameterList(params Parameter[] parameters) : base(nameof(ParameterList)) => _list = [.. parameters];

            protected override void RegisterComponents()
            {
                if (_registered) return;
                for (int i = 0; i < _list.Count; i++) register_parameter(i.ToString(), _list[i]);
                _registered = true;
            }

            public override IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true) =>
                _list.Select((p, i) => (i.ToString(), p));

            public override Parameter get_parameter(string target) =>
                int.TryParse(target, out int i) && i >= 0 && i < _list.Count ? _list[i] : null;
            public override bool has_parameter(string target) => get_parameter(target) is not null;

            protected override void _toEpilog(ScalarType? dtype, Device device, bool non_blocking)
            {
                for (int i = 0; i < _list.Count; i++)
                {
                    if (!ReplaceParameter(dtype, device, _list[i], out var moved)) continue;
                    _list[i].Dispose();
                    _list[i] = moved;
                    if (_registered) ConditionallyRegisterParameter(i.ToString(), moved);
                }
                if (device is null) return;
                _deviceType = device.type;
                _deviceIndex = device.index;
            }

            public Parameter this[int index]
            {
                get => _list[index];
                set => _list[index] = value;
            }

            public int Count => _list.Count;
            public void Add(Parameter item) => _list.Add(item);
            public void append(params Parameter[] parameters) => _list.AddRange(parameters);
            public void extend(IEnumerable<Parameter> parameters) => _list.AddRange(parameters);
            public IEnumerator<Parameter> GetEnumerator() => _list.GetEnumerator();
            IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.Sequential Sequential() => new();
            public static Modules.Sequential Sequential(params Module<Tensor, Tensor>[] modules) =>
                Sequential((IEnumerable<Module<Tensor, Tensor>>)modules);
            public static Modules.Sequential Sequential(params (string name, Module<Tensor, Tensor> submodule)[] modules) =>
                Sequential((IEnumerable<(string, Module<Tensor, Tensor>)>)modules);

            public static Modules.Sequential Sequential(IEnumerable<Module<Tensor, Tensor>> modules)
            {
                var all = new Modules.Sequential();
                foreach (var module in modules) all.append(module);
                return all;
            }

            public static Modules.Sequential Sequential(IEnumerable<(string name, Module<Tensor, Tensor> submodule)> modules)
            {
                var all = new Modules.Sequential();
                foreach (var (name, module) in modules) all.append(name, module);
                return all;
            }

            public static Modules.ModuleList<Module> ModuleList(params Module[] modules) => new(modules);
            public static Modules.ModuleList<T> ModuleList<T>(params T[] modules) where T : Module => new(modules);

            public static Modules.ModuleDict<Module> ModuleDict(params (string, Module)[] modules) => ModuleDict<Module>(modules);

            public static Modules.ModuleDict<T> ModuleDict<T>(params (string, T)[] modules) where T : Module
            {
                var all = new Modules.ModuleDict<T>();
                foreach (var module in modules) all.Add(module);
                return all;
            }

            public static Modules.ParameterList ParameterList(params Modules.Parameter[] parameters) => new(parameters);
        }
    }
}
