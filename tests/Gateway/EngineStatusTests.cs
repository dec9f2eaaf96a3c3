using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Penstock.Gateway.Tenancy;
using Penstock.Gateway.Tests.Fakes;

namespace Penstock.Gateway.Tests;

/// <summary>Who may see what concerns all tenants.</summary>
public sealed class EngineStatusTests
{
    [Fact]
    public async Task Status_WithoutKeys_IsShownToThisMachine()
    {
        await using var server = await TestServer.StartAsync();

        using var response = await server.Client.GetAsync("/engine/status");
        var engines = (await response.JsonAsync()).GetProperty("engines");

        Assert.Equal("scripted", engines[0].GetProperty("model").GetString());
    }

    [Theory]
    [InlineData("guest", HttpStatusCode.Unauthorized)]
    [InlineData("chief", HttpStatusCode.OK)]
    public async Task Status_WithKeys_TakesAnOperators(string key, HttpStatusCode expected)
    {
        await using var server = await TestServer.StartAsync(options => options.ApiKeys = [Key("guest", false), Key("chief", true)]);
        server.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);

        using var response = await server.Client.GetAsync("/engine/status");

        Assert.Equal(expected, response.StatusCode);
    }

    private static ApiKey Key(string name, bool isOperator) => new(name, "acme", SHA256.HashData(Encoding.UTF8.GetBytes(name)), isOperator);
}
