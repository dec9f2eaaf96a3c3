using System.Text.Json;
using Penstock.Benchmarks.Served;
using Penstock.Contracts.Targets;
using Penstock.Engine.Cpu.Running;
using Penstock.Engine.Scheduling;
using Penstock.Engine.Serving;
using Penstock.Models.Gguf;
using Penstock.Models.Tokenization;

// What serving costs: the engine against a bare loop over a runner of the same model, and fair order against first come, first served; taking turns in one process.
if (args is not [var path, .. var rest])
{
    Console.Error.WriteLine("Usage: served MODEL.gguf [rounds] [cases with this text]. For example a model from: penstock models random --parameters 250M --type Q8_0 --out model.gguf");
    return 2;
}

var rounds = rest is [var count, ..] ? int.Parse(count) : 7;
var wanted = rest is [_, var text] ? text : "";
using var file = GgufFile.Open(path);
var tokenizer = TokenizerFactory.FromGguf(file);
using var runner = Load();
var workload = new Workload(tokenizer.VocabularySize, runner.Capabilities.MaxRows);
await using var fair = Serve(SchedulingPolicy.Fair);
await using var fcfs = Serve(SchedulingPolicy.FirstComeFirstServed);
var bare = new BareLoop(runner, workload);
var (served, byArrival) = (new ServedEngine(fair, workload), new ServedEngine(fcfs, workload));

(string Name, Func<Task<double>> Base, Func<Task<double>> Served)[] cases =
[
    .. Each([1, 4, 8, 16], streams => ($"decode, {streams} streams; bare loop", () => Task.FromResult(bare.Decode(streams)), () => served.DecodeAsync(streams))),
    ($"prefill, {workload.LongPrompt} tokens; bare loop", () => Task.FromResult(bare.Prefill()), served.PrefillAsync),
    .. Each([8, 16], clients => ($"closed loop, {clients} clients; bare loop", () => Task.FromResult(bare.ClosedLoop(clients)), () => served.ClosedLoopAsync(clients))),
    .. Each([8, 16], clients => ($"closed loop, {clients} clients of 4 tenants; first come, first served", () => byArrival.ClosedLoopAsync(clients), () => served.ClosedLoopAsync(clients))),
];
var results = new List<object>();
Console.WriteLine($"{Path.GetFileName(path)}, {runner.Capabilities.Name}, {Environment.ProcessorCount} processors, {rounds} rounds in turns");
Console.WriteLine("| case; compared with | that, tokens/s | served, tokens/s | ratio (median of rounds) | ratio min to max |");
Console.WriteLine("|---|---:|---:|---:|---:|");
foreach (var (name, baseRun, servedRun) in cases.Where(one => one.Name.Contains(wanted, StringComparison.Ordinal)))
{
    await baseRun();
    await servedRun();
    var pairs = new List<(double Base, double Served)>();
    for (var round = 0; round < rounds; round++)
    {
        // Who goes first changes, so that neither always finds the machine as the other left it.
        var first = round % 2 == 0 ? await baseRun() : 0;
        var second = await servedRun();
        pairs.Add((round % 2 == 0 ? first : await baseRun(), second));
    }

    var ratios = pairs.Select(pair => pair.Served / pair.Base).Order().ToList();
    var (baseRate, servedRate) = (Median(pairs.Select(pair => pair.Base)), Median(pairs.Select(pair => pair.Served)));
    Console.WriteLine($"| {name} | {baseRate:0.0} | {servedRate:0.0} | {Median(ratios):0.000} | {ratios[0]:0.000} to {ratios[^1]:0.000} |");
    results.Add(new { name, base_tokens_per_s = baseRate, served_tokens_per_s = servedRate, ratio = Median(ratios), ratios });
}

Console.Error.WriteLine(JsonSerializer.Serialize(results));
return 0;

CpuModelRunner Load() => CpuModelRunner.Load(file, new CpuRunnerOptions { KvTokens = 16384, MaxSequences = 64 });

LocalTarget Serve(SchedulingPolicy policy) => new(
    new LocalTargetOptions
    {
        Description = new TargetDescription { Name = "model", Owner = "benchmark", ContextLength = runner.Capabilities.ContextLength, Since = DateTimeOffset.UnixEpoch },
        Engine = new EngineOptions { MaxRunning = 16, Policy = policy, PrefixCaching = false },
    },
    Load(),
    tokenizer,
    template: null,
    TimeProvider.System);

static IEnumerable<(string Name, Func<Task<double>> Base, Func<Task<double>> Served)> Each(int[] sizes, Func<int, (string, Func<Task<double>>, Func<Task<double>>)> make) => sizes.Select(make);

static double Median(IEnumerable<double> values)
{
    var sorted = values.Order().ToList();
    return sorted[sorted.Count / 2];
}
