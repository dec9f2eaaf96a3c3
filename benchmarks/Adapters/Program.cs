// What adapters cost in a step: dotnet run -c Release --project benchmarks/Adapters -- model.gguf [adapters 8] [rank 16] [threads 0] [rounds 60]
// Rounds of all cases take turns, so that what else the machine does strikes them alike. Prints a table in Markdown.
using System.Globalization;
using Penstock.Benchmarks.Adapters;
using Penstock.Engine.Cpu.Running;
using Penstock.Models.Gguf;

if (args is not [var path, ..])
{
    Console.Error.WriteLine("Usage: model.gguf [adapters 8] [rank 16] [threads 0] [rounds 60]");
    return 2;
}

int Argument(int index, int otherwise) => args.Length > index ? int.Parse(args[index], CultureInfo.InvariantCulture) : otherwise;
var (adapters, rank, threads, rounds) = (Argument(1, 8), Argument(2, 16), Argument(3, 0), Argument(4, 60));
using var file = GgufFile.Open(path);
using var runner = CpuModelRunner.Load(file, new CpuRunnerOptions { Threads = threads, KvTokens = 16 * 1024 });
var numbers = RandomAdapters.Load(runner, file, adapters, rank);
Workload[] workloads =
[
    new(runner, $"{adapters} rows, no adapter", adapters, 1, []),
    new(runner, $"{adapters} rows, one adapter", adapters, 1, numbers[..1]),
    new(runner, $"{adapters} rows, {adapters} adapters", adapters, 1, numbers),
    new(runner, "1 row, no adapter", 1, 1, []),
    new(runner, "1 row, its adapter", 1, 1, numbers[..1]),
    new(runner, "prompt of 256, no adapter", 1, 256, []),
    new(runner, "prompt of 256, its adapter", 1, 256, numbers[..1]),
];
for (var round = 0; round <= rounds; round++)
{
    foreach (var workload in workloads)
        workload.Run(count: round > 0);
}

Console.WriteLine($"{Path.GetFileName(path)}, {runner.Capabilities.Name}, {runner.Threads} threads, {adapters} adapters of rank {rank} in F16 ({runner.Adapters.Bytes >> 20} MiB), medians of {rounds} rounds");
Console.WriteLine();
Console.WriteLine("| step | wall ms | x none | processor ms | x none |");
Console.WriteLine("|---|---:|---:|---:|---:|");
Workload? none = null;
foreach (var workload in workloads)
{
    none = workload.HasAdapters ? none : workload;
    Console.WriteLine($"| {workload.Name} | {workload.Wall:F2} | {workload.Wall / none!.Wall:F3} | {workload.Processor:F2} | {workload.Processor / none.Processor:F3} |");
}

return 0;
