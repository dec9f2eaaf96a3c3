using System.Runtime.InteropServices;

namespace Penstock.Benchmarks.Load.Front;

/// <summary>Measures Penstock in front of a provider, in the parts that are asked for.</summary>
internal static class FrontCommand
{
    private static readonly string[] Everybody = ["direct", "nginx", "relay", "penstock"];

    public static async Task RunAsync(string penstock, string[] arguments)
    {
        var parts = arguments.TakeWhile(argument => !argument.StartsWith("--", StringComparison.Ordinal)).ToArray();
        var quick = arguments.Contains("--quick");
        var names = Option("--only")?.Split(',') ?? Everybody;
        Console.WriteLine($"{Environment.ProcessorCount} processors, {RuntimeInformation.OSDescription}, .NET {Environment.Version}, {DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC");
        if (Wants("cancel"))
        {
            var standIn = Option("--stand-in") ?? throw new ArgumentException("cancel needs --stand-in, the path of Penstock.Tools.StandIn.dll.", nameof(arguments));
            await using var field = await Field.StartAsync(penstock, names, standIn);
            await Cancellation.RunAsync(field, quick ? 3 : 10);
        }

        if (parts is not ["cancel"])
        {
            await using var field = await Field.StartAsync(penstock, names);
            await WarmUp.RunAsync(field, TimeSpan.FromSeconds(quick ? 4 : 8));
            await RunAsync(field, quick);
            if (Wants("caps"))
                await Caps.RunAsync(field, penstock);
        }

        async Task RunAsync(Field field, bool quick)
        {
            var rounds = quick ? 1 : 5;
            var duration = TimeSpan.FromSeconds(quick ? 2 : 4);
            if (Wants("latency"))
                await Latency.RunAsync(field, rounds, duration);
            if (Wants("throughput"))
            {
                await Throughput.RunAsync(field, 32, 150, stream: false, rounds, duration);
                await Throughput.RunAsync(field, 32, 150, stream: true, rounds, duration);
            }

            if (Wants("streams"))
            {
                await PacedStreams.RunAsync(field, 100, 250, quick ? 1 : 3);
                await PacedStreams.RunAsync(field, 400, 250, quick ? 1 : 3);
            }

            if (Wants("large"))
                await Throughput.RunAsync(field, 16, 220_000, stream: false, rounds, duration);
            if (parts.Contains("soak"))
                await Soak.RunAsync(field, int.Parse(Option("--requests") ?? "1000000"));
        }

        // Everything but the soak, when nothing is named.
        bool Wants(string part) => parts.Length == 0 || parts.Contains(part);

        string? Option(string name) => arguments.SkipWhile(argument => argument != name).Skip(1).FirstOrDefault();
    }
}
