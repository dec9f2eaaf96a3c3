using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Penstock.Contracts.Records;
using Penstock.Contracts.Requests;
using Penstock.Ledger.Prices;

namespace Penstock.Ledger.Tests.Prices;

public sealed class PriceBookTests
{
    private static readonly DateTimeOffset March = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly PriceRates Rates = new(Input: 0.15m, Cached: 0.075m, Output: 0.60m, Reasoning: 1.20m, Request: 0.01m);
    private static readonly TokenCounts Tokens = new() { Prompt = 1000, Cached = 400, Prefilled = 600, Sampled = 300, DeliveredVisible = 200, HiddenReasoning = 100 };

    [Fact]
    public void Of_AllKindsOfTokens_IsTheExactSum()
    {
        var cost = Find(new PriceEntry("m", null, March, Rates))!.Of(Tokens, estimated: false, usage: null);

        Assert.Equal(new Cost(((600 * 0.15m) + (400 * 0.075m) + (200 * 0.60m) + (100 * 1.20m)) / 1_000_000m + 0.01m, false), cost);
    }

    [Fact]
    public void Of_TokensWithoutARateOfTheirOwn_IsCoarseAndEstimated()
    {
        var cost = Find(new PriceEntry("m", null, March, new(1m, null, 2m, null, null)))!.Of(Tokens, estimated: false, usage: null);

        Assert.Equal(new Cost(0.0016m, true), cost);
    }

    [Fact]
    public void Of_APromptThatWasNotReached_CostsWhatWasRead() =>
        Assert.Equal(0.000015m + 0.01m, Find(new PriceEntry("m", null, March, Rates))!.Of(new TokenCounts { Prompt = 1000, Prefilled = 100, NotReached = 900 }, false, null).Usd);

    [Fact]
    public void Of_UsageOfAProvider_IsReadWhereTheRulesPoint()
    {
        var entry = new PriceEntry("m", null, March, Rates) { Usage = new("/input_tokens", "/cache/0/read", "/output_tokens", null, null, CachedInInput: false) };
        var usage = Json("""{ "input_tokens": 50, "cache": [{ "read": 10 }], "output_tokens": 7 }""");

        var cost = Find(entry)!.Of(new TokenCounts { Prompt = 60, Cached = 10, Prefilled = 50, Sampled = 9 }, false, usage);

        Assert.Equal(new Cost(((50 * 0.15m) + (10 * 0.075m) + (7 * 0.60m)) / 1_000_000m + 0.01m, false), cost);
    }

    [Fact]
    public void Of_AFigureThatTheProviderLeavesOut_IsOurOwnAndEstimated()
    {
        var entry = new PriceEntry("m", null, March, Rates) { Usage = new("/prompt_tokens", null, "/completion_tokens", null, null) };

        var cost = Find(entry)!.Of(Tokens, false, Json("""{ "prompt_tokens": 1000 }"""));

        Assert.Equal(Find(new PriceEntry("m", null, March, Rates))!.Of(Tokens, true, null), cost);
    }

    [Theory]
    [InlineData("""{ "cost": 0.0125 }""", "0.0125", false)]
    [InlineData("""{ }""", "0.01036", true)]
    public void Of_AProvidersOwnCost_IsTheCost(string usage, string usd, bool estimated)
    {
        var entry = new PriceEntry("m", null, March, Rates) { Usage = new(null, null, null, null, "/cost") };
        Assert.Equal(new Cost(decimal.Parse(usd, System.Globalization.CultureInfo.InvariantCulture), estimated), Find(entry)!.Of(Tokens, false, Json(usage)));
    }

    [Fact]
    public void Find_WithSeveralEntries_TakesTheMostSpecificThenTheLatestThatHasBegun()
    {
        var book = new PriceBook(
        [
            Entry("*", null, March, 1),
            Entry("gpt-*", null, March, 2),
            Entry("gpt-4", null, March, 3),
            Entry("gpt-4", null, March.AddDays(10), 4),
            Entry("gpt-*", "azure", March, 5),
        ]);

        Assert.Null(Input(book, "any", "gpt-4", March.AddTicks(-1)));
        Assert.Equal(1, Input(book, "any", "pebble", March));
        Assert.Equal(2, Input(book, "any", "gpt-5", March));
        Assert.Equal(3, Input(book, "any", "gpt-4", March.AddDays(10).AddTicks(-1)));
        Assert.Equal(4, Input(book, "any", "gpt-4", March.AddDays(10)));
        Assert.Equal(5, Input(book, "azure", "gpt-4", March.AddDays(10)));
    }

    [Fact]
    public void Of_TheBatchClass_HasItsOwnRates()
    {
        var book = new PriceBook([Entry("m", null, March, 2) with { Batch = new(1, null, null, null, null) }]);
        var tokens = new TokenCounts { Prompt = 1_000_000, Prefilled = 1_000_000 };

        Assert.Equal(1, book.Find("any", "m", March, ServiceClass.Batch)!.Of(tokens, false, null).Usd);
        Assert.Equal(2, book.Find("any", "m", March, ServiceClass.Standard)!.Of(tokens, false, null).Usd);
    }

    [Fact]
    public void AtMost_OfTheWorstCase_IsNeverBelowTheCost()
    {
        var rate = Gen.Choose(0, 5000).Select(value => value == 0 ? (decimal?)null : value / 1000m);
        var cases =
            from rates in rate.ArrayOf(5)
            from counts in Gen.Choose(0, 100_000).ArrayOf(4)
            select (Rates: new PriceRates(rates[0], rates[1], rates[2], rates[3], rates[4]), Counts: counts);
        Prop.ForAll(Arb.From(cases), one =>
        {
            var tokens = new TokenCounts { Prompt = one.Counts[0] + one.Counts[1], Cached = one.Counts[0], Prefilled = one.Counts[1], Sampled = one.Counts[2] + one.Counts[3], HiddenReasoning = one.Counts[2] };
            return one.Rates.Of(UsageFigures.Of(tokens, false)).Usd <= one.Rates.AtMost(tokens.Prompt, tokens.Sampled);
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("/a~1b/c~0d", true)]
    [InlineData("a", false)]
    [InlineData("/a~2", false)]
    [InlineData("/a~", false)]
    public void JsonPointer_IsValidOrNot(string pointer, bool valid) => Assert.Equal(valid, JsonPointer.IsValid(pointer));

    [Fact]
    public void JsonPointer_Find_UnescapesAndMisses()
    {
        var root = Json("""{ "a/b": { "c~d": [1, 2] } }""");
        Assert.Equal(2, JsonPointer.Find(root, "/a~1b/c~0d/1")!.Value.GetInt32());
        Assert.Null(JsonPointer.Find(root, "/a~1b/c~0d/2"));
        Assert.Null(JsonPointer.Find(root, "/nothing/here"));
        Assert.Null(JsonPointer.Find(null, "/a"));
    }

    private static Price? Find(PriceEntry entry) => new PriceBook([entry]).Find("any", "m", March, ServiceClass.Standard);

    private static PriceEntry Entry(string model, string? target, DateTimeOffset from, decimal input) => new(model, target, from, new(input, null, null, null, null));

    private static decimal? Input(PriceBook book, string target, string model, DateTimeOffset at) => book.Find(target, model, at, ServiceClass.Standard)?.AtMost(1_000_000, 0);

    private static JsonElement Json(string text) => JsonElement.Parse(text);
}
