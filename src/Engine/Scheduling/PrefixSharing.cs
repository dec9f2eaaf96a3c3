using System.Buffers;
using Penstock.Engine.KvCache;
using Penstock.Engine.Running;

namespace Penstock.Engine.Scheduling;

/// <summary>
/// What groups take from the prefix cache and leave in it. A group takes the longest prefix when it gets in, leaves its prompt once
/// that is computed and each answer when it ends. While another group computes the same prefix it waits for it, for a bounded time:
/// only for one that got in before and that has not a lower class, so that nobody waits in a circle.
/// </summary>
/// <param name="cache">The cache; null = nothing is kept and nothing is found.</param>
/// <param name="kv">The runner's KV memory.</param>
internal sealed class PrefixSharing(PrefixCache? cache, IKvStore kv)
{
    // What a wait must save: less is computed while one waits.
    private const int LeastBlocksToWaitFor = 4;

    // A leader that is given no tokens in so many plans is given up: its tenant may have had its share.
    private const int MostForbearance = 16;

    private readonly int blockTokens = kv.BlockTokens;

    public int EvictableBlocks => cache?.EvictableBlocks ?? 0;

    public int CachedBlocks => cache?.Blocks ?? 0;

    /// <summary>Blocks of its worst case that a group need not get: they are cached, and others hold them or they count as evictable no more.</summary>
    public int Spares(SequenceGroup group)
    {
        if (cache is null || !Shares(group) || group.Saved is not null)
            return 0;
        if (group.SparedVersion == cache.Version)
            return group.SparedBlocks;

        var (blocks, evictable) = cache.Find(Domain(group), Usable(group));
        (group.SparedBlocks, group.SparedVersion) = (blocks - evictable, cache.Version);
        return group.SparedBlocks;
    }

    /// <summary>Blocks that cannot be used once the group has gone, since others hold them too.</summary>
    public int HeldByOthers(SequenceGroup group) =>
        group.Prefix is { } lease ? (lease.End / blockTokens) - cache!.Releases(lease) : 0;

    /// <summary>Lets a group that has just got in begin with what is cached, and find whom to wait for.</summary>
    public void Attach(SequenceGroup group, List<SequenceGroup> running)
    {
        if (cache is null || !Shares(group))
            return;

        Take(group);
        if (group.Reached < group.Prompt.Length)
            Follow(group, running);
    }

    /// <summary>Whether the group waits for another's prompt. When the wait is over it has got what the other has computed.</summary>
    public bool Waits(SequenceGroup group, List<SequenceGroup> running)
    {
        if (group.Leader is not { } leader)
            return false;

        var computing = leader.State == SequenceGroupState.Prefilling;
        var stored = computing ? kv.Length(leader.At(leader.Lead).Sequence) : 0;
        if (computing && stored < group.LeaderUntil)
        {
            group.Forbearance = stored > group.LeaderSeen ? MostForbearance : group.Forbearance - 1;
            group.LeaderSeen = stored;
            if (group.Forbearance > 0)
                return true;
        }

        group.Leader = null;
        if (computing)
            Keep(leader);
        Take(group);
        if (group.Forbearance > 0)
            Follow(group, running);
        return group.Leader is not null;
    }

    /// <summary>Keeps what there is of a group's prompt; the group goes on.</summary>
    public void Keep(SequenceGroup group)
    {
        if (cache is null || !Shares(group) || (group.Prefix?.End ?? 0) == WholePrompt(group))
            return;

        group.Prefix = cache.Keep(Domain(group), Owner(group), group.Prompt.Span, group.At(group.Lead).Sequence, group.Prefix);
    }

