using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Penstock.Gateway.Tenancy;
using Penstock.Gateway.Tests.Fakes;

namespace Penstock.Gateway.Tests;

public sealed class TenancyTests
{
    private static readonly ApiKey Key = new("acme-1", "acme", SHA256.HashData(Encoding.UTF8.GetBytes("secret")));

    [Fact]
    public async Task Request_WithoutOrWithAWrongKey_Is401()
    {
        await using var server = await TestServer.StartAsync(options => options.ApiKeys = [Key]);

        using var without = await server.PostAsync("/v1/chat/completions", Bodies.Chat);
        server.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "wrong");
        using var wrong = await server.Client.GetAsync("/v1/models");

        await without.ErrorAsync(HttpStatusCode.Unauthorized, "invalid_api_key");
        await wrong.ErrorAsync(HttpStatusCode.Unauthorized, "invalid_api_key");
        Assert.Equal("Bearer", without.Headers.WwwAuthenticate.ToString());
    }

    [Fact]
    public async Task Request_WithAKey_RecordsTenantAndKeyId()
    {
        await using var server = await TestServer.StartAsync(options => options.ApiKeys = [Key], target => target.OnStart = generation => generation.End());
        server.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "secret");

        using var response = await server.PostAsync("/v1/chat/completions", Bodies.Chat);
        var record = await server.Ledger.NextFinishedAsync();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("acme", record.Tenant);
        Assert.Equal("acme-1", record.ApiKeyId);
    }

    [Fact]
    public async Task Health_NeedsNoKey()
    {
        await using var server = await TestServer.StartAsync(options => options.ApiKeys = [Key]);

        Assert.Equal("""{"status":"live"}""", await server.Client.GetStringAsync("/health/live"));
        Assert.Equal("""{"status":"ready"}""", await server.Client.GetStringAsync("/health/ready"));
    }
}
