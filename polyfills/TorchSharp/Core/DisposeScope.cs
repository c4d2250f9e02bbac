namespace TorchSharp;

/// <summary>
/// Owns the tensors that are made on its thread while it is the innermost scope, and disposes them with itself.
/// They form a chain through the tensors, so that being owned costs no allocation and no hashing.
/// </summary>
public sealed class DisposeScope : IDisposable
{
    private DisposeScopeManager _manager;
    private torch.Tensor _first, _last;
    private int _count;

    internal DisposeScope OuterScope { get; set; }

    internal DisposeScope(DisposeScopeManager manager)
    {
        _manager = manager;
        OuterScope = manager.CurrentDisposeScope;
    }

    private DisposeScopeManager Alive => _manager ?? throw new ObjectDisposedException(GetType().FullName);

    /// <summary>What the scope owns now; the list does not follow later changes.</summary>
    public IReadOnlyList<IDisposable> DisposablesView
    {
        get
        {
            _ = Alive;
            var all = new List<IDisposable>(_count);
            for (var t = _first; t is not null; t = t.NextInScope) all.Add(t);
            return all;
        }
    }

    public int DisposablesCount
    {
        get
        {
            _ = Alive;
            return _count;
        }
    }

    public bool Contains(IDisposable disposable) => disposable is torch.Tensor t && ReferenceEquals(t.OwningDisposeScope, this);

    internal void Add(torch.Tensor tensor)
    {
        tensor.OwningDisposeScope = this;
        tensor.PreviousInScope = _last;
        tensor.NextInScope = null;
        if (_last is null) _first = tensor; else _last.NextInScope = tensor;
        _last = tensor;
        _count++;
    }

    internal void Remove(torch.Tensor tensor)
    {
        if (tensor.PreviousInScope is null) _first = tensor.NextInScope; else tensor.PreviousInScope.NextInScope = tensor.NextInScope;
        if (tensor.NextInScope is null) _last = tensor.PreviousInScope; else tensor.NextInScope.PreviousInScope = tensor.PreviousInScope;
        tensor.PreviousInScope = tensor.NextInScope = null;
        tensor.OwningDisposeScope = null;
        _count--;
    }

    /// <summary>Puts a tensor into the place that another one leaves.</summary>
    internal static void ReplaceWith(torch.Tensor original, torch.Tensor replacement)
    {
        var scope = original.OwningDisposeScope;
        if (scope is null) return;
        scope.Remove(original);
        scope.Add(replacement);
    }

    // ---- into the scope

    public void Attach(IDisposable disposable) => Attach([disposable]);
    public void Attach(params IDisposable[] disposables) => Attach((IEnumerable<IDisposable>)disposables);

    public IReadOnlyList<IDisposable> Attach(IEnumerable<IDisposable> disposables)
    {
        var statistics = Alive.TensorStatistics;
        var all = disposables.ToList();
        foreach (var disposable in all)
        {
            var tensor = Owned(disposable);
            if (ReferenceEquals(tensor.OwningDisposeScope, this)) continue;
            tensor.OwningDisposeScope?.Remove(tensor);
            Add(tensor);
            statistics.AttachedToScopeCount++;
        }
        return all;
    }

    private static torch.Tensor Owned(IDisposable disposable) =>
        disposable as torch.Tensor ?? throw new InvalidOperationException("DisposeScope can only manage Tensor or PackedSequence");

    // ---- out of the scope

    public T MoveToOuter<T>(T disposable) where T : IDisposable => MoveToOther(OuterScope, disposable);

    public (T1 first, T2 second) MoveToOuter<T1, T2>(T1 first, T2 second) where T1 : IDisposable where T2 : IDisposable =>
        MoveToOther(OuterScope, first, second);

    public (T1 first, T2 second, T3 third) MoveToOuter<T1, T2, T3>(T1 first, T2 second, T3 third)
        where T1 : IDisposable where T2 : IDisposable where T3 : IDisposable => MoveToOther(OuterScope, first, second, third);

