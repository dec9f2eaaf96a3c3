using Penstock.Cli.Serve;
using Penstock.Gateway.Configuration;
using Penstock.Gateway.Hosting;

namespace Penstock.Cli.Tests.Serve;

/// <summary>The values of <c>--adapter</c>.</summary>
public class AdapterArgumentsTests
{
    private static readonly ModelOptions Chat = new("chat.gguf", "chat");
    private static readonly ModelOptions Other = new("other.gguf", "other") { Adapters = [new("old", "old.gguf", 0.5f)] };

    [Fact]
    public void Apply_OneModel_TakesNamesWithAndWithoutIt()
    {
        var faults = new List<OptionFault>();
        var model = Assert.Single(AdapterArguments.Apply([Chat], ["formal=a.gguf", "chat:json=b=c.gguf"], faults));

        Assert.Empty(faults);
        Assert.Equal([new AdapterOptions("formal", "a.gguf"), new AdapterOptions("json", "b=c.gguf")], model.Adapters);
    }

    [Fact]
    public void Apply_SeveralModels_AddsToTheOneThatIsNamed()
    {
        var faults = new List<OptionFault>();
        var models = AdapterArguments.Apply([Chat, Other], ["other:new=a.gguf"], faults);

        Assert.Empty(faults);
        Assert.Empty(models[0].Adapters);
        Assert.Equal(["old", "new"], models[1].Adapters.Select(adapter => adapter.Name));
    }

    [Theory]
    [InlineData("a.gguf")]
    [InlineData("=a.gguf")]
    [InlineData("formal=")]
    [InlineData("formal=a.gguf")]
    [InlineData("nobody:formal=a.gguf")]
    public void Apply_WhatIsNoAdapterOfOneModel_IsAFaultWithItsRemedy(string given)
    {
        var faults = new List<OptionFault>();
        Assert.Equal([Chat, Other], AdapterArguments.Apply([Chat, Other], [given], faults));

        var fault = Assert.Single(faults);
        Assert.Equal(("--adapter", given), (fault.Key, fault.Given));
        Assert.NotEmpty(fault.Remedy);
    }
}
