using Penstock.Contracts;
using Penstock.Contracts.Generation;
using Penstock.Contracts.Requests;
using Penstock.Contracts.Targets;

namespace Penstock.Benchmarks.Sse;

/// <summary>A target with no model: a thread gives each stream its tokens, pauses as long as a fast model's step takes, and goes on.</summary>
internal sealed class StepSource : IInferenceTarget
{
    /// <summary>Long enough that a step's tokens are sent before the next, as with a model.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    private readonly Lock gate = new();
    private readonly List<SteppedGeneration> waiting = [];
    private readonly TaskCompletionSource warmedUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private StepLoad? load;
    private TaskCompletionSource<double> measured = new();

    /// <summary>Completes when the server has asked for its warm-up.</summary>
    public Task WarmedUp => warmedUp.Task;

    public TargetDescription Description { get; } = new() { Name = "source", Owner = "benchmark", ContextLength = 1 << 20, Since = DateTimeOffset.UnixEpoch };

    public Outcome<IPreparedRequest> Prepare(InferenceRequest request) => Outcome.Of<IPreparedRequest>(new Prepared(this));

    /// <summary>Waits for the load's streams to be opened, then steps through it.</summary>
    /// <returns>Processor time of this process for a token, in µs, without what opening and closing the streams takes.</returns>
    public Task<double> Expect(StepLoad next)
    {
        lock (gate)
        {
            measured = new(TaskCreationOptions.RunContinuationsAsynchronously);
            load = next;
            return measured.Task;
        }
    }

    private SteppedGeneration Open()
    {
        var generation = new SteppedGeneration();
        lock (gate)
        {
            if (load is null)
            {
                generation.End();
                warmedUp.TrySetResult();
                return generation;
            }

            waiting.Add(generation);
            if (waiting.Count == load.Streams)
            {
                var (streams, steps) = (waiting.ToArray(), load);
                waiting.Clear();
                new Thread(() => measured.SetResult(Step(streams, steps))) { IsBackground = true }.Start();
            }
        }

        return generation;
    }

    private static double Step(SteppedGeneration[] streams, StepLoad load)
    {
        Settle();
        var start = Environment.CpuUsage.TotalTime;
        for (var step = 0; step < load.Steps; step++)
        {
            foreach (var stream in streams)
                stream.Say(load.Burst);
            Thread.Sleep(Pause);
        }

        Settle();
        var used = Environment.CpuUsage.TotalTime - start;
        foreach (var stream in streams)
            stream.End();
        return used.TotalMicroseconds / load.Tokens;
    }

    // Headers before the first step and tokens after the last are under way; nothing else happens meanwhile.
    private static void Settle() => Thread.Sleep(100);

    private sealed class Prepared(StepSource source) : IPreparedRequest
    {
        public int PromptTokens => 1;

        public Outcome<IGeneration> Start() => Outcome.Of<IGeneration>(source.Open());

        public ValueTask<Outcome<EmbeddingResult>> EmbedAsync(CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
