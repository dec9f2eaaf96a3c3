using Penstock.Benchmarks.Scheduler;
using Penstock.Engine.Scheduling;

const int Running = 64;
const int Waiting = 10_000;
const int Tenants = 100;
const int Steps = 20_000;

Console.WriteLine($"Plan and Apply of one step: {Running} running, {Waiting} waiting of {Tenants} tenants in three classes; {Environment.ProcessorCount} processors, .NET {Environment.Version}");
Console.WriteLine($"| policy | median µs | p99 µs | mean µs | bytes a step: Plan | Apply | groups a step |");
Console.WriteLine("|---|---|---|---|---|---|---|");
foreach (var (policy, shared) in new[] { (SchedulingPolicy.Fair, false), (SchedulingPolicy.FirstComeFirstServed, false), (SchedulingPolicy.Fair, true), (SchedulingPolicy.FirstComeFirstServed, true) })
{
    var scenario = new Scenario(policy, Running, Waiting, Tenants, shared);
    scenario.WarmUp(Steps / 2);
    var (times, planBytes, applyBytes, groups) = (new double[Steps], 0L, 0L, 0L);
    for (var i = 0; i < Steps; i++)
    {
        var step = scenario.Step();
        (times[i], planBytes, applyBytes, groups) = (step.Microseconds, planBytes + step.PlanBytes, applyBytes + step.ApplyBytes, groups + step.Groups);
    }

    Array.Sort(times);
    Console.WriteLine($"| {policy}{(shared ? ", prefix cache, ten prefixes a tenant" : "")} | {times[Steps / 2]:0.0} | {times[Steps * 99 / 100]:0.0} | {times.Average():0.0} | {(double)planBytes / Steps:0.0} | {(double)applyBytes / Steps:0.0} | {(double)groups / Steps:0.0} |");
}
