using Penstock.Gateway.Endpoints.Adapters;
using Penstock.Gateway.Hosting;
using Penstock.Gateway.Tenancy;

namespace Penstock.Gateway.Tests;

/// <summary>Which files <c>POST /engine/adapters</c> may open.</summary>
public sealed class AdapterFoldersTests
{
    private static readonly ModelOptions Model = new("models/base.gguf") { Adapters = [new("formal", "loras/formal.gguf")] };

    [Theory]
    [InlineData("models/other.gguf", true)]
    [InlineData("models/below/other.gguf", true)]
    [InlineData("loras/other.gguf", true)]
    [InlineData("models/../loras/other.gguf", true)]
    [InlineData("models/../secret.gguf", false)]
    [InlineData("models-of-others/a.gguf", false)]
    [InlineData("models", false)]
    [InlineData("a.gguf", false)]
    [InlineData("/dev/zero", false)]
    public void Refuse_WithoutKeys_LetsInWhatLiesBesideModelsAndAdapters(string path, bool allowed) =>
        Assert.Equal(allowed, AdapterFolders.Refuse(new ServeOptions { Models = [Model] }, path) is null);

    [Theory]
    [InlineData("chosen/a.gguf", true)]
    [InlineData("models/a.gguf", false)]
    public void Refuse_WithFolders_LetsInWhatLiesBelowThem(string path, bool allowed)
    {
        var keys = new ApiKey("a", "t", new byte[32]);
        Assert.Equal(allowed, AdapterFolders.Refuse(new ServeOptions { Models = [Model], AdapterFolders = ["chosen/"] }, path) is null);
        Assert.Equal(allowed, AdapterFolders.Refuse(new ServeOptions { Models = [Model], AdapterFolders = ["chosen"], ApiKeys = [keys] }, path) is null);
        Assert.Null(AdapterFolders.Refuse(new ServeOptions { Models = [Model], ApiKeys = [keys] }, path));
    }
}
