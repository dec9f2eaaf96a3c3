using Penstock.Contracts.Requests;
using Penstock.Gateway.Configuration;
using Penstock.Providers;

namespace Penstock.Gateway.Tests;

/// <summary>How a target says in which way its provider is spoken to.</summary>
public sealed class TargetConfigurationTests
{
    [Fact]
    public void Target_AsAzureWantsIt_IsRead()
    {
        var faults = new List<OptionFault>();

        var target = Assert.Single(ConfigFile.Parse(
            """
            targets:
              - { name: azure, kind: openai, base_url: "https://a.test/openai", models: [m], auth: api-key, query: ["api-version=2024-10-21", "a=b=c"], surfaces: [chat, responses], picture_tokens: 50000 }
            """,
            faults).Targets);

        Assert.Empty(faults);
        Assert.Equal((TargetAuth.ApiKey, 50_000), (target.Auth, target.PictureTokens));
        Assert.Equal([new("api-version", "2024-10-21"), new("a", "b=c")], target.Query);
        Assert.Equal((true, true, false, false), (target.Speaks(WireForm.ChatCompletions), target.Speaks(WireForm.Responses), target.Speaks(WireForm.Embeddings), target.Speaks(WireForm.Messages)));
    }

    [Fact]
    public void Target_WithFaults_NamesThemAll()
    {
        var faults = new List<OptionFault>();

        ConfigFile.Parse("""targets: [{ name: a, kind: openai, base_url: "https://a.test", models: [m], auth: basic, query: [version], surfaces: [messages], picture_tokens: 0 }]""", faults);

        Assert.Equal(["targets[0].auth", "targets[0].query", "targets[0].surfaces", "targets[0].picture_tokens"], faults.Select(fault => fault.Key));
    }
}
