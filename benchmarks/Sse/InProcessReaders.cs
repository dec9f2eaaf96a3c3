using Penstock.Contracts.Requests;

namespace Penstock.Benchmarks.Sse;

/// <summary>Readers that do nothing with their tokens: what the source and the wake-ups cost without the gateway.</summary>
internal static class InProcessReaders
{
    public static async Task<double> ReadAsync(StepSource source, StepLoad load)
    {
        var measured = source.Expect(load);
        var request = new InferenceRequest { RequestId = "benchmark", Tenant = "local", Kind = RequestKind.Chat, Model = "source" };
        await Task.WhenAll(Enumerable.Range(0, load.Streams).Select(_ => Task.Run(async () =>
        {
            await using var generation = source.Prepare(request).OrThrow().Start().OrThrow();
            while (await generation.WaitToReadAsync(CancellationToken.None))
            {
                while (generation.TryRead(out var _))
                {
                }
            }
        })));
        return await measured;
    }
}
