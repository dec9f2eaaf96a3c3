using System.Net;
using Penstock.Contracts.Errors;
using Penstock.Gateway.Configuration;
using Penstock.Gateway.Hosting;
using Penstock.Gateway.Tests.Fakes;
using Penstock.Providers.Credentials;

namespace Penstock.Gateway.Tests;

/// <summary>Who may administer.</summary>
public sealed class AdminAccessTests
{
    [Fact]
    public async Task Credential_IsNeededWhereThereIsOne_AndMayBeRotated()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "first\n", TestContext.Current.CancellationToken);
        try
        {
            await using var server = await TestServer.StartAsync(options => options.Admin = new("http://127.0.0.1:0", new(CredentialKind.File, file)));

            Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(server, null));
            Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(server, "wrong"));
            Assert.Equal(HttpStatusCode.OK, await AskAsync(server, "first"));
            await File.WriteAllTextAsync(file, "second", TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, await AskAsync(server, "second"));
            Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(server, "first"));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task WithoutCredential_AWebPageIsNotLetIn_AndClientsPathsAreNotThere()
    {
        await using var server = await TestServer.StartAsync(options => options.Admin = new("http://127.0.0.1:0", null));

        Assert.Equal(HttpStatusCode.OK, await AskAsync(server, null));
        Assert.Equal(HttpStatusCode.Forbidden, await AskAsync(server, null, "origin", "https://example.com"));
        Assert.Equal(HttpStatusCode.NotFound, await AskAsync(server, null, path: "/v1/models"));
        Assert.Equal(HttpStatusCode.NotFound, (await server.Client.GetAsync("/admin/v1/status", TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task Credential_ThatIsNotThere_StopsTheStart() =>
        await Assert.ThrowsAsync<PenstockException>(() => TestServer.StartAsync(options => options.Admin = new("http://127.0.0.1:0", new(CredentialKind.Environment, "PENSTOCK_TEST_NO_SUCH_KEY"))));

    [Theory]
    [InlineData("admin: { listen: 'http://0.0.0.0:8081' }", "admin.listen")]
    [InlineData("admin: { listen: nowhere }", "admin.listen")]
    [InlineData("admin: { credential: { env: A } }", "admin.listen")]
    [InlineData("admin: { listen: 'http://127.0.0.1:1', credential: { env: A, file: b } }", "admin.credential")]
    [InlineData("unpriced: sometimes", "unpriced")]
    [InlineData("prices: [{ model: m, input: 1, from: 2026-02-01, until: 2026-01-01 }]", "prices[0].until")]
    [InlineData("tenants: [{ name: a, keys: [{ id: k, sha256: DIGEST, former: { sha256: DIGEST } }] }]", "tenants[0].keys[0].former.until")]
    public void Settings_ThatCannotBe_AreAFaultWithTheirPlace(string yaml, string place)
    {
        var faults = new List<OptionFault>();
        var file = ConfigFile.Parse(yaml.Replace("DIGEST", new string('a', 64), StringComparison.Ordinal), faults);
        faults.AddRange(ServeOptionsValidator.Validate(new ServeOptions { Models = [new("m.gguf")], Admin = file.Admin }));

        Assert.Equal(place, Assert.Single(faults).Key);
    }

    private static async Task<HttpStatusCode> AskAsync(TestServer server, string? key, string? header = null, string? value = null, string path = "/admin/v1/status")
    {
        using var client = new HttpClient { BaseAddress = server.Admin.Address };
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (key is not null)
        {
            request.Headers.Authorization = new("Bearer", key);
        }

        if (header is not null)
        {
            request.Headers.Add(header, value);
        }

        using var response = await client.SendAsync(request);
        return response.StatusCode;
    }
}
