using System.Diagnostics;
using Penstock.Contracts.Generation;
using Penstock.Contracts.Requests;
using Penstock.Engine.Serving;

namespace Penstock.Benchmarks.Served;

/// <summary>The engine as a server uses it: queue, scheduler, sampling, text, one reader a stream.</summary>
internal sealed class ServedEngine(LocalTarget target, Workload workload)
{
    /// <summary>Tokens a second of a prompt, from the request to its first token.</summary>
    public async Task<double> PrefillAsync()
    {
        var start = Stopwatch.GetTimestamp();
        var times = await ReadAsync(workload.LongPrompt, tokens: 1);
        return workload.LongPrompt / Stopwatch.GetElapsedTime(start, times[0]).TotalSeconds;
    }

    /// <summary>Tokens a second of all streams together, from when the last of them has its first token to when the first of them ends.</summary>
    public async Task<double> DecodeAsync(int streams)
    {
        var times = await Task.WhenAll(Enumerable.Range(0, streams).Select(_ => ReadAsync(workload.ShortPrompt, workload.DecodeTokens + streams)));
        var start = times.Max(stream => stream[0]);
        var end = times.Min(stream => stream[^1]);
        var tokens = times.Sum(stream => stream.Count(time => time > start && time <= end));
        return tokens / Stopwatch.GetElapsedTime(start, end).TotalSeconds;
    }

    /// <summary>Output tokens a second of a closed loop of clients, those of four tenants.</summary>
    public async Task<double> ClosedLoopAsync(int clients)
    {
        var start = Stopwatch.GetTimestamp();
        var from = start + (long)(workload.WarmUp.TotalSeconds * Stopwatch.Frequency);
        var until = from + (long)(workload.Measured.TotalSeconds * Stopwatch.Frequency);
        var tokens = await Task.WhenAll(Enumerable.Range(0, clients).Select(ClientAsync));
        return tokens.Sum() / workload.Measured.TotalSeconds;

        async Task<int> ClientAsync(int client)
        {
            var measured = 0;
            for (var i = 0; Stopwatch.GetTimestamp() < until; i++)
            {
                var times = await ReadAsync(workload.PromptOf(client, i), workload.DecodeTokens, client + 1, $"tenant {client % 4}", until);
                measured += times.Count(time => time > from && time <= until);
            }

            return measured;
        }
    }

    private async Task<List<long>> ReadAsync(int promptTokens, int tokens, int number = 0, string tenant = "local", long until = long.MaxValue)
    {
        var request = new InferenceRequest
        {
            RequestId = "benchmark",
            Tenant = tenant,
            Kind = RequestKind.Completion,
            Model = "model",
            Inputs = [new PromptInput(null, workload.Prompt(promptTokens, number))],
            MaxOutputTokens = tokens,
            IgnoreEndOfGeneration = true,
            Sampling = new SamplingOptions { Temperature = 0 },
        };
        var times = new List<long>(tokens);
        await using var generation = target.Prepare(request).OrThrow().Start().OrThrow();
        while (Stopwatch.GetTimestamp() < until && await generation.WaitToReadAsync(CancellationToken.None))
        {
            while (generation.TryRead(out var item))
            {
                if (item.Kind == GenerationEventKind.Error)
                    throw new InvalidOperationException(item.Error!.Message);
                for (var i = 0; i < item.Tokens; i++)
                    times.Add(item.Timestamp);
            }
        }

        return times;
    }
}
