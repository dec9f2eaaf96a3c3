using Penstock.Contracts.Requests;
using Penstock.Gateway.Configuration;
using Penstock.Gateway.Hosting;
using Penstock.Gateway.Tenancy;
using Penstock.Ledger.Budgets;
using Penstock.Ledger.Prices;

namespace Penstock.Gateway.Tests.Tenancy;

/// <summary><c>tenants</c> and <c>prices</c> in <c>penstock.yaml</c>.</summary>
public sealed class TenantConfigurationTests
{
    private const string Digest = "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b";

    [Fact]
    public void Tenants_ThatAreRight_AreRead()
    {
        var config = Parse(
            $$"""
            tenants:
              - { name: group, limits: [{ window: month, usd: 5000.25 }, { concurrency: 64 }] }
              - name: acme
                parent: group
                limits:
                  - { window: 1m, tokens: 100000, requests: 600 }
                  - { window: month, usd: 2000, guarantee: { usd: 500 } }
                  - { window: 1h, guarantee: { tokens: 10 }, borrow: false }
                ramp_up: { from: 2026-11-01, days: 7, start_percent: 20 }
                runs: { calls: 200, tokens: 2000000000000, depth: 5, wall_s: 3600, share_percent: 25 }
                keys:
                  - { id: acme-1, sha256: "{{Digest}}", expires: 2027-01-31T12:00:00Z, models: [chat, "gpt-*"], surfaces: [chat], limits: [{ window: day, requests: 10 }] }
            """);

        var (group, acme, key) = (config.Tenants[0], config.Tenants[1], config.ApiKeys.Single());
        Assert.Equal([new(BudgetWindow.Month, BudgetUnit.Usd, 5_000_250_000_000_000), new BudgetLimit(BudgetWindow.Now, BudgetUnit.Concurrency, 64)], group.Limits);
        Assert.Equal(
            [
                new(BudgetWindow.Minute, BudgetUnit.Tokens, 100_000),
                new(BudgetWindow.Minute, BudgetUnit.Requests, 600),
                new(BudgetWindow.Month, BudgetUnit.Usd, 2_000_000_000_000_000, 500_000_000_000_000),
                new BudgetLimit(BudgetWindow.Hour, BudgetUnit.Tokens, 10, 10),
            ],
            acme.Limits);
        Assert.Equal("group", acme.Parent);
        Assert.Equal(new BudgetRamp(new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero), TimeSpan.FromDays(7), 200), acme.Ramp);
        Assert.Equal(new RunLimits(200, 2_000_000_000_000, 5, TimeSpan.FromHours(1), 250), acme.Runs);
        Assert.Equal(new DateTimeOffset(2027, 1, 31, 12, 0, 0, TimeSpan.Zero), key.Expires);
        Assert.Equal(["chat", "gpt-*"], key.Models.Patterns);
        Assert.Equal(["chat"], key.Surfaces.Patterns);
        Assert.Equal([new BudgetLimit(BudgetWindow.Day, BudgetUnit.Requests, 10)], key.Limits);
        Assert.Equal(["group", "acme", "acme/acme-1"], TenantTree.Nodes(config.Tenants, config.ApiKeys).Select(node => node.Name));
    }

    [Fact]
    public void Prices_ThatAreRight_AreRead()
    {
        var config = Parse(
            """
            prices:
              - model: "gpt-*"
                target: openai
                from: 2026-01-01
                input: 0.15
                cached: 0.075
                output: 0.6
                reasoning: 0.7
                request: 0.001
                batch: { input: 0.05 }
                usage: { input: /prompt_tokens, cached: /a/b, output: /o, reasoning: /r, cost: /cost, cached_in_input: false }
              - { model: pebble, input: 1 }
            """);

        var entry = config.Prices.Entries[0];
        Assert.Equal(new PriceEntry("gpt-*", "openai", new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), new(0.15m, 0.075m, 0.6m, 0.7m, 0.001m)) { Batch = entry.Batch, Usage = entry.Usage }, entry);
        Assert.Equal(new PriceRates(0.05m, null, null, null, null), entry.Batch);
        Assert.Equal(new UsageRules("/prompt_tokens", "/a/b", "/o", "/r", "/cost", CachedInInput: false), entry.Usage);
        Assert.NotNull(config.Prices.Find("anybody", "pebble", DateTimeOffset.UnixEpoch, ServiceClass.Standard));
    }

    [Theory]
    [InlineData("limits: [{ tokens: 5 }]", "limits[0].window")]
    [InlineData("limits: [{ window: 1m }]", "limits[0].tokens")]
    [InlineData("limits: [{ window: week, tokens: 5 }]", "limits[0].window", 2)]
    [InlineData("limits: [{ window: 1m, tokens: 5.5 }]", "limits[0].tokens")]
    [InlineData("limits: [{ window: 1m, usd: 10000000 }]", "limits[0].usd")]
    [InlineData("limits: [{ window: 1m, tokens: -1 }]", "limits[0].tokens")]
    [InlineData("limits: [{ window: 1m, tokens: 5, borrow: false }]", "limits[0].borrow")]
    [InlineData("limits: [{ window: 1m, coins: 5, tokens: 1 }]", "limits[0].coins")]
    [InlineData("ramp_up: { days: 3 }", "ramp_up.from")]
    [InlineData("ramp_up: { from: tomorrow }", "ramp_up.from")]
    [InlineData("runs: { calls: 0 }", "runs.calls")]
    [InlineData("keys: [{ id: a, sha256: DIGEST, surfaces: [chats] }]", "keys[0].surfaces")]
    [InlineData("keys: [{ id: a, sha256: DIGEST, expires: never }]", "keys[0].expires")]
    public void Tenant_ThatCannotBe_IsAFaultWithItsPlace(string yaml, string place, int faults = 1)
    {
        var found = new List<OptionFault>();
        ConfigFile.Parse($"tenants: [{{ name: acme, {yaml.Replace("DIGEST", Digest, StringComparison.Ordinal)} }}]", found);
        Assert.Equal(faults, found.Count);
        Assert.All(found, fault => Assert.Equal($"tenants[0].{place}", fault.Key));
    }

    [Theory]
    [InlineData("{ input: 1 }", "model")]
    [InlineData("{ model: m }", "input")]
    [InlineData("{ model: m, input: 0 }", "input")]
    [InlineData("{ model: m, input: 1, usage: { input: prompt } }", "usage.input")]
    public void Price_ThatCannotBe_IsAFaultWithItsPlace(string yaml, string place)
    {
        var found = new List<OptionFault>();
        ConfigFile.Parse($"prices: [{yaml}]", found);
        Assert.Equal($"prices[0].{place}", Assert.Single(found).Key);
    }

    [Fact]
    public void Validate_LimitsThatAreNoTree_SaysAllThatIsWrong()
    {
        var options = new ServeOptions
        {
            Models = [new("m.gguf")],
            Tenants = [new TenantOptions("a") { Parent = "nobody" }, new TenantOptions("b") { Limits = [new(BudgetWindow.Day, BudgetUnit.Tokens, null, Guarantee: 5), new(BudgetWindow.Day, BudgetUnit.Tokens, 1)] }],
        };

        Assert.Equal(["tenants", "tenants"], ServeOptionsValidator.Validate(options).Select(fault => fault.Key));
    }

    private static ConfigFile Parse(string text)
    {
        var faults = new List<OptionFault>();
        var config = ConfigFile.Parse(text, faults);
        Assert.Empty(faults);
        return config;
    }
}
