using System.Text.Json;
using Penstock.Gateway.Administration;
using Penstock.Gateway.Tests.Fakes;

namespace Penstock.Gateway.Tests;

public sealed class OpenApiTests
{
    [Fact]
    public async Task Document_DescribesExactlyWhatIsAnswered()
    {
        await using var server = await TestServer.StartAsync();
        using var document = JsonDocument.Parse(await server.Client.GetByteArrayAsync("/openapi/v1.json"));

        var described = document.RootElement.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(operation => $"{operation.Name.ToUpperInvariant()} {path.Name}"));

        Assert.Equal(server.Routes.Where(route => !route.StartsWith("HEAD ", StringComparison.Ordinal)).Select(route => route.Replace("{*id}", "{id}", StringComparison.Ordinal)).Order(), described.Order());
    }

    [Fact]
    public async Task AdministrationsDocument_DescribesExactlyWhatIsAnswered()
    {
        await using var server = await TestServer.StartAsync(options => options.Admin = new AdminOptions("http://127.0.0.1:0", null));
        using var client = new HttpClient { BaseAddress = server.Admin.Address };
        using var document = JsonDocument.Parse(await client.GetByteArrayAsync("/admin/v1/openapi.json"));

        var described = document.RootElement.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(operation => $"{operation.Name.ToUpperInvariant()} {path.Name}")).ToList();

        Assert.Equal(TestServer.RoutesOf(server.Admin.Services!).Select(route => route.Replace("{*name}", "{name}", StringComparison.Ordinal)).Order(), described.Order());
        foreach (var operation in described.Select(operation => operation.Split(' ')))
        {
            // Every path answers: with JSON, and with nothing that was not foreseen.
            using var answer = await client.SendAsync(new HttpRequestMessage(new HttpMethod(operation[0]), operation[1].Replace("{name}", "nobody", StringComparison.Ordinal)));
            Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
            Assert.True((int)answer.StatusCode is 200 or 404 or 409 or 422 or 400, $"{operation[0]} {operation[1]}: {answer.StatusCode}");
            using var body = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync());
        }

        Assert.All(References(document.RootElement), reference => Find(document.RootElement, reference));
    }

    [Fact]
    public async Task Document_EveryReference_Exists()
    {
        await using var server = await TestServer.StartAsync();
        using var document = JsonDocument.Parse(await server.Client.GetByteArrayAsync("/openapi/v1.json"));

        Assert.All(References(document.RootElement), reference => Find(document.RootElement, reference));
    }

    private static void Find(JsonElement document, string reference)
    {
        var at = document;
        foreach (var step in reference.Split('/')[1..])
        {
            Assert.True(at.TryGetProperty(step, out at), reference);
        }
    }

    private static IEnumerable<string> References(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(property => property.Name == "$ref" ? [property.Value.GetString()!] : References(property.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(References),
        _ => [],
    };
}
