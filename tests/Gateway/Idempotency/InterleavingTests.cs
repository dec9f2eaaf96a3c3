using System.Net;
using Penstock.Gateway.Tests.Fakes;

namespace Penstock.Gateway.Tests.Idempotency;

/// <summary>Clients that come, leave and try again, a model that fails, a store that fails at any of its calls: whoever has an answer whole has the same.</summary>
public sealed class InterleavingTests
{
    private const int Clients = 8;

    [Fact]
    public async Task Law_UnderAnyInterleaving_NoTwoDifferentWholeAnswers()
    {
        var answered = 0;
        for (var seed = 0; seed < 40; seed++)
        {
            answered += await RunAsync(seed);
        }

        // Not by answering nobody.
        Assert.True(answered > 40, $"{answered} whole answers");
    }

    private static async Task<int> RunAsync(int seed)
    {
        var random = new Random(seed);
        var gate = new Lock();
        var fails = true;
        int Roll(int sides)
        {
            lock (gate)
            {
                return random.Next(sides);
            }
        }

        var decisions = new MemoryDecisions
        {
            Before = async call =>
            {
                for (var turn = Roll(4); turn > 0; turn--)
                {
                    await Task.Yield();
                }

                // A decision that is not stored is tried again only after a second, so that is rarer.
                if (Volatile.Read(ref fails) && Roll(call == "decide" ? 60 : 5) == 0)
                {
                    throw MemoryDecisions.Full();
                }
            },
        };
        var run = 0;
        await using var server = await TestServer.StartAsync(
            script: target => target.OnStart = generation => _ = Task.Run(async () =>
            {
                var number = Interlocked.Increment(ref run);
                for (var piece = Roll(6); piece > 0; piece--)
                {
                    generation.Say($"run {number} ");
                    await Task.Yield();
                }

                if (Volatile.Read(ref fails) && Roll(4) == 0)
                {
                    generation.Fail(new(Contracts.Errors.ErrorCode.RunnerFailed, "planted"));
                    return;
                }

                generation.Say($"end of run {number}");
                generation.FinishChoice();
                generation.End();
            }),
            decisions: decisions);
        var body = seed % 2 == 0 ? Bodies.ChatStream : Bodies.Chat;

        var wholes = (await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => ClientAsync()))).SelectMany(answers => answers).ToList();
        Volatile.Write(ref fails, false);
        Ask? last;
        while ((last = await AskAsync(CancellationToken.None)) is null)
        {
            await Task.Yield();
        }

        Assert.All(wholes, whole => Assert.Equal(last.Content, whole.Content));
        return wholes.Count;

        async Task<List<Ask>> ClientAsync()
        {
            var got = new List<Ask>();
            for (var attempt = 0; attempt < 3; attempt++)
            {
                using var leaving = new CancellationTokenSource();
                var asked = AskAsync(leaving.Token);
                if (Roll(3) == 0)
                {
                    for (var turn = Roll(200); turn > 0; turn--)
                    {
                        await Task.Yield();
                    }

                    await leaving.CancelAsync();
                }

                if (await asked is { } whole)
                {
                    got.Add(whole);
                }
            }

            return got;
        }

        async Task<Ask?> AskAsync(CancellationToken leaving)
        {
            try
            {
                var answer = await Ask.Of(server.PostAsync("/v1/chat/completions", body, "k", leaving), leaving);
                return answer.Status == HttpStatusCode.OK && (answer.Body.EndsWith("data: [DONE]\n\n", StringComparison.Ordinal) || answer.Type!.StartsWith("application/json", StringComparison.Ordinal)) ? answer : null;
            }
            catch (Exception error) when (error is OperationCanceledException or HttpRequestException or IOException)
            {
                return null;
            }
        }
    }
}
