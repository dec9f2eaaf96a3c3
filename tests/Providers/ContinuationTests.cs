using System.Text.Json;
using Penstock.Contracts.Errors;
using Penstock.Contracts.Records;
using Penstock.Gateway.Configuration;
using Penstock.Providers.Tests.Hosting;
using Penstock.Routing.Attempts;

namespace Penstock.Providers.Tests;

/// <summary>A stream that breaks off goes on at a target that resumes from the delivered text, where that is allowed and certain; else it ends as it always did.</summary>
public sealed class ContinuationTests
{
    private const string Whole = "w0 w1 w2 w3 w4 w5 w6 w7 w8 w9 w10 w11 ";

    [Theory]
    [InlineData("primary/mock-cut-mid-answer", "spare/mock-instant")]
    [InlineData("primary/mock-malformed-chunk", "spare/mock-instant")]
    [InlineData("primary/mock-cut-once")]
    public async Task Stream_BreaksOff_GoesOnFromTheDeliveredText(params string[] use)
    {
        await using var front = await StartAsync(use);
        var (status, answer, _) = await AskAsync(front, ",\"stream_options\":{\"include_usage\":true}");

        Assert.Equal(200, status);
        Assert.Equal(Whole, TextOf(answer));
        Assert.EndsWith("data: [DONE]\n\n", answer);
        Assert.Contains($": penstock-warnings answer: 'primary' broke off", answer);
        var chunks = Chunks(answer);
        Assert.Single(chunks.Select(chunk => chunk.GetProperty("id").GetString()).Distinct());
        Assert.Equal(12, chunks[^1].GetProperty("usage").GetProperty("completion_tokens").GetInt32());
        var record = await front.Ledger.NextAsync();
        Assert.Equal((FinishReason.Stop, 12, 12), (record.FinishReason, record.Tokens.Sampled, record.Tokens.DeliveredVisible));
        Assert.Equal([(AttemptOutcome.Failed, 5), (AttemptOutcome.Answered, 7)], record.Attempts.Select(row => (row.Outcome, row.Delivered)));
        Assert.StartsWith("continuation: ", record.Attempts[1].Reason);
        Assert.Equal("route, continuation", record.RouteReason);
        Assert.Equal(string.Join(" + ", use.Append(use[0]).Take(2)), record.Target);
        Assert.Equal(record.Attempts[1].Prompt, record.ExtraTokens);
    }

    [Fact]
    public async Task Stream_TargetRepeatsTheText_ItIsLeftOut()
    {
        await using var front = await StartAsync(["primary/mock-cut-mid-answer", "spare/mock-echoes-prefill"]);
        (front.StandIn.TokensBeforeAFault, front.StandIn.AnswerTokens) = (12, 14);
        var (_, answer, _) = await AskAsync(front);

        Assert.Equal(Whole + "w12 w13 ", TextOf(answer));
    }

    [Theory]
    [InlineData(true, "primary/mock-cut-mid-answer", "spare/mock-refuses-prefill")]
    [InlineData(true, "primary/mock-cut-mid-answer", "spare/mock-overloaded")]
    [InlineData(true, "primary/mock-cut-mid-answer", "spare/mock-cut-mid-answer")]
    [InlineData(false, "primary/mock-cut-mid-answer", "spare/mock-instant")]
    public async Task Stream_NobodyCanGoOn_EndsInTheErrorEventAsWithout(bool extensions, params string[] use)
    {
        await using var front = await StartAsync(use, extensions);
        var (_, answer, _) = await AskAsync(front);

        Assert.Equal("w0 w1 w2 w3 w4 ", TextOf(answer));
        Assert.DoesNotContain("[DONE]", answer);
        var last = JsonElement.Parse(answer.Split("data: ")[^1]);
        Assert.Equal("upstream_failed", last.GetProperty("error").GetProperty("code").GetString());
        Assert.Contains("'primary'", last.GetProperty("error").GetProperty("message").GetString());
        var record = await front.Ledger.NextAsync();
        Assert.Equal((FinishReason.Error, 5), (record.FinishReason, record.Tokens.DeliveredVisible));
        Assert.Equal(extensions ? 2 : 1, record.Attempts.Count);
    }

    [Theory]
    [InlineData(",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}],\"web_search_options\":{}")]
    [InlineData(",\"response_format\":{\"type\":\"json_object\"}")]
    [InlineData(",\"logprobs\":true,\"top_logprobs\":2")]
    public async Task Stream_OfWhatCannotBeResumedForCertain_EndsInTheErrorEvent(string more)
    {
        await using var front = await StartAsync(["primary/mock-cut-mid-answer", "spare/mock-instant"]);
        var (_, answer, _) = await AskAsync(front, more);

        Assert.DoesNotContain("[DONE]", answer);
        Assert.Equal(FaultKind.Cut, Assert.Single((await front.Ledger.NextAsync()).Attempts).Fault);
    }

    [Fact]
    public async Task Stream_LimitOfTokens_HoldsOverBothParts()
    {
        await using var front = await StartAsync(["primary/mock-cut-mid-answer", "spare/mock-instant"]);
        var (_, answer, _) = await AskAsync(front, ",\"max_tokens\":8");

        Assert.Equal("w0 w1 w2 w3 w4 w5 w6 w7 ", TextOf(answer));
        Assert.Equal(3, JsonElement.Parse(front.StandIn.Calls[1].Body).GetProperty("max_completion_tokens").GetInt32());
    }

    [Fact]
    public async Task Leave_WhileItGoesOn_TheSecondTargetIsLetGo()
    {
        await using var front = await StartAsync(["primary/mock-cut-mid-answer", "spare/mock-instant"]);
        using var gate = new HeldCalls(front.StandIn, "mock-instant");
        using var leave = new CancellationTokenSource();
        var asking = ReadAsync();
        var second = await gate.CallAsync();
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);

        await second.Ended.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal((true, 0), (second.Aborted, second.Tokens));
        var record = await front.Ledger.NextAsync();
        Assert.Equal((FinishReason.Cancelled, 5), (record.FinishReason, record.Tokens.Sampled));
        Assert.Equal([AttemptOutcome.Failed, AttemptOutcome.Cancelled], record.Attempts.Select(row => row.Outcome));

        async Task ReadAsync()
        {
            using var response = await front.PostAsync(FrontServer.Chat("best", stream: true), cancellationToken: leave.Token);
            await response.Content.ReadAsStringAsync(leave.Token);
        }
    }

    private static async Task<FrontServer> StartAsync(string[] use, bool extensions = true)
    {
        var front = await FrontServer.StartAsync(
            target => target with { Extensions = extensions }, policy: RetryPolicy.Default with { Continue = true }, changeSpare: target => target with { Extensions = extensions }, routes: new RouteOptions("best", use));
        return front;
    }

    private static Task<(int Status, string Body, HttpResponseMessage Response)> AskAsync(FrontServer front, string more = "") => front.AskAsync(FrontServer.Chat("best", stream: true, more));

    private static List<JsonElement> Chunks(string answer) =>
        [.. answer.Split('\n').Where(line => line.StartsWith("data: {", StringComparison.Ordinal)).Select(line => JsonElement.Parse(line["data: ".Length..]))];

    private static string TextOf(string answer) => string.Concat(Chunks(answer)
        .Where(chunk => chunk.TryGetProperty("choices", out var choices) && choices.GetArrayLength() > 0)
        .Select(chunk => chunk.GetProperty("choices")[0].GetProperty("delta").TryGetProperty("content", out var text) ? text.GetString() : ""));
}
