using Penstock.Benchmarks.Engine;
using Penstock.Contracts.Requests;
using Penstock.Contracts.Targets;
using Penstock.Engine.Serving;

const int Vocabulary = 32_000;
const int Streams = 8;
const int TokensPerStream = 6_000;

(string Name, SamplingOptions Sampling, string[] Stop)[] cases =
[
    ("greedy", new SamplingOptions { Temperature = 0 }, []),
    ("temperature 1 (OpenAI's default)", new SamplingOptions(), []),
    ("temperature 0.8, top_k 40", new SamplingOptions { Temperature = 0.8f, TopK = 40 }, []),
    ("temperature 0.8, top_p 0.95", new SamplingOptions { Temperature = 0.8f, TopP = 0.95f }, []),
    ("temperature 0.8, top_k 40, top_p 0.95, min_p 0.05, a stop string", new SamplingOptions { Temperature = 0.8f, TopK = 40, TopP = 0.95f, MinP = 0.05f }, ["</answer>"]),
];

Console.WriteLine($"The engine's own cost of a decoded token: {Streams} streams, vocabulary {Vocabulary}, {Environment.ProcessorCount} processors, .NET {Environment.Version}");
Console.WriteLine("CPU µs a token: the median of five rounds, and the least and the most");
Console.WriteLine("| sampling | flat logits | peaked logits |");
Console.WriteLine("|---|---|---|");
float[][] shapes = [LogitShapes.Flat(Vocabulary), LogitShapes.Peaked(Vocabulary)];
foreach (var (name, sampling, stop) in cases)
{
    Console.Write($"| {name} |");
    foreach (var logits in shapes)
    {
        await MeasureAsync(logits, sampling, stop);
        var rounds = new double[5];
        for (var i = 0; i < rounds.Length; i++)
            rounds[i] = await MeasureAsync(logits, sampling, stop);
        Array.Sort(rounds);
        Console.Write($" {rounds[2]:0.0} ({rounds[0]:0.0} to {rounds[4]:0.0}) |");
    }

    Console.WriteLine();
}

// Processor time of the whole process (the loop, and the readers' wake-ups on top), less that of as many null steps: a figure that
// other work on the machine inflates least.
static async Task<double> MeasureAsync(float[] logits, SamplingOptions sampling, string[] stop)
{
    var runner = new NullRunner(logits);
    var options = new LocalTargetOptions
    {
        Description = new TargetDescription { Name = "null", Owner = "benchmark", ContextLength = 65536, Since = DateTimeOffset.UnixEpoch },
        Engine = new EngineOptions { Seed = 1 },
    };
    await using var target = new LocalTarget(options, runner, new WordPieces(Vocabulary), template: null, TimeProvider.System);
    var request = new InferenceRequest
    {
        RequestId = "req",
        Tenant = "local",
        Kind = RequestKind.Completion,
        Model = "null",
        Inputs = [new PromptInput("prompt", null)],
        MaxOutputTokens = TokensPerStream,
        Sampling = sampling,
        Stop = stop,
    };
    var start = Environment.CpuUsage.TotalTime;
    await Task.WhenAll(Enumerable.Range(0, Streams).Select(_ => ReadAsync(target, request)));
    var used = Environment.CpuUsage.TotalTime - start;
    return (used - NullSteps(runner)).TotalMicroseconds / (Streams * TokensPerStream);
}

static TimeSpan NullSteps(NullRunner runner)
{
    var start = Environment.CpuUsage.TotalTime;
    for (var i = 0; i < TokensPerStream; i++)
        runner.WriteLogits(Streams);
    return Environment.CpuUsage.TotalTime - start;
}

static async Task ReadAsync(LocalTarget target, InferenceRequest request)
{
    await using var generation = target.Prepare(request).OrThrow().Start().OrThrow();
    while (await generation.WaitToReadAsync(CancellationToken.None))
    {
        while (generation.TryRead(out _))
        {
        }
    }
}
