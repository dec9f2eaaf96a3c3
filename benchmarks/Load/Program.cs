using System.Runtime.InteropServices;
using Penstock.Benchmarks.Load.Front;
using Penstock.Benchmarks.Load.Relays;
using Penstock.Benchmarks.Load.Upstream;

// What Penstock costs in front of a provider, beside nginx and a bare relay. benchmarks/front.sh runs all of it.
switch (args)
{
    case ["upstream", var port]:
        await LeanUpstream.RunAsync(int.Parse(port));
        return 0;
    case ["relay", var port, var upstream]:
        await BareRelay.RunAsync(int.Parse(port), int.Parse(upstream));
        return 0;
    case ["front", var penstock, .. var parts]:
        await RunAsync(penstock, parts);
        return 0;
    default:
        Console.Error.WriteLine("front PENSTOCK.DLL [latency|throughput|streams|large]... [--quick] [--only NAME,NAME]");
        return 2;
}

static async Task RunAsync(string penstock, string[] arguments)
{
    var quick = arguments.Contains("--quick");
    var only = arguments.SkipWhile(argument => argument != "--only").Skip(1).FirstOrDefault();
    var names = only?.Split(',') ?? ["direct", "nginx", "relay", "penstock"];
    var parts = arguments.TakeWhile(argument => !argument.StartsWith("--", StringComparison.Ordinal)).ToArray();
    var rounds = quick ? 1 : 5;
    var duration = TimeSpan.FromSeconds(quick ? 3 : 5);
    Console.WriteLine($"{Environment.ProcessorCount} processors, {RuntimeInformation.OSDescription}, .NET {Environment.Version}, {DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC");
    await using var field = await Field.StartAsync(penstock, names);
    await WarmUp.RunAsync(field, TimeSpan.FromSeconds(quick ? 5 : 10));
    if (Wants("latency"))
        await Latency.RunAsync(field, rounds, duration);
    if (Wants("throughput"))
    {
        await Throughput.RunAsync(field, 32, 150, stream: false, rounds, duration);
        await Throughput.RunAsync(field, 32, 150, stream: true, rounds, duration);
    }

    if (Wants("streams"))
    {
        await PacedStreams.RunAsync(field, 100, 250, Math.Min(rounds, 3));
        await PacedStreams.RunAsync(field, 400, 250, Math.Min(rounds, 3));
    }

    if (Wants("large"))
        await Throughput.RunAsync(field, 16, 220_000, stream: false, rounds, duration);

    bool Wants(string part) => parts.Length == 0 || parts.Contains(part);
}
