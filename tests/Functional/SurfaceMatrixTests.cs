using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Penstock.Contracts.Requests;
using Penstock.Functional.Tests.Hosting;
using Penstock.Gateway.Hosting;
using Penstock.Providers;
using Penstock.Tests.Support;

namespace Penstock.Functional.Tests;

/// <summary>
/// Every surface with its official client for JavaScript, unmodified, against every kind of target; behind each target is pebble. The matrix of <c>docs/surfaces.md</c> is this test's.
/// </summary>
public sealed class SurfaceMatrixTests(PebbleServer behind) : IClassFixture<PebbleServer>, IAsyncLifetime
{
    private static readonly string Clients = TestData.InRepository("tests", "Functional", "clients");

    private readonly TemporaryFolder data = new();
    private WebApplication front = null!;

    public async ValueTask InitializeAsync()
    {
        var plain = new TargetOptions { Name = "openai", Kind = TargetKind.OpenAi, BaseUrl = new Uri(behind.Address, "v1"), Models = ["a"] };
        var options = new ServeOptions
        {
            Urls = ["http://127.0.0.1:0"],
            Store = StoreOptions.InFolder(data.Path),
            Targets =
            [
                plain,
                plain with { Name = "responses", Models = ["b"], Surfaces = [WireForm.ChatCompletions, WireForm.Responses] },
                plain with { Name = "anthropic", Kind = TargetKind.Anthropic, Models = ["c"] },
            ],
            Routes = [new("as-openai", ["openai/pebble"]), new("with-responses", ["responses/pebble"]), new("as-anthropic", ["anthropic/pebble"])],
        };
        front = PenstockServer.Build(options, await ServerParts.OpenAsync(options, TimeProvider.System), TimeProvider.System);
        await front.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await front.StopAsync();
        await front.DisposeAsync();
        data.Dispose();
    }

    [Theory]
    [InlineData("pebble")]
    [InlineData("as-openai")]
    [InlineData("with-responses")]
    [InlineData("as-anthropic")]
    public async Task OfficialClients_AgainstEachTarget_FindThatAllWorks(string model)
    {
        Assert.SkipUnless(
            Directory.Exists(Path.Combine(Clients, "node_modules", "openai")) && Directory.Exists(Path.Combine(Clients, "node_modules", "@anthropic-ai")),
            "Needs Node.js 20 or newer and the official clients: cd tests/Functional/clients && npm ci");
        using var node = Start(model == "pebble" ? behind.Address.ToString() : front.Urls.First() + "/", model);
        Assert.SkipUnless(node is not null, "Needs Node.js 20 or newer: install it so that 'node' can be run.");
        var output = await node.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = await node.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await node.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(node.ExitCode == 0, errors);

        var results = JsonDocument.Parse(output).RootElement.EnumerateObject()
            .SelectMany(surface => surface.Value.EnumerateObject().Select(feature => (Name: $"{surface.Name} {feature.Name}", Result: feature.Value.GetString()))).ToArray();

        Assert.Equal(21, results.Length);
        Assert.DoesNotContain(results, entry => entry.Result != "ok");
    }

    private static Process? Start(string address, string model)
    {
        try
        {
            return Process.Start(new ProcessStartInfo("node", ["matrix.mjs", address, model]) { WorkingDirectory = Clients, RedirectStandardOutput = true, RedirectStandardError = true });
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
