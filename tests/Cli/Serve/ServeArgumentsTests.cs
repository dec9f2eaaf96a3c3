using System.CommandLine;
using Penstock.Cli.Serve;
using Penstock.Gateway.Hosting;

namespace Penstock.Cli.Tests.Serve;

public sealed class ServeArgumentsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("penstock-serve-").FullName;

    /// <summary>Gateways that share a PostgreSQL must not each count for themselves because a script gives each a folder.</summary>
    [Theory]
    [InlineData("store: { postgres: { env: PENSTOCK_POSTGRES } }", true)]
    [InlineData("store: { sqlite: other.db }", false)]
    [InlineData("", false)]
    public void Read_WithAFolder_LeavesPostgresInPlace(string store, bool shared)
    {
        var file = Path.Combine(folder, "penstock.yaml");
        File.WriteAllText(file, store);
        var arguments = new ServeArguments();
        var command = new Command("serve");
        arguments.AddTo(command);
        var result = command.Parse(["--config", file, "--data", folder]);

        var options = arguments.Read(result);

        Assert.Equal(shared, options.Store.Postgres is not null);
        Assert.Equal(shared ? 1 : 0, arguments.Warnings(result, options).Count());
        if (!shared)
            Assert.Equal(StoreOptions.InFolder(folder), options.Store);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
