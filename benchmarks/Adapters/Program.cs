// What adapters cost in a step: dotnet run -c Release --project benchmarks/Adapters -- model.gguf [adapters 8] [rank 16] [threads 0] [rounds 60]
// Rounds of all cases take turns, so that what else the machine does strikes them alike; ratios are medians of those of each round.
// Adapters are kept as their files have them (F16) and as Q8_0, in two runners of one model. Prints a table in Markdown.
using System.Globalization;
using Penstock.Benchmarks.Adapters;
using Penstock.Engine.Cpu.Running;
using Penstock.Engine.Running;
using Penstock.Models.Gguf;

const int PromptRounds = 4;
if (args is not [var path, ..])
{
    Console.Error.WriteLine("Usage: model.gguf [adapters 8] [rank 16] [threads 0] [rounds 60]");
    return 2;
}

int Argument(int index, int otherwise) => args.Length > index ? int.Parse(args[index], CultureInfo.InvariantCulture) : otherwise;
var (adapters, rank, threads, rounds) = (Argument(1, 8), Argument(2, 16), Argument(3, 0), Argument(4, 60));
using var file = GgufFile.Open(path);
using var runner = Load(AdapterType.File);
using var other = Load(AdapterType.Q8_0);
var numbers = RandomAdapters.Load(runner, file, adapters, rank);
var same = RandomAdapters.Load(other, file, adapters, rank);
Workload[] workloads =
[
    new(runner, $"{adapters} rows, no adapter", adapters, 1, []),
    new(runner, $"{adapters} rows, one adapter", adapters, 1, numbers[..1]),
    new(runner, $"{adapters} rows, {adapters} adapters", adapters, 1, numbers),
    new(other, $"{adapters} rows, one adapter, Q8_0", adapters, 1, same[..1]),
    new(other, $"{adapters} rows, {adapters} adapters, Q8_0", adapters, 1, same),
    new(runner, "1 row, no adapter", 1, 1, []),
    new(runner, "1 row, its adapter", 1, 1, numbers[..1]),
    new(other, "1 row, its adapter, Q8_0", 1, 1, same[..1]),
    new(runner, "prompt of 256, no adapter", 1, 256, []),
    new(runner, "prompt of 256, its adapter", 1, 256, numbers[..1]),
    new(other, "prompt of 256, its adapter, Q8_0", 1, 256, same[..1]),
];
for (var round = 0; round <= rounds; round++)
{
    foreach (var workload in workloads.Where(workload => !workload.IsPrompt || round % PromptRounds == 0))
        workload.Run(count: round > 0);
}

Console.WriteLine($"{Path.GetFileName(path)}, {runner.Capabilities.Name}, {runner.Threads} threads, {adapters} adapters of rank {rank}: {runner.Adapters.Bytes >> 20} MiB in F16, {other.Adapters.Bytes >> 20} in Q8_0; medians of {rounds} rounds");
Console.WriteLine();
Console.WriteLine("| step | wall ms | x none | processor ms | x none |");
Console.WriteLine("|---|---:|---:|---:|---:|");
var none = workloads[0];
foreach (var workload in workloads)
{
    none = workload.HasAdapters ? none : workload;
    var (wall, processor) = workload.Over(none);
    Console.WriteLine($"| {workload.Name} | {workload.Wall:F2} | {wall:F3} | {workload.Processor:F2} | {processor:F3} |");
}

return 0;

CpuModelRunner Load(AdapterType type) => CpuModelRunner.Load(file, new CpuRunnerOptions { Threads = threads, KvTokens = 16 * 1024, AdapterType = type });
