using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Penstock.ProcessOnce.Tests.Broker;

/// <summary>
/// A RabbitMQ of this test run's own: Debian's program, a temporary folder with its cookie, free ports, a port mapper of its own. A shell stands between: when this process dies,
/// however it does, the shell's input ends and it stops both.
/// </summary>
internal sealed class RabbitServer : IAsyncDisposable
{
    private const string Program = "/usr/lib/rabbitmq/bin/rabbitmq-server";

    private const string Watch = """
        exec 3<&0
        epmd -port "$ERL_EPMD_PORT" -address 127.0.0.1 </dev/null & mapper=$!
        "$0" </dev/null & server=$!
        read -r line <&3
        kill "$(cat "$RABBITMQ_PID_FILE")"
        wait $server
        kill $mapper
        """;

    private readonly string folder;
    private readonly Process process;

    private RabbitServer(string folder, Process process, Uri uri) => (this.folder, this.process, Uri) = (folder, process, uri);

    /// <summary>How to connect.</summary>
    public Uri Uri { get; }

    public static bool IsInstalled => File.Exists(Program);

    public static async Task<RabbitServer> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("penstock-rabbit-").FullName;
        var (port, distribution, mapper) = (FreePort(), FreePort(), FreePort());
        await File.WriteAllTextAsync(Path.Combine(folder, "plugins"), "[].");
        var start = new ProcessStartInfo("/bin/sh", ["-c", Watch, Program]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in new Dictionary<string, string>
        {
            ["HOME"] = folder,
            ["ERL_EPMD_PORT"] = $"{mapper}",
            ["RABBITMQ_NODENAME"] = $"penstock-{port}@localhost",
            ["RABBITMQ_NODE_IP_ADDRESS"] = "127.0.0.1",
            ["RABBITMQ_NODE_PORT"] = $"{port}",
            ["RABBITMQ_DIST_PORT"] = $"{distribution}",
            ["RABBITMQ_MNESIA_BASE"] = Path.Combine(folder, "mnesia"),
            ["RABBITMQ_LOG_BASE"] = Path.Combine(folder, "log"),
            ["RABBITMQ_LOGS"] = "-",
            ["RABBITMQ_CONFIG_FILE"] = Path.Combine(folder, "rabbitmq"),
            ["RABBITMQ_CONF_ENV_FILE"] = Path.Combine(folder, "none"),
            ["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(folder, "plugins"),
            ["RABBITMQ_PID_FILE"] = Path.Combine(folder, "pid"),
        })
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        var ready = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var log = new List<string>();
        process.ErrorDataReceived += (_, line) => log.Add(line.Data ?? "");
        process.OutputDataReceived += (_, line) =>
        {
            log.Add(line.Data ?? "");
            if (line.Data is null || line.Data.Contains("Server startup complete", StringComparison.Ordinal))
            {
                ready.TrySetResult(line.Data is not null);
            }
        };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return await ready.Task
            ? new RabbitServer(folder, process, new Uri($"amqp://guest:guest@127.0.0.1:{port}"))
            : throw new InvalidOperationException($"RabbitMQ did not start: {string.Join('\n', log.TakeLast(20))}");
    }

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
