using System.Net;
using Penstock.Functional.Tests.Hosting;
using Penstock.Gateway.Tenancy;

namespace Penstock.Functional.Tests.Tenancy;

/// <summary>What keys may do, and until when.</summary>
public sealed class KeyTests
{
    [Fact]
    public async Task Keys_ExpireRotateAndHaveScopes()
    {
        await using var server = new PebbleServer();
        server.Options.ApiKeys =
        [
            TenantKeys.Of("acme", "old") with { Expires = DateTimeOffset.UnixEpoch },
            TenantKeys.Of("acme", "new") with { Expires = DateTimeOffset.MaxValue },
            TenantKeys.Of("acme", "embeds") with { Surfaces = new KeyScope(["embeddings"]) },
            TenantKeys.Of("acme", "other-models") with { Models = new KeyScope(["gpt-*"]) },
            TenantKeys.Of("acme", "these-models") with { Models = new KeyScope(["peb*"]) },
        ];
        await server.InitializeAsync();

        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_api_key"), await AskAsync(server, "old"));
        Assert.Equal((HttpStatusCode.OK, null), await AskAsync(server, "new"));
        Assert.Equal((HttpStatusCode.Forbidden, "key_scope"), await AskAsync(server, "embeds"));
        Assert.Equal((HttpStatusCode.Forbidden, "key_scope"), await AskAsync(server, "other-models"));
        Assert.Equal((HttpStatusCode.OK, null), await AskAsync(server, "these-models"));
    }

    [Theory]
    [InlineData("peb*", "pebble", HttpStatusCode.OK)]
    [InlineData("gpt-*", null, HttpStatusCode.Forbidden)]
    public async Task Models_AreThoseThatTheKeyMayUse(string scope, string? listed, HttpStatusCode status)
    {
        await using var server = new PebbleServer();
        server.Options.ApiKeys = [TenantKeys.Of("acme", "key-1") with { Models = new KeyScope([scope]) }];
        await server.InitializeAsync();
        server.Client.DefaultRequestHeaders.Authorization = new("Bearer", "key-1");

        var list = System.Text.Json.JsonElement.Parse(await server.Client.GetStringAsync("/v1/models", TestContext.Current.CancellationToken));
        using var one = await server.Client.GetAsync("/v1/models/pebble", TestContext.Current.CancellationToken);

        Assert.Equal(listed, list.GetProperty("data").EnumerateArray().Select(model => model.GetProperty("id").GetString()).SingleOrDefault());
        Assert.Equal(status, one.StatusCode);
    }

    [Fact]
    public async Task Runs_HaveLimitsOfTheirOwn()
    {
        await using var server = new PebbleServer();
        server.Options.ApiKeys = [TenantKeys.Of("acme", "key-1")];
        server.Options.Tenants = [new TenantOptions("acme") { Runs = new RunLimits(Calls: 2, Tokens: null, Depth: 1, WallTime: null) }];
        await server.InitializeAsync();

        Assert.Equal((HttpStatusCode.OK, null), await AskAsync(server, "key-1", ("penstock-run", "a")));
        Assert.Equal((HttpStatusCode.TooManyRequests, "run_limit_reached"), await AskAsync(server, "key-1", ("baggage", "penstock.run=a,penstock.parent=one")));
        Assert.Equal((HttpStatusCode.OK, null), await AskAsync(server, "key-1", ("x-penstock-run", "a")));
        Assert.Equal((HttpStatusCode.TooManyRequests, "run_limit_reached"), await AskAsync(server, "key-1", ("penstock-run", "a")));
        Assert.Equal((HttpStatusCode.OK, null), await AskAsync(server, "key-1", ("penstock-run", "b")));
        Assert.Equal((HttpStatusCode.OK, null), await AskAsync(server, "key-1"));
    }

    private static async Task<(HttpStatusCode Status, string? Code)> AskAsync(PebbleServer server, string key, params (string, string)[] headers)
    {
        using var answer = await server.Client.SendAsync(TenantKeys.Chat(key, TenantKeys.Body(2), headers));
        var body = System.Text.Json.JsonElement.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return (answer.StatusCode, body.TryGetProperty("error", out var error) ? error.GetProperty("code").GetString() : null);
    }
}
