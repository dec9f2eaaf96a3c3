using Penstock.Functional.Tests.Hosting;

namespace Penstock.Functional.Tests;

/// <summary>After a client has left, at most the step that was under way is computed for it.</summary>
public sealed class CancelledStepsTests
{
    private const int Enough = 200;

    private static readonly string LongPrompt = string.Join(' ', Enumerable.Repeat("the", 100));

    public static TheoryData<string, string, int> Requests()
    {
        var prompt = LongPrompt;
        return new()
        {
            // Prefill takes two steps of 64 rows, so a client that leaves in the first one leaves a prefill behind.
            { "/v1/completions", $$"""{"model":"simulated","prompt":"{{prompt}}","max_tokens":100,"ignore_eos":true}""", 1 },
            { "/v1/completions", $$"""{"model":"simulated","prompt":"{{prompt}}","max_tokens":100,"ignore_eos":true,"stream":true}""", 1 },
            { "/v1/completions", """{"model":"simulated","prompt":"a","max_tokens":100,"ignore_eos":true}""", 5 },
            { "/v1/completions", """{"model":"simulated","prompt":"a","max_tokens":100,"ignore_eos":true,"stream":true}""", 5 },
            { "/v1/chat/completions", """{"model":"simulated","messages":[{"role":"user","content":"a"}],"max_tokens":100,"ignore_eos":true}""", 5 },
            { "/v1/chat/completions", """{"model":"simulated","messages":[{"role":"user","content":"a"}],"max_tokens":100,"ignore_eos":true,"stream":true}""", 5 },
            { "/v1/embeddings", $$"""{"model":"simulated","input":["{{prompt}}","{{prompt}}","{{prompt}}"]}""", 2 },
        };
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Leave_InTheMiddleOfAStep_NoOtherStepIsComputed(string path, string body, int steps)
    {
        SteppedRunner? runner = null;
        await using var server = await SimulatedServer.StartAsync(inner => runner = new SteppedRunner(inner));
        var before = runner!.Begun;
        runner.HoldAfter(steps - 1);
        using var leave = new CancellationTokenSource();
        var request = server.PostAsync(path, body, leave.Token);
        await Eventually.TrueAsync(() => runner.Begun == before + steps);
        if (body.Contains("\"stream\":true", StringComparison.Ordinal))
        {
            (await request).Dispose();
        }
        else
        {
            await leave.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        }

        await server.Left.Task.WaitAsync(TimeSpan.FromSeconds(30));
        var atLeave = runner.Begun;
        runner.Release(Enough);
        var audit = await server.StopAndAuditAsync();

        Assert.InRange(runner.Begun - atLeave, 0, 1);
        Assert.Empty(audit.Violations);
        Assert.Equal((1, 0), (audit.Finished, audit.Interrupted));
    }
}
