using System.Net;
using Penstock.Gateway.Tenancy;
using Penstock.Ledger.Budgets;
using Penstock.Ledger.Prices;

namespace Penstock.Providers.Tests.Settings;

/// <summary>What is made, changed and removed through the administration's API is in force with the answer.</summary>
public sealed class AdministrationTests : IAsyncLifetime
{
    private ReloadingFront front = null!;

    public async ValueTask InitializeAsync()
    {
        front = await ReloadingFront.StartAsync("even");
        front.Settings.Say(front.Options("even"));
    }

    public ValueTask DisposeAsync() => front.DisposeAsync();

    [Fact]
    public async Task Key_FromItsMakingToItsEnd()
    {
        Assert.Equal(201, (await front.AdminAsync("PUT", "tenants/beta", """{"limits":[{"window":"month","tokens":1000000}]}""")).Status);
        var (status, made, tag) = await front.AdminAsync("PUT", "keys/beta-1", """{"tenant":"beta"}""");
        var first = made.GetProperty("key").GetString()!;
        Assert.Equal((201, HttpStatusCode.OK), (status, (await front.PostAsync(first)).StatusCode));

        // The same again changes nothing, and no answer has the key a second time.
        var again = await front.AdminAsync("PUT", "keys/beta-1", """{"tenant":"beta"}""");
        Assert.Equal((200, tag, false), (again.Status, again.Tag, again.Answer.TryGetProperty("key", out _)));
        Assert.DoesNotContain(first, (await front.AdminAsync("GET", "keys")).Answer.ToString());
        Assert.DoesNotContain("sha256", (await front.AdminAsync("GET", "keys/beta-1")).Answer.ToString());

        var second = (await front.AdminAsync("POST", "keys/beta-1/rotate", """{"overlap_s":3600}""")).Answer.GetProperty("key").GetString()!;
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), ((await front.PostAsync(first)).StatusCode, (await front.PostAsync(second)).StatusCode));
        var third = (await front.AdminAsync("POST", "keys/beta-1/rotate", """{"overlap_s":0}""")).Answer.GetProperty("key").GetString()!;
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), ((await front.PostAsync(second)).StatusCode, (await front.PostAsync(third)).StatusCode));

        Assert.Equal(200, (await front.AdminAsync("PUT", "keys/beta-1", """{"tenant":"beta","expires":"2020-01-01"}""")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await front.PostAsync(third)).StatusCode);
        Assert.Equal(200, (await front.AdminAsync("DELETE", "keys/beta-1")).Status);
        Assert.Equal(404, (await front.AdminAsync("DELETE", "keys/beta-1")).Status);
        var log = (await front.AdminAsync("GET", "changes")).Answer.GetProperty("data").EnumerateArray().Select(entry => $"{entry.GetProperty("who")}: {entry.GetProperty("what")}").ToList();
        Assert.Equal(["ada: key removed", "ada: key changed", "ada: key rotated", "ada: key rotated", "ada: key made", "ada: tenant made"], log);
    }

    [Fact]
    public async Task Change_OnWhatSomebodyElseHasChanged_IsRefused()
    {
        var (_, _, tag) = await front.AdminAsync("PUT", "tenants/beta", "{}");
        Assert.Equal(200, (await front.AdminAsync("PUT", "tenants/beta", """{"limits":[{"concurrency":3}]}""", tag)).Status);

        Assert.Equal(412, (await front.AdminAsync("PUT", "tenants/beta", """{"limits":[{"concurrency":9}]}""", tag)).Status);
        Assert.Equal(412, (await front.AdminAsync("DELETE", "tenants/beta", ifMatch: tag)).Status);
        Assert.Equal(412, (await front.AdminAsync("PUT", "tenants/gamma", "{}", "\"7\"")).Status);

        Assert.Equal(3, (await front.AdminAsync("GET", "tenants/beta")).Answer.GetProperty("definition").GetProperty("limits")[0].GetProperty("concurrency").GetInt32());
    }

    [Theory]
    [InlineData("PUT", "tenants/acme", "{}", 409, "declared in the file")]
    [InlineData("DELETE", "keys/even", null, 409, "declared in the file")]
    [InlineData("PUT", "tenants/beta", """{"parent":"nobody"}""", 422, "does not exist")]
    [InlineData("PUT", "tenants/beta", """{"limit":[]}""", 422, "limit: not known")]
    [InlineData("PUT", "tenants/beta", """{"name":"gamma"}""", 422, "the path names")]
    [InlineData("PUT", "tenants/beta", "[]", 400, "JSON object")]
    [InlineData("PUT", "keys/beta-1", """{"tenant":"nobody"}""", 400, "no tenant 'nobody'")]
    [InlineData("PUT", "keys/beta-1", "{}", 422, "tenant: missing")]
    [InlineData("PUT", "prices/p", """{"model":"m","input":0}""", 422, "input")]
    [InlineData("POST", "targets/nobody/drain", null, 404, "no target")]
    [InlineData("GET", "budgets/nobody", null, 404, "Nobody")]
    [InlineData("GET", "nowhere", null, 404, "openapi.json")]
    public async Task Request_ThatCannotBe_SaysWhyAndChangesNothing(string method, string path, string? body, int expected, string says)
    {
        var (status, answer, _) = await front.AdminAsync(method, path, body);

        Assert.Equal(expected, status);
        Assert.Contains(says, answer.GetProperty("error").GetProperty("message").GetString());
        Assert.Equal(0, (await front.AdminAsync("GET", "status")).Answer.GetProperty("revision").GetInt64());
    }

    [Fact]
    public async Task LastKey_IsNotRevoked_SinceWithoutKeysEverybodyIsLetIn()
    {
        await front.AdminAsync("PUT", "keys/acme-2", """{"tenant":"acme"}""");
        var without = front.Options("even");
        without.ApiKeys = [];
        front.Settings.Say(without);
        await front.AdminAsync("POST", "reload");

        Assert.Equal(409, (await front.AdminAsync("DELETE", "keys/acme-2")).Status);
    }

    [Fact]
    public async Task Unpriced_Refused_LetsInOnlyWhatHasAPriceWhereMoneyIsLimited()
    {
        var strict = front.Options("even");
        strict.Unpriced = UnpricedModels.Refuse;
        strict.Prices = new PriceBook([]);
        strict.Tenants = [strict.Tenants[0] with { Limits = [new(BudgetWindow.Month, BudgetUnit.Usd, 1_000_000_000_000)] }];
        front.Settings.Say(strict);
        await front.AdminAsync("POST", "reload");
        Assert.Equal(HttpStatusCode.Forbidden, (await front.PostAsync("even")).StatusCode);

        await front.AdminAsync("PUT", "prices/cheap", """{"model":"mock-*","request":0.001}""");
        Assert.Equal(HttpStatusCode.OK, (await front.PostAsync("even")).StatusCode);
    }

    [Fact]
    public async Task Tenant_ThatStillHasKeys_IsNotRemoved()
    {
        await front.AdminAsync("PUT", "tenants/beta", "{}");
        await front.AdminAsync("PUT", "keys/beta-1", """{"tenant":"beta"}""");

        var (status, answer, _) = await front.AdminAsync("DELETE", "tenants/beta");

        Assert.Equal(409, status);
        Assert.Contains("beta-1", answer.ToString());
    }

    [Fact]
    public async Task Target_Drained_TakesNoNewRequestsAndSaysItsHealth()
    {
        Assert.Equal(200, (await front.AdminAsync("POST", "targets/even/drain")).Status);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await front.PostAsync("even")).StatusCode);
        var target = (await front.AdminAsync("GET", "targets")).Answer.GetProperty("data")[0];
        Assert.Equal((true, "api", "closed"), (target.GetProperty("drained").GetBoolean(), target.GetProperty("drained_by").GetString(), target.GetProperty("health").GetProperty("breaker").GetString()));
        Assert.Equal(200, (await front.AdminAsync("POST", "targets/even/undrain")).Status);
        Assert.Equal(200, (await front.AdminAsync("POST", "targets/even/undrain")).Status);
        Assert.Equal(HttpStatusCode.OK, (await front.PostAsync("even")).StatusCode);
    }

    [Fact]
    public async Task Price_AndBudget_AreThoseOfTheNextRequest()
    {
        await front.AdminAsync("PUT", "prices/dear", """{"model":"mock-instant","request":7.5}""");
        await (await front.PostAsync("even")).Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        using var reader = front.Read();
        var record = reader.Tail(1).Single().Record;
        Assert.Equal(7.5m, record.CostUsd);
        var budget = (await front.AdminAsync("GET", "budgets/acme")).Answer;
        var limit = budget.GetProperty("limits")[0];
        Assert.Equal(("month", "tokens", 10_000_000L, 0L), (limit.GetProperty("window").GetString(), limit.GetProperty("unit").GetString(), limit.GetProperty("limit").GetInt64(), limit.GetProperty("reserved").GetInt64()));
        Assert.Equal(record.Tokens.Cached + record.Tokens.Prefilled + record.Tokens.Sampled, limit.GetProperty("used").GetInt64());
        Assert.Equal(0, budget.GetProperty("reservations").GetArrayLength());
    }

    [Fact]
    public async Task Reload_KeepsWhatWasMadeHere_AndSaysWhatIsWrong()
    {
        await front.AdminAsync("PUT", "tenants/beta", "{}");
        var key = (await front.AdminAsync("PUT", "keys/beta-1", """{"tenant":"beta"}""")).Answer.GetProperty("key").GetString()!;
        front.Settings.Say(front.Options("odd"));

        Assert.Equal(200, (await front.AdminAsync("POST", "reload")).Status);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized), ((await front.PostAsync(key)).StatusCode, (await front.PostAsync("even")).StatusCode));

        front.Settings.SayNonsense();
        var (status, answer, _) = await front.AdminAsync("POST", "reload");
        Assert.Equal((422, 2), (status, answer.GetProperty("error").GetProperty("faults").GetArrayLength()));
        Assert.Equal(2, (await front.AdminAsync("GET", "status")).Answer.GetProperty("refused").GetProperty("faults").GetArrayLength());
        Assert.Equal(HttpStatusCode.OK, (await front.PostAsync(key)).StatusCode);
    }
}
