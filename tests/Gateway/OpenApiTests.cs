using System.Text.Json;
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
    public async Task Document_EveryReference_Exists()
    {
        await using var server = await TestServer.StartAsync();
        using var document = JsonDocument.Parse(await server.Client.GetByteArrayAsync("/openapi/v1.json"));

        foreach (var reference in References(document.RootElement))
        {
            var at = document.RootElement;
            foreach (var step in reference.Split('/')[1..])
            {
                Assert.True(at.TryGetProperty(step, out at), reference);
            }
        }
    }

    private static IEnumerable<string> References(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(property => property.Name == "$ref" ? [property.Value.GetString()!] : References(property.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(References),
        _ => [],
    };
}
