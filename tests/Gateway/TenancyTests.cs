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

    [Theory]
    [InlineData("Host", "rebound.example:8080")]
    [InlineData("Origin", "https://page.example")]
    [InlineData("Origin", "null")]
    public async Task Request_OfAWebPageWithoutKeys_Is403(string header, string value)
    {
        await using var server = await TestServer.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/models");
        request.Headers.Add(header, value);

        using var response = await server.Client.SendAsync(request);

        await response.ErrorAsync(HttpStatusCode.Forbidden, "foreign_caller");
    }

    [Theory]
    [InlineData("Host", "localhost:8080")]
    [InlineData("Host", "[::1]:8080")]
    [InlineData("Origin", "http://localhost:3000")]
    public async Task Request_OfThisMachineWithoutKeys_IsServed(string header, string value)
    {
        await using var server = await TestServer.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/models");
        request.Headers.Add(header, value);

        using var response = await server.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }
}
