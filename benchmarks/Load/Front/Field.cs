using System.Security.Cryptography;
using System.Text;
using Penstock.Benchmarks.Load.Clients;
using Penstock.Benchmarks.Load.Machine;

namespace Penstock.Benchmarks.Load.Front;

/// <summary>All that are compared, each a process of its own before the same upstream, on the loopback.</summary>
internal sealed class Field : IAsyncDisposable
{
    private readonly List<ChildProcess> processes = [];
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("penstock-front-");

    private Field(ChildProcess upstream)
    {
        Upstream = upstream;
        processes.Add(upstream);
    }

    /// <summary>The provider.</summary>
    public ChildProcess Upstream { get; }

    /// <summary>The provider itself, then what is in front of it.</summary>
    public List<Contender> Contenders { get; } = [];

    /// <summary>Starts an upstream and everybody who is named.</summary>
    /// <param name="penstock">The command, as the path of its <c>penstock.dll</c>.</param>
    /// <param name="names">Of direct, nginx, relay, penstock; another build of Penstock as <c>name=penstock.dll</c>.</param>
    /// <param name="standIn">The path of the stand-in's program, to be the upstream instead of the lean one; null = the lean one.</param>
    public static async Task<Field> StartAsync(string penstock, IReadOnlyList<string> names, string? standIn = null)
    {
        var port = ChildProcess.FreePort();
        var field = new Field(standIn is null
            ? await ChildProcess.StartAsync(port, Environment.ProcessPath!, "upstream", $"{port}")
            : await ChildProcess.StartAsync(port, "dotnet", standIn, $"http://127.0.0.1:{port}", "1000"));
        try
        {
            foreach (var name in names)
            {
                var server = name switch
                {
                    "nginx" => await field.StartNginxAsync(port),
                    "relay" => await StartRelayAsync(port),
                    "penstock" => await field.StartPenstockAsync(penstock, port),
                    _ when name.Contains('=', StringComparison.Ordinal) => await field.StartPenstockAsync(name[(name.IndexOf('=', StringComparison.Ordinal) + 1)..], port),
                    _ => null,
                };
                field.Contenders.Add(new(name.Split('=')[0], server?.Port ?? port, server));
                if (server is not null)
                    field.processes.Add(server);
            }

            return field;
        }
        catch
        {
            await field.DisposeAsync();
            throw;
        }
    }

    /// <summary>Measures one of them: what takes part is it, the upstream and this process.</summary>
    public CpuMeter Measure(Contender contender) => new(contender.Server?.Process, [Upstream.Process]);

    /// <summary>Starts a Penstock with keys, limits, prices and a ledger on disk.</summary>
    /// <param name="penstock">The path of <c>penstock.dll</c>.</param>
    /// <param name="upstream">The port of its only target.</param>
    /// <param name="limits">Of the only tenant, as YAML.</param>
    /// <param name="store">Where it keeps its books, as YAML; null = a SQLite file of its own.</param>
    public async Task<ChildProcess> StartPenstockAsync(
        string penstock, int upstream, string limits = "[{ window: 1m, tokens: 900000000000, requests: 900000000 }, { window: month, usd: 9000000 }, { concurrency: 100000 }]", string? store = null)
    {
        var port = ChildProcess.FreePort();
        var data = folder.CreateSubdirectory($"penstock-{port}").FullName;
        var config = Path.Combine(data, "penstock.yaml");
        await File.WriteAllTextAsync(config, $$"""
            listen: http://127.0.0.1:{{port}}
            {{(store is null ? "" : $"store: {store}")}}
            targets:
              - { name: upstream, kind: openai, base_url: "http://127.0.0.1:{{upstream}}/v1", models: ["mock-*"] }
            tenants:
              - name: load
                keys: [{ id: load-1, sha256: "{{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Requests.Key)))}}" }]
                limits: {{limits}}
            prices:
              - { model: "mock-*", input: 0.15, cached: 0.075, output: 0.60 }
            """);
        // --data would win over the configured store.
        return await ChildProcess.StartAsync(port, "dotnet", [penstock, "serve", "--config", config, .. store is null ? ["--data", data] : (string[])[]]);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in processes)
            await process.DisposeAsync();
        folder.Delete(recursive: true);
    }

    private static async Task<ChildProcess> StartRelayAsync(int upstream)
    {
        var port = ChildProcess.FreePort();
        return await ChildProcess.StartAsync(port, Environment.ProcessPath!, "relay", $"{port}", $"{upstream}");
    }

    private async Task<ChildProcess> StartNginxAsync(int upstream)
    {
        var port = ChildProcess.FreePort();
        var home = folder.CreateSubdirectory("nginx").FullName;
        var config = Path.Combine(home, "nginx.conf");
        // As one tunes it for streams: nothing is buffered, connections to the upstream are kept.
        await File.WriteAllTextAsync(config, $$"""
            daemon off;
            worker_processes {{Environment.ProcessorCount}};
            pid {{home}}/nginx.pid;
            error_log {{home}}/error.log;
            events { worker_connections 4096; }
            http {
              access_log off;
              client_body_temp_path {{home}}/body;
              proxy_temp_path {{home}}/proxy;
              fastcgi_temp_path {{home}}/fastcgi;
              uwsgi_temp_path {{home}}/uwsgi;
              scgi_temp_path {{home}}/scgi;
              client_body_buffer_size 512k;
              client_max_body_size 16m;
              keepalive_requests 100000000;
              upstream provider { server 127.0.0.1:{{upstream}}; keepalive 512; keepalive_requests 100000000; }
              server {
                listen 127.0.0.1:{{port}} backlog=4096;
                location / {
                  proxy_pass http://provider;
                  proxy_http_version 1.1;
                  proxy_set_header Connection "";
                  proxy_buffering off;
                  proxy_read_timeout 300s;
                }
              }
            }
            """);
        return await ChildProcess.StartAsync(port, "nginx", "-c", config, "-e", Path.Combine(home, "error.log"));
    }
}
