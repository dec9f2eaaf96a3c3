using System.Net;
using System.Text.Json;
using Penstock.Functional.Tests.Hosting;

namespace Penstock.Functional.Tests;

/// <summary>A server of its own process, administered from the command line.</summary>
public sealed class AdministrationProcessTests
{
    private const string Config = """
        listen: http://127.0.0.1:0
        admin: { listen: "http://127.0.0.1:0" }
        targets: [{ name: nobody, kind: openai, base_url: "http://127.0.0.1:9/v1", models: ["*"] }]
        tenants: [{ name: acme, limits: [{ window: month, tokens: 1000 }] }]
        """;

    [Fact]
    public async Task CommandLine_OfARunningServer_ChangesItAndReloadsItsFile()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "penstock.yaml");
        await File.WriteAllTextAsync(file, Config, TestContext.Current.CancellationToken);
        await using var server = PenstockProcess.Start(folder.Path, "serve", "--config", file, "--data", Path.Combine(folder.Path, "data"));
        using var client = new HttpClient { BaseAddress = await server.AddressAsync() };
        var admin = await Eventually.NotNullAsync(() => server.Output.Split('\n').FirstOrDefault(line => line.StartsWith("  admin ", StringComparison.Ordinal) && line.Contains("http", StringComparison.Ordinal))?[8..].Trim());
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, null));

        var (exit, key, _) = await PenstockProcess.RunAsync(folder.Path, "keys", "create", "acme-1", "--tenant", "acme", "--admin", admin);
        Assert.Equal(0, exit);
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), (await StatusAsync(client, null), await StatusAsync(client, key.Trim())));
        var (_, budgets, _) = await PenstockProcess.RunAsync(folder.Path, "budgets", "list", "--json", "--admin", admin);
        Assert.Equal("acme", JsonElement.Parse(budgets).GetProperty("data")[0].GetProperty("node").GetString());
        Assert.Equal(1, (await PenstockProcess.RunAsync(folder.Path, "tenants", "set", "acme", "--limit", "concurrency=1", "--admin", admin)).ExitCode);

        await File.WriteAllTextAsync(file, Config.Replace("acme", "beta", StringComparison.Ordinal) + "\nprices: [{ model: m }]", TestContext.Current.CancellationToken);
        var (refused, _, why) = await PenstockProcess.RunAsync(folder.Path, "config", "reload", "--admin", admin);
        Assert.Equal(1, refused);
        Assert.Contains("prices[0].input", why);
        Assert.Equal(1, (await PenstockProcess.RunAsync(folder.Path, "config", "check", "--config", file)).ExitCode);

        await File.WriteAllTextAsync(file, Config.Replace("1000", "2000", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        server.HangUp();
        await Eventually.TrueAsync(() => PenstockProcess.RunAsync(folder.Path, "tenants", "list", "--json", "--admin", admin).GetAwaiter().GetResult().Output.Contains("2000", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, key.Trim()));

        server.Terminate();
        Assert.Equal(0, await server.ExitAsync());
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/models");
        if (key is not null)
        {
            request.Headers.Authorization = new("Bearer", key);
        }

        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }
}