    /// <summary>Keeps what a choice has computed, prompt and answer, before its sequence is released.</summary>
    public void KeepLast(SequenceGroup group, int choice)
    {
        // Several choices hold the prompt: what of it is not in the tree can go there only with the last of them.
        if (cache is null || !Shares(group) || (group.LiveChoices > 1 && (group.Prefix?.End ?? 0) != WholePrompt(group)))
            return;

        ref var line = ref group.At(choice);
        var answer = kv.Length(line.Sequence) - group.Prompt.Length;
        if (answer <= 0 || line.Tokens is null)
        {
            cache.KeepLast(Domain(group), Owner(group), group.Prompt.Span, line.Sequence, group.Prefix);
            return;
        }

        var tokens = ArrayPool<int>.Shared.Rent(group.Prompt.Length + answer);
        group.Prompt.Span.CopyTo(tokens);
        line.Tokens.AsSpan(0, answer).CopyTo(tokens.AsSpan(group.Prompt.Length));
        cache.KeepLast(Domain(group), Owner(group), tokens.AsSpan(0, group.Prompt.Length + answer), line.Sequence, group.Prefix);
        ArrayPool<int>.Shared.Return(tokens);
    }

    /// <summary>The group holds nothing any more.</summary>
    public void Detach(SequenceGroup group)
    {
        if (group.Prefix is { } lease)
            cache!.Detach(lease);
        (group.Prefix, group.Leader) = (null, null);
    }

    /// <summary>Makes sure that the sequence can grow to so many tokens, at the cost of what is cached.</summary>
    public bool TryReserve(int sequence, int tokens) => MakeRoom(kv.BlocksToGrow(sequence, tokens)) && kv.TryReserve(sequence, tokens);

    /// <summary>Evicts until so many blocks are free.</summary>
    public bool MakeRoom(int blocks) => blocks <= kv.FreeBlocks || (cache?.MakeRoom(blocks) ?? false);

    public string? Check() => cache?.Check();

    // Hidden states are wanted of every row, and a cached row has none.
    private static bool Shares(SequenceGroup group) => !group.WantsHidden;

    // The last token is computed in any case: its logits are wanted.
    private static ReadOnlySpan<int> Usable(SequenceGroup group) => group.Prompt.Span[..^1];

    private static PrefixDomain Domain(SequenceGroup group) => new(group.Terms.PrefixDomain, group.Terms.Adapter);

    private PrefixOwner Owner(SequenceGroup group) =>
        cache!.OwnerOf(group.Terms.PrefixDomain == PrefixTree.Common ? PrefixTree.Common : group.Tenant.Name);

    private int WholePrompt(SequenceGroup group) => group.Prompt.Length / blockTokens * blockTokens;

    private void Take(SequenceGroup group)
    {
        var sequence = group.At(group.Lead).Sequence;
        if (kv.Length(sequence) != (group.Prefix?.End ?? 0))
            return;

        var before = group.Prefix;
        group.Prefix = cache!.Attach(Domain(group), Usable(group), sequence, before);
        if (group.Prefix == before)
            return;

        // Sharing lets reservations go; at least as many blocks have become free.
        if (!TryReserve(sequence, group.FinalLength))
            throw new InvalidOperationException("Blocks that were reserved could not be reserved again.");

        var stored = group.Prefix!.End;
        group.Cached += Math.Max(0, stored - group.Reached);
        group.Reached = Math.Max(group.Reached, stored);
    }

    private void Follow(SequenceGroup group, List<SequenceGroup> running)
    {
        var least = kv.Length(group.At(group.Lead).Sequence) + (LeastBlocksToWaitFor * blockTokens);
        foreach (var other in running)
        {
            if (other == group)
                break;
            if (other.State != SequenceGroupState.Prefilling || other.Leader is not null || other.Class > group.Class || !Shares(other)
                || Domain(other) != Domain(group))
                continue;

            var common = other.Prompt.Span.CommonPrefixLength(Usable(group));
            if ((common -= common % blockTokens) < least)
                continue;

            (group.Leader, group.LeaderUntil, least) = (other, common, common + 1);
            (group.LeaderSeen, group.Forbearance) = (kv.Length(other.At(other.Lead).Sequence), MostForbearance);
        }
    }
}
