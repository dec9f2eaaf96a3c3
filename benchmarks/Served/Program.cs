using System.Text.Json;
using Penstock.Benchmarks.Served;
using Penstock.Contracts.Targets;
using Penstock.Engine.Cpu.Running;
using Penstock.Engine.Serving;
using Penstock.Models.Gguf;
using Penstock.Models.Tokenization;

// What serving costs: the engine against a bare loop over a runner of the same model, taking turns in one process.
if (args is not [var path, .. var rest])
{
    Console.Error.WriteLine("Usage: served MODEL.gguf [rounds]. For example a model from: penstock models random --parameters 250M --type Q8_0 --out model.gguf");
    return 2;
}

var rounds = rest is [var count] ? int.Parse(count) : 7;
using var file = GgufFile.Open(path);
var tokenizer = TokenizerFactory.FromGguf(file);
var options = new CpuRunnerOptions { KvTokens = 16384, MaxSequences = 16 };
using var runner = CpuModelRunner.Load(file, options);
var engine = new EngineOptions { MaxRunning = 16 };
var workload = new Workload(tokenizer.VocabularySize, runner.Capabilities.MaxRows);
var description = new TargetDescription { Name = "model", Owner = "benchmark", ContextLength = runner.Capabilities.ContextLength, Since = DateTimeOffset.UnixEpoch };
await using var target = new LocalTarget(
    new LocalTargetOptions { Description = description, Engine = engine }, CpuModelRunner.Load(file, options), tokenizer, template: null, TimeProvider.System);
var bare = new BareLoop(runner, workload);
var served = new ServedEngine(target, workload);

(string Name, Func<double> Bare, Func<Task<double>> Served)[] cases =
[
    .. new[] { 1, 4, 8 }.Select(streams => ($"decode, {streams} streams", (Func<double>)(() => bare.Decode(streams)), (Func<Task<double>>)(() => served.DecodeAsync(streams)))),
    ($"prefill, {workload.LongPrompt} tokens", bare.Prefill, served.PrefillAsync),
];
var results = new List<object>();
Console.WriteLine($"{Path.GetFileName(path)}, {runner.Capabilities.Name}, {Environment.ProcessorCount} processors, {rounds} rounds in turns");
Console.WriteLine("| case | bare loop tokens/s | served tokens/s | ratio (median of rounds) | ratio min to max |");
Console.WriteLine("|---|---:|---:|---:|---:|");
foreach (var (name, bareRun, servedRun) in cases)
{
    bareRun();
    await servedRun();
    var pairs = new List<(double Bare, double Served)>();
    for (var round = 0; round < rounds; round++)
    {
        // Who goes first changes, so that neither always finds the machine as the other left it.
        var first = round % 2 == 0 ? bareRun() : 0;
        var second = await servedRun();
        pairs.Add((round % 2 == 0 ? first : bareRun(), second));
    }

    var ratios = pairs.Select(pair => pair.Served / pair.Bare).Order().ToList();
    var (bareRate, servedRate) = (Median(pairs.Select(pair => pair.Bare)), Median(pairs.Select(pair => pair.Served)));
    Console.WriteLine($"| {name} | {bareRate:0.0} | {servedRate:0.0} | {Median(ratios):0.000} | {ratios[0]:0.000} to {ratios[^1]:0.000} |");
    results.Add(new { name, bare_tokens_per_s = bareRate, served_tokens_per_s = servedRate, ratio = Median(ratios), ratios });
}

Console.Error.WriteLine(JsonSerializer.Serialize(results));
return 0;

static double Median(IEnumerable<double> values)
{
    var sorted = values.Order().ToList();
    return sorted[sorted.Count / 2];
}