    public void MoveToOuter(params IDisposable[] disposables) => MoveToOther(OuterScope, disposables);
    public void MoveToOuter(IEnumerable<IDisposable> disposables) => MoveToOther(OuterScope, disposables);

    public T MoveToOther<T>(DisposeScope scope, T disposable) where T : IDisposable
    {
        Move(scope, disposable);
        return disposable;
    }

    public (T1 first, T2 second) MoveToOther<T1, T2>(DisposeScope scope, T1 first, T2 second) where T1 : IDisposable where T2
        : IDisposable =>
        (MoveToOther(scope, first), MoveToOther(scope, second));

    public (T1 first, T2 second, T3 third) MoveToOther<T1, T2, T3>(DisposeScope scope, T1 first, T2 second, T3 third)
        where T1 : IDisposable where T2 : IDisposable where T3 : IDisposable =>
        (MoveToOther(scope, first), MoveToOther(scope, second), MoveToOther(scope, third));

    public void MoveToOther(DisposeScope scope, params IDisposable[] disposables) =>
        MoveToOther(scope, (IEnumerable<IDisposable>)disposables);

    public void MoveToOther(DisposeScope scope, IEnumerable<IDisposable> disposables)
    {
        foreach (var disposable in disposables) Move(scope, disposable);
    }

    private void Move(DisposeScope scope, IDisposable disposable)
    {
        var statistics = Alive.TensorStatistics;
        if (!Contains(disposable)) return;
        var tensor = (torch.Tensor)disposable;
        Remove(tensor);
        if (scope is null) statistics.DetachedFromScopeCount++;
        else scope.Add(tensor);
    }

    public T Detach<T>(T disposable) where T : IDisposable => MoveToOther(null, disposable);

    public (T1 first, T2 second) Detach<T1, T2>(T1 first, T2 second) where T1 : IDisposable where T2 : IDisposable =>
        MoveToOther(null, first, second);

    public (T1 first, T2 second, T3 third) Detach<T1, T2, T3>(T1 first, T2 second, T3 third)
        where T1 : IDisposable where T2 : IDisposable where T3 : IDisposable => MoveToOther(null, first, second, third);

    public void Detach(params IDisposable[] disposables) => MoveToOther(null, disposables);
    public void Detach(IEnumerable<IDisposable> disposables) => MoveToOther(null, disposables);

    // ---- the end

    public void DisposeEverything()
    {
        _ = Alive;
        while (_first is not null) _first.Dispose();
    }

    public void DisposeEverythingBut(IEnumerable<IDisposable> inKeep)
    {
        _ = Alive;
        var keep = new HashSet<object>(inKeep, ReferenceEqualityComparer.Instance);
        for (torch.Tensor t = _first, next; t is not null; t = next)
        {
            next = t.NextInScope;
            if (!keep.Contains(t)) t.Dispose();
        }
    }

    public void DisposeEverythingBut(params IDisposable[] keep) => DisposeEverythingBut((IEnumerable<IDisposable>)keep);

    public T DisposeEverythingBut<T>(T keep) where T : IDisposable
    {
        DisposeEverythingBut([keep]);
        return keep;
    }

    public (T1 first, T2 second) DisposeEverythingBut<T1, T2>(T1 first, T2 second) where T1 : IDisposable where T2 : IDisposable
    {
        DisposeEverythingBut([first, second]);
        return (first, second);
    }

    public (T1 first, T2 second, T3 third) DisposeEverythingBut<T1, T2, T3>(T1 first, T2 second, T3 third)
        where T1 : IDisposable where T2 : IDisposable where T3 : IDisposable
    {
        DisposeEverythingBut([first, second, third]);
        return (first, second, third);
    }

    public void MarkAsDisposed(IDisposable disposable)
    {
        _ = Alive;
        if (Contains(disposable)) Remove((torch.Tensor)disposable);
    }

    public void Dispose()
    {
        if (_manager is null) return;
        DisposeEverything();
        _manager.RemoveDisposeScope(this);
        _manager = null;
    }
}
