using System.Net;
using Penstock.Contracts.Records;
using Penstock.Gateway.Tests.Fakes;

namespace Penstock.Gateway.Tests;

/// <summary>A target that throws where its contract forbids it: the client learns it in OpenAI's shape, the row gets its end, the server lives.</summary>
public sealed class ThrowingTargetTests
{
    public static TheoryData<string, string, ThrowsAt> WholeAnswers() => new()
    {
        { "/v1/chat/completions", Bodies.Chat, ThrowsAt.Start },
        { "/v1/chat/completions", Bodies.ChatStream, ThrowsAt.Start },
        { "/v1/completions", Bodies.Completion, ThrowsAt.FirstWait },
        { "/v1/chat/completions", Bodies.Chat, ThrowsAt.Read },
        { "/v1/chat/completions", Bodies.Chat, ThrowsAt.LaterWait },
        { "/v1/chat/completions", Bodies.Chat, ThrowsAt.Completion },
        { "/v1/embeddings", Bodies.Embedding, ThrowsAt.Embed },
    };

    [Theory]
    [MemberData(nameof(WholeAnswers))]
    public async Task Target_Throws_Is500AndAFailedRecord(string path, string body, ThrowsAt place)
    {
        await using var server = await StartAsync(place);

        using var response = await server.PostAsync(path, body);

        await response.ErrorAsync(HttpStatusCode.InternalServerError, "internal_error");
        AssertFailed(await server.Ledger.NextFinishedAsync());
    }

    [Theory]
    [InlineData(ThrowsAt.FirstWait)]
    [InlineData(ThrowsAt.Read)]
    [InlineData(ThrowsAt.LaterWait)]
    [InlineData(ThrowsAt.Completion)]
    public async Task Target_ThrowsInMidStream_IsAnErrorEventAndAFailedRecord(ThrowsAt place)
    {
        await using var server = await StartAsync(place);

        using var response = await server.PostAsync("/v1/chat/completions", Bodies.ChatStream);
        var text = await response.Content.ReadAsStringAsync();

        Assert.Contains("\"code\":\"internal_error\"", text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)[^1]);
        Assert.DoesNotContain("[DONE]", text);
        AssertFailed(await server.Ledger.NextFinishedAsync());
    }

    [Fact]
    public async Task Target_ThrowsWhilePreparing_Is500AndNothingWasAdmitted()
    {
        await using var server = await StartAsync(ThrowsAt.Prepare);

        using var response = await server.PostAsync("/v1/chat/completions", Bodies.Chat);

        await response.ErrorAsync(HttpStatusCode.InternalServerError, "internal_error");
        Assert.Empty(server.Ledger.Admitted);
    }

    [Fact]
    public async Task Target_ThrowsWhenDisposed_TheRecordIsFinished()
    {
        await using var server = await StartAsync(ThrowsAt.Dispose, end: true);

        using var response = await server.PostAsync("/v1/chat/completions", Bodies.ChatStream);

        Assert.Equal(FinishReason.Stop, (await server.Ledger.NextFinishedAsync()).FinishReason);
    }

    private static Task<TestServer> StartAsync(ThrowsAt place, bool end = false) => TestServer.StartAsync(throwsAt: place, script: target => target.OnStart = generation =>
    {
        generation.Say("one");
        if (end || place == ThrowsAt.Completion)
        {
            generation.FinishChoice();
            generation.End();
        }
    });

    private static void AssertFailed(RequestRecord record)
    {
        Assert.Equal((FinishReason.Error, FinishCause.Server), (record.FinishReason, record.FinishCause));
        Assert.Equal("internal_error", record.ErrorCode);
    }
}
