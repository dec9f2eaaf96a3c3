using System.Text;
using Penstock.Ledger.Decisions;
using Penstock.Ledger.Tests.Budgets;

namespace Penstock.Ledger.Tests.Decisions;

/// <summary>What every <see cref="IDecisionStore"/> must do. A store proves it by deriving from this.</summary>
public abstract class DecisionStoreConformance
{
    private static readonly DecisionKey Key = DecisionKey.Of("acme", "acme-1", "/v1/chat/completions", "k", "body"u8);
    private static readonly Decision Head = new(200, [new("Content-Type", "text/event-stream"), new("penstock-warnings", "a: b: c"), new("penstock-warnings", "")], 1);

    /// <summary>A new, empty world.</summary>
    protected abstract Task<IDecisionWorld> NewWorldAsync(SettableTime time, DecisionOptions options);

    [Fact]
    public async Task Claim_ManyAtOnce_OneIsGranted()
    {
        await using var world = await NewAsync();
        var store = await world.OpenAsync();

        var claims = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => store.ClaimAsync(Key).AsTask()));

        Assert.Single(claims, claim => claim.State == ClaimState.Granted);
        Assert.Equal(49, claims.Count(claim => claim.State == ClaimState.Held));
    }

    [Fact]
    public async Task Decide_AClaim_EverybodyGetsItsHeadAndSegments()
    {
        await using var world = await NewAsync();
        var store = await world.OpenAsync();
        var claim = (await store.ClaimAsync(Key)).Claim;

        Assert.True(await store.AppendAsync(claim, 0, Bytes("first")));
        Assert.True(await store.DecideAsync(claim, Head with { Segments = 2 }, Bytes("last")));

        var known = await store.ClaimAsync(Key);
        Assert.Equal((ClaimState.Decided, claim), (known.State, known.Claim));
        Assert.Equal(2, known.Decision!.Segments);
        Assert.Equal(200, known.Decision.Status);
        Assert.Equal(Head.Headers, known.Decision.Headers);
        Assert.Equal("first", await TextAsync(store, claim, 0));
        Assert.Equal("last", await TextAsync(store, claim, 1));
        Assert.Null(await TextAsync(store, claim, 2));
    }

    [Fact]
    public async Task Decide_Again_ChangesNothingAndIsRight()
    {
        await using var world = await NewAsync();
        var store = await world.OpenAsync();
        var claim = (await store.ClaimAsync(Key)).Claim;
        await store.DecideAsync(claim, Head, Bytes("one"));

        Assert.True(await store.DecideAsync(claim, Head with { Status = 400 }, Bytes("two")));
        await store.ReleaseAsync(claim);

        Assert.Equal(200, (await store.ClaimAsync(Key)).Decision!.Status);
        Assert.Equal("one", await TextAsync(store, claim, 0));
    }

    [Fact]
    public async Task Append_Again_IsOneSegment()
    {
        await using var world = await NewAsync();
        var store = await world.OpenAsync();
        var claim = (await store.ClaimAsync(Key)).Claim;

        await store.AppendAsync(claim, 0, Bytes("torn"));
        await store.AppendAsync(claim, 0, Bytes("whole"));
        await store.DecideAsync(claim, Head, default);

        Assert.Equal("whole", await TextAsync(store, claim, 0));
    }

    [Fact]
    public async Task Claim_WithAnotherBody_IsToldSo()
    {
        await using var world = await NewAsync();
        var store = await world.OpenAsync();
        var other = DecisionKey.Of("acme", "acme-1", "/v1/chat/completions", "k", "other"u8);
        var claim = (await store.ClaimAsync(Key)).Claim;

        Assert.Equal(ClaimState.OtherBody, (await store.ClaimAsync(other)).State);
        await store.DecideAsync(claim, Head, Bytes("one"));
        Assert.Equal(ClaimState.OtherBody, (await store.ClaimAsync(other)).State);
    }

    [Fact]
    public async Task Release_AClaim_ItsKeyIsFreeAndItsNumberIsVoid()
    {
        await using var world = await NewAsync();
        var store = await world.OpenAsync();
        var released = (await store.ClaimAsync(Key)).Claim;
        await store.AppendAsync(released, 0, Bytes("half"));

        await store.ReleaseAsync(released);
        var next = await store.ClaimAsync(Key);

        Assert.Equal(ClaimState.Granted, next.State);
        Assert.True(next.Claim > released);
        Assert.Null(await TextAsync(store, released, 0));
        Assert.False(await store.AppendAsync(released, 1, Bytes("late")));
        Assert.False(await store.DecideAsync(released, Head, Bytes("late")));
        Assert.True(await store.DecideAsync(next.Claim, Head, Bytes("second")));
    }

    [Fact]
    public async Task Kill_WithAClaimAndADecision_TheClaimIsFreeAndTheDecisionStays()
    {
        await using var world = await NewAsync();
        var store = await world.OpenAsync();
        var decidedKey = DecisionKey.Of("acme", null, "/v1/messages", "d", "body"u8);
        var decided = (await store.ClaimAsync(decidedKey)).Claim;
        await store.DecideAsync(decided, Head, Bytes("kept"));
        var claim = (await store.ClaimAsync(Key)).Claim;
        await store.AppendAsync(claim, 0, Bytes("half"));

        await world.KillAsync();
        var next = await world.OpenAsync();

        Assert.Equal(ClaimState.Decided, (await next.ClaimAsync(decidedKey)).State);
        Assert.Equal("kept", await TextAsync(next, decided, 0));
        Assert.Equal(ClaimState.Granted, (await next.ClaimAsync(Key)).State);
        Assert.Null(await TextAsync(next, claim, 0));
    }

    [Fact]
    public async Task Tend_AfterTheirTime_DecisionsAreGoneAndTheirKeysFree()
    {
        var time = new SettableTime(new DateTimeOffset(2026, 3, 14, 12, 0, 0, TimeSpan.Zero));
        await using var world = await NewWorldAsync(time, new DecisionOptions { Keep = TimeSpan.FromHours(1) });
        var store = await world.OpenAsync();
        var keys = Enumerable.Range(0, 200).Select(index => DecisionKey.Of("acme", null, "/v1/embeddings", $"{index}", "body"u8)).ToList();
        var claims = new List<long>();
        foreach (var key in keys)
        {
            claims.Add((await store.ClaimAsync(key)).Claim);
            await store.DecideAsync(claims[^1], Head, Bytes("kept"));
        }

        time.Now += TimeSpan.FromMinutes(59);
        Assert.Equal(0, await store.TendAsync());
        Assert.Equal(ClaimState.Decided, (await store.ClaimAsync(keys[0])).State);

        time.Now += TimeSpan.FromMinutes(1);
        Assert.Equal(ClaimState.Granted, (await store.ClaimAsync(keys[0])).State);
        Assert.Equal(199, await store.TendAsync());
        Assert.Null(await TextAsync(store, claims[5], 0));
        Assert.Equal(ClaimState.Granted, (await store.ClaimAsync(keys[5])).State);
    }

    [Fact]
    public void Of_PartsThatRunIntoEachOther_AreDifferentKeys()
    {
        var ids = new[] { ("ab", "c", "k"), ("a", "bc", "k"), ("ab", "", "ck"), ("ab", "c", "") }
            .Select(parts => DecisionKey.Of(parts.Item1, parts.Item2, "/v1/chat/completions", parts.Item3, "body"u8).Id);

        Assert.Equal(4, ids.Distinct().Count());
    }

    private static ReadOnlyMemory<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static async Task<string?> TextAsync(IDecisionStore store, long claim, int segment) =>
        await store.ReadAsync(claim, segment) is { } bytes ? Encoding.UTF8.GetString(bytes.Span) : null;

    private Task<IDecisionWorld> NewAsync() => NewWorldAsync(new SettableTime(new DateTimeOffset(2026, 3, 14, 12, 0, 0, TimeSpan.Zero)), new DecisionOptions());
}
