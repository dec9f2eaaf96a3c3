using System.Text.Json;
using Penstock.Benchmarks.Sse;
using Penstock.Gateway.Hosting;

// What it costs the gateway to deliver a token: the server's processor time alone, the client being a process of its own.
if (args is ["client", var url, var count])
{
    return await LoopbackClient.RunAsync(new Uri(url), int.Parse(count));
}

const int Rounds = 5;
var source = new StepSource();
await using var app = PenstockServer.Build(
    new ServeOptions { Urls = ["http://127.0.0.1:0"] }, [new ServedModel(source, null)], new NoLedger(), TimeProvider.System);
await app.StartAsync();
await source.WarmedUp;
var address = app.Urls.First();

Console.WriteLine($"Delivering a token: {Environment.ProcessorCount} processors, .NET {Environment.Version}, a step each {StepSource.Pause.TotalMilliseconds} ms");
Console.WriteLine($"CPU µs a token of the server's process: the median of {Rounds} rounds, and the least and the most");
Console.WriteLine("| tokens a step and stream | streams | through the gateway | the same source read in process | the gateway's share |");
Console.WriteLine("|---:|---:|---:|---:|---:|");
// Until the compiler is done with the path: its work would count too.
foreach (var burst in new[] { 8, 1 })
    await LoopbackClient.ServeAsync(source, new StepLoad(Streams: 8, burst, Steps: 4000), address);

var results = new List<object>();
foreach (var burst in new[] { 1, 8 })
{
    foreach (var streams in new[] { 1, 8 })
    {
        var load = new StepLoad(streams, burst, Steps: 1000);
        var served = await RoundsAsync(() => LoopbackClient.ServeAsync(source, load, address));
        var bare = await RoundsAsync(() => InProcessReaders.ReadAsync(source, load));
        var share = served[Rounds / 2] - bare[Rounds / 2];
        Console.WriteLine($"| {burst} | {streams} | {Text(served)} | {Text(bare)} | {share:0.0} |");
        results.Add(new { tokens_per_step = burst, streams, served_us = served, source_us = bare, gateway_us = share });
    }
}

foreach (var format in new[] { "chat", "completion" })
{
    var encode = await RoundsAsync(() => Task.FromResult(EncodeOnly.Run(format == "chat")));
    Console.WriteLine($"| encode only, {format} | | {Text(encode)} | | |");
    results.Add(new { encode_only = format, us = encode });
}

Console.Error.WriteLine(JsonSerializer.Serialize(results));
return 0;

static async Task<double[]> RoundsAsync(Func<Task<double>> measure)
{
    await measure();
    var rounds = new double[Rounds];
    for (var i = 0; i < rounds.Length; i++)
        rounds[i] = await measure();
    Array.Sort(rounds);
    return rounds;
}

static string Text(double[] rounds) => $"{rounds[Rounds / 2]:0.00} ({rounds[0]:0.00} to {rounds[^1]:0.00})";
