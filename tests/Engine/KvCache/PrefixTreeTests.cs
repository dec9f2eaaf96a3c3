using FsCheck;
using FsCheck.Fluent;
using Penstock.Engine.KvCache;

namespace Penstock.Engine.Tests.KvCache;

public sealed class PrefixTreeTests
{
    private const string Domain = "a";

    private readonly PrefixTree tree = new(blockTokens: 2, new LeastRecentlyUsed());

    [Fact]
    public void Match_LongerPrompt_WholeBlocksThatAgree()
    {
        Add(1, 2, 3, 4, 5, 6);
        Assert.Equal(4, tree.Match(Domain, [1, 2, 3, 4, 5, 9, 9]).Length);
        Assert.Equal(2, tree.Match(Domain, [1, 2, 3]).Length);
        Assert.Equal(0, tree.Match(Domain, [1]).Length);
        Assert.Equal(0, tree.Match(Domain, [2, 2, 3, 4]).Length);
    }

    [Fact]
    public void Match_OtherDomain_NothingUnlessItIsCommon()
    {
        Add(1, 2, 3, 4);
        Assert.Equal(0, tree.Match("b", [1, 2, 3, 4]).Length);
        AddTo(PrefixTree.Common, 1, 2, 3, 4);
        Assert.Equal(4, tree.Match("b", [1, 2, 3, 4]).Length);
        AddTo("b", 1, 2, 3, 4, 5, 6);
        Assert.Equal(6, tree.Match("b", [1, 2, 3, 4, 5, 6]).Length);
        Assert.Equal(4, tree.Match("c", [1, 2, 3, 4, 5, 6]).Length);
        Assert.Null(tree.Check());
    }

    [Fact]
    public void Reach_InsideAnEdge_SplitsIt()
    {
        Add(1, 2, 3, 4, 5, 6);
        Add(1, 2, 7, 8);
        Assert.Equal((4, 3), (tree.Blocks, tree.Nodes));
        Assert.Equal(6, tree.Match(Domain, [1, 2, 3, 4, 5, 6]).Length);
        Assert.Equal(4, tree.Match(Domain, [1, 2, 7, 8]).Length);
        Assert.Null(tree.Check());
    }

    [Fact]
    public void Victim_LeastRecentlyUsed_LeafByLeafFromTheEnd()
    {
        var old = Add(1, 2, 3, 4, 5, 6);
        var young = Add(1, 2, 7, 8);
        Assert.Same(old, tree.Victim());
        Assert.Same(old, tree.Cut(old, 1));
        Assert.Equal(4, tree.Match(Domain, [1, 2, 3, 4, 5, 6]).Length);
        Assert.Null(tree.Cut(old, 1));
        Assert.Same(young, tree.Victim());
        var parent = tree.Cut(young, 1);
        Assert.Equal(2, parent!.End);
        Assert.Null(tree.Cut(parent, 1));
        Assert.Equal((0, 0, 0), (tree.Blocks, tree.Nodes, tree.EvictableBlocks));
        Assert.Null(tree.Check());
    }

    [Fact]
    public void Lock_APath_IsNoVictimUntilUnlocked()
    {
        var held = Add(1, 2, 3, 4);
        var other = Add(1, 2, 7, 8);
        tree.Lock(held);
        Assert.Equal(1, tree.EvictableBlocks);
        tree.Cut(tree.Victim()!, 1);
        Assert.Null(tree.Victim());
        Assert.Throws<InvalidOperationException>(() => tree.Cut(held, 1));
        tree.Unlock(held);
        Assert.Equal((2, held), (tree.EvictableBlocks, tree.Victim()));
        Assert.NotSame(other, held);
    }

    [Fact]
    public void Victim_CommonPrefix_GoesLast()
    {
        var pinned = AddTo(PrefixTree.Common, 1, 2);
        var young = Add(3, 4);
        Assert.Same(young, tree.Victim());
        tree.Cut(young, 1);
        Assert.Same(pinned, tree.Victim());
    }

    [Fact]
    public void DecayingValue_UsedMoreOften_StaysLonger()
    {
        var often = new PrefixTree(1, new DecayingValue());
        var owner = often.OwnerOf(Domain);
        var (root, first) = (often.Match(Domain, []).Node, often.Match(Domain, [1]));
        var hot = often.Add(first.Node, Domain, owner, [1])!;
        for (var i = 0; i < 3; i++)
        {
            Pass(often, 10);
            often.Touch(hot);
        }

        // Last used 5 requests before the other came, but three times; after some intervals more it has no advantage left.
        Pass(often, 5);
        var young = often.Add(root, Domain, owner, [2])!;
        Assert.Same(young, often.Victim());
        Pass(often, 40);
        var last = often.Add(root, Domain, owner, [3])!;
        often.Cut(young, 1);
        Assert.Same(hot, often.Victim());
        Assert.Same(owner, last.Owner);
    }

    /// <summary>Random operations against a set of all prefixes that are there.</summary>
    [Fact]
    public void AnyOperations_AgainstModel_SamePrefixesAndCounts() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(300),
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed => new PrefixTreeMachine(seed).Run(120)));

    [Fact]
    public void MatchAndTouch_Steady_AllocateNothing()
    {
        var tokens = Enumerable.Range(0, 64).ToArray();
        var node = AddTo(Domain, tokens);
        var before = 0L;
        for (var i = 0; i < 100; i++)
        {
            if (i == 10)
                before = GC.GetAllocatedBytesForCurrentThread();
            tree.Touch(tree.Reach(tree.Match(Domain, tokens)));
            tree.Lock(node);
            tree.Unlock(node);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void Pass(PrefixTree tree, int requests)
    {
        for (var i = 0; i < requests; i++)
            tree.Touch(tree.Match("nobody", [0]).Node);
    }

    private PrefixNode Add(params int[] tokens) => AddTo(Domain, tokens);

    private PrefixNode AddTo(string domain, params int[] tokens)
    {
        var match = tree.Match(domain, tokens);
        var node = tree.Reach(match);
        tree.Touch(node);
        return tree.Add(node, domain, tree.OwnerOf(domain), tokens.AsSpan(match.Length))!;
    }
}
