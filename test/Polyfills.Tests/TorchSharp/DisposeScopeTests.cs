using TorchSharp;
using static TorchSharp.torch;

namespace Polyfills.Tests.Torch;

public class DisposeScopeTests
{
    private static long Live => DisposeScopeManager.Statistics.ThreadTotalLiveCount;

    [Fact]
    public void AScopeDisposesWhatWasMadeInIt()
    {
        long before = Live;
        Tensor made;
        using (var scope = NewDisposeScope())
        {
            made = zeros(2) + 1;
            Assert.Equal(2, scope.DisposablesCount);
            Assert.Equal(before + 2, Live);
            Assert.True(scope.Contains(made));
            Assert.Same(made, scope.DisposablesView[1]);
        }
        Assert.True(made.IsInvalid);
        Assert.Equal(before, Live);
        Assert.Throws<InvalidOperationException>(() => made.shape);
    }

    [Fact]
    public void TensorsMoveToTheOuterScopeOrOutOfAll()
    {
        long before = Live;
        Tensor detached;
        using (var outer = NewDisposeScope())
        {
            Tensor moved, second;
            using (var inner = NewDisposeScope())
            {
                moved = zeros(1).MoveToOuterDisposeScope();
                second = inner.MoveToOuter(zeros(2));
                detached = zeros(3).DetachFromDisposeScope();
                zeros(4);
                Assert.Equal(1, inner.DisposablesCount);
                Assert.Same(inner, CurrentDisposeScope);
            }
            Assert.False(moved.IsInvalid);
            Assert.Equal(2, outer.DisposablesCount);
            Assert.Same(outer, CurrentDisposeScope);
            second.Dispose();
            Assert.Equal(1, outer.DisposablesCount);
        }
        Assert.Null(CurrentDisposeScope);
        Assert.False(detached.IsInvalid);
        Assert.Equal(before + 1, Live);
        detached.Dispose();
        Assert.Equal(before, Live);
    }

    [Fact]
    public void AttachAndDisposeEverythingBut()
    {
        using var outside = zeros(1);
        using (var scope = NewDisposeScope())
        {
            var kept = zeros(2);
            var dropped = zeros(3);
            scope.Attach(outside);
            scope.DisposeEverythingBut(kept);
            Assert.True(dropped.IsInvalid);
            Assert.True(outside.IsInvalid);
            Assert.False(kept.IsInvalid);
            scope.DisposeEverything();
            Assert.Equal(0, scope.DisposablesCount);
        }
    }

    [Fact]
    public void ScopesMayEndInAnyOrder()
    {
        long before = Live;
        var outer = NewDisposeScope();
        var middle = NewDisposeScope();
        var inner = NewDisposeScope();
        var t = zeros(1);
        middle.Dispose();
        Assert.Same(inner, CurrentDisposeScope);
        t.MoveToOuterDisposeScope();
        inner.Dispose();
        Assert.Same(outer, CurrentDisposeScope);
        Assert.False(t.IsInvalid);
        outer.Dispose();
        Assert.Equal(before, Live);
    }

    [Fact]
    public void AParameterTakesThePlaceOfItsTensor()
    {
        long before = Live;
        using (var scope = NewDisposeScope())
        {
            var data = zeros(2);
            var parameter = nn.Parameter(data);
            Assert.True(data.IsInvalid);
            Assert.Equal(1, scope.DisposablesCount);
            Assert.True(scope.Contains(parameter));
        }
        Assert.Equal(before, Live);
    }

    [Fact]
    public void TheCountsAreThoseOfTheThread()
    {
        (long, long, long, long, long, long) counts = default;
        var thread = new Thread(() =>
        {
            using (NewDisposeScope())
            {
                zeros(1);
                zeros(1).DetachFromDisposeScope().Dispose();
            }
            using var free = zeros(1);
            var s = DisposeScopeManager.Statistics;
            counts = (s.CreatedInScopeCount, s.DisposedInScopeCount, s.DetachedFromScopeCount, s.CreatedOutsideScopeCount,
                s.DisposedOutsideScopeCount, s.ThreadTotalLiveCount);
        });
        thread.Start();
        thread.Join();
        Assert.Equal((2L, 1L, 1L, 1L, 1L, 1L), counts);
    }

    [Fact]
    public void WhatNobodyHoldsIsFinalized()
    {
        static void Make()
        {
            for (int i = 0; i < 1000; i++) zeros(1000);
        }
        long before = Tensor.TotalCount;
        Make();
        for (int i = 0; i < 5 && Tensor.TotalCount > before + 500; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        Assert.InRange(Tensor.TotalCount, 0, before + 500);     // other tests run meanwhile
    }
}
