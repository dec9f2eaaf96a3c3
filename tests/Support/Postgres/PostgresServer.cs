using System.Diagnostics;
using Npgsql;

namespace Penstock.Tests.Support.Postgres;

/// <summary>
/// A PostgreSQL of this test run's own: Debian's binaries, a temporary folder, a Unix socket and no port. It forgets nothing while it runs, but a power cut would hurt it
/// (fsync is off). A shell stands between: when this process dies, however it does, the shell's input ends and it stops the server.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string Binaries = "/usr/lib/postgresql";
    private const string User = "penstock";
    private const string Watch = """exec 3<&0; "$@" </dev/null & server=$!; read -r line <&3; kill -QUIT $server; wait $server""";
    private static readonly string[] Settings = ["listen_addresses=", "fsync=off", "full_page_writes=off", "max_connections=200", "shared_buffers=32MB", "max_wal_size=256MB"];

    private readonly string folder;
    private readonly string binaries;
    private Process? process;
    private int databases;

    private PostgresServer(string folder, string binaries) => (this.folder, this.binaries) = (folder, binaries);

    /// <summary>The folder of PostgreSQL's binaries; null where it is not installed.</summary>
    public static string? FindBinaries() => !Directory.Exists(Binaries) ? null
        : Directory.GetDirectories(Binaries).Select(version => Path.Combine(version, "bin")).Where(bin => File.Exists(Path.Combine(bin, "initdb"))).Order(StringComparer.Ordinal).LastOrDefault();

    /// <summary>Makes a new server and starts it.</summary>
    public static async Task<PostgresServer> StartAsync()
    {
        var server = new PostgresServer(
            Directory.CreateTempSubdirectory("penstock-pg-").FullName,
            FindBinaries() ?? throw new InvalidOperationException("PostgreSQL is not installed."));
        await server.InitializeAsync();
        await server.UpAsync();
        return server;
    }

    /// <summary>A new, empty database; how to connect to it.</summary>
    public async Task<string> NewDatabaseAsync()
    {
        var name = $"test_{Interlocked.Increment(ref databases)}";
        await using var source = NpgsqlDataSource.Create(ConnectionString("postgres"));
        await using var create = source.CreateCommand($"CREATE DATABASE {name}");
        await create.ExecuteNonQueryAsync();
        return ConnectionString(name);
    }

    /// <summary>Stops it as an operator in a hurry does: connections break, what was committed stays.</summary>
    public async Task DownAsync()
    {
        if (process is null)
        {
            return;
        }

        process.StandardInput.Close();
        await process.WaitForExitAsync();
        process.Dispose();
        process = null;
    }

    /// <summary>Starts it again.</summary>
    public async Task UpAsync()
    {
        process = Start("/bin/sh", ["-c", Watch, "sh", .. Unprivileged, Path.Combine(binaries, "postgres"), "-D", Data, "-k", folder, .. Settings.SelectMany(setting => (string[])["-c", setting])]);
        var ready = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var log = new List<string>();
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, line) =>
        {
            log.Add(line.Data ?? "");
            if (line.Data is null || line.Data.Contains("ready to accept connections", StringComparison.Ordinal))
            {
                ready.TrySetResult(line.Data is not null);
            }
        };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        if (!await ready.Task)
        {
            throw new InvalidOperationException($"PostgreSQL did not start: {string.Join(Environment.NewLine, log)}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await DownAsync();
        NpgsqlConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    private string Data => Path.Combine(folder, "data");

    // PostgreSQL refuses to run as root.
    private static string[] Unprivileged => Environment.IsPrivilegedProcess ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] : [];

    private string ConnectionString(string database) => $"Host={folder};Username={User};Database={database}";

    private async Task InitializeAsync()
    {
        if (Environment.IsPrivilegedProcess)
        {
            await RunAsync("chown", ["postgres:postgres", folder]);
        }

        await RunAsync("/usr/bin/env", [.. Unprivileged, Path.Combine(binaries, "initdb"), "-D", Data, "-U", User, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]);
    }

    private static async Task RunAsync(string program, string[] arguments)
    {
        using var run = Start(program, arguments);
        run.StandardInput.Close();
        var output = run.StandardOutput.ReadToEndAsync();
        var errors = await run.StandardError.ReadToEndAsync();
        await run.WaitForExitAsync();
        if (run.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} failed: {errors}{await output}");
        }
    }

    private static Process Start(string program, string[] arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" })!;
}
