using System.Net;
using Penstock.Gateway.Tests.Fakes;

namespace Penstock.Gateway.Tests.Messages;

/// <summary>The list of models as each family's clients read it.</summary>
public sealed class ModelsTests
{
    [Fact]
    public async Task List_ForAnthropicsClients_IsOnePageInTheirForm()
    {
        await using var server = await TestServer.StartAsync();
        using var plain = await server.Client.GetAsync("/v1/models?limit=1000", TestContext.Current.CancellationToken);
        server.Client.DefaultRequestHeaders.Add("anthropic-version", "2023-06-01");

        using var list = await server.Client.GetAsync("/v1/models?limit=1000", TestContext.Current.CancellationToken);
        using var one = await server.Client.GetAsync("/v1/models/scripted", TestContext.Current.CancellationToken);

        Assert.Equal("list", (await plain.JsonAsync()).GetProperty("object").GetString());
        var page = await list.JsonAsync();
        Assert.Equal((false, "scripted", "scripted"), (page.GetProperty("has_more").GetBoolean(), page.GetProperty("first_id").GetString(), page.GetProperty("last_id").GetString()));
        var model = page.GetProperty("data")[0];
        Assert.Equal(("model", "scripted", "scripted"), (model.GetProperty("type").GetString(), model.GetProperty("id").GetString(), model.GetProperty("display_name").GetString()));
        Assert.True(model.GetProperty("created_at").TryGetDateTimeOffset(out _));
        Assert.Equal(model.GetRawText(), (await one.JsonAsync()).GetRawText());
    }

    [Fact]
    public async Task Get_AnUnknownModel_IsAnErrorInTheClientsForm()
    {
        await using var server = await TestServer.StartAsync();
        server.Client.DefaultRequestHeaders.Add("anthropic-version", "2023-06-01");

        using var response = await server.Client.GetAsync("/v1/models/claude", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("not_found_error", (await response.JsonAsync()).GetProperty("error").GetProperty("type").GetString());
    }
}
