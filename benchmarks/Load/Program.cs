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
    case ["front", var penstock, .. var rest]:
        await FrontCommand.RunAsync(penstock, rest);
        return 0;
    default:
        Console.Error.WriteLine("front PENSTOCK.DLL [latency|throughput|streams|large|cancel|caps|soak]... [--quick] [--only NAME,NAME=OTHER.DLL] [--stand-in STAND-IN.DLL] [--requests N]");
        return 2;
}
