using Penstock.Contracts.Records;
using Penstock.Gateway.Configuration;
using Penstock.Providers.Tests.Hosting;

namespace Penstock.Providers.Tests;

/// <summary>The sixteen faults of a provider that the issue names, each with what the client gets and what the record says. The table is printed, and stands in the docs.</summary>
public sealed class FaultCatalogueTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>What a row is about and what is right.</summary>
    /// <param name="Name">The fault.</param>
    /// <param name="Use">Who answers; one model is asked for by its own name.</param>
    /// <param name="Result">Status and end of the answer, as <see cref="ResultOf"/> says them.</param>
    /// <param name="Rows">The attempts: <c>A</c>nswered or <c>F</c>ailed.</param>
    /// <param name="By">Who is named as the one that answered.</param>
    private sealed record Row(string Name, string[] Use, string Result, string Rows, string By)
    {
        /// <summary>Behind which text of the answer the provider stands still until its time is up; empty = it says nothing at all. Null = it does not stand still.</summary>
        public string? StandsStillBehind { get; init; }

        /// <summary>More of the body.</summary>
        public string More { get; init; } = "";

        /// <summary>How often it is asked; the last time is looked at.</summary>
        public int Times { get; init; } = 1;
    }

    private static readonly Row[] Catalogue =
    [
        new("429 with Retry-After", ["mock-rate-limited-once"], "200 whole", "FA", "primary/mock-rate-limited-once"),
        new("lasting 429", ["mock-rate-limited"], "429 upstream_rate_limited", "F", ""),
        new("one 500", ["mock-fails-once"], "200 whole", "FA", "primary/mock-fails-once"),
        new("lasting 503", ["primary/mock-overloaded", "spare/mock-instant"], "200 whole", "FA", "spare/mock-instant"),
        new("reset before headers", ["primary/mock-reset", "spare/mock-instant"], "200 whole", "FFA", "spare/mock-instant"),
        new("no response", ["primary/mock-silent", "spare/mock-instant"], "200 whole", "FA", "spare/mock-instant") { StandsStillBehind = "" },
        new("slow first token", ["primary/mock-slow-first-token", "spare/mock-instant"], "200 whole", "FA", "spare/mock-instant") { StandsStillBehind = "" },
        new("cut in mid-answer", ["primary/mock-cut-mid-answer", "spare/mock-instant"], "200 error upstream_failed", "F", "primary/mock-cut-mid-answer"),
        new("stall", ["primary/mock-stall", "spare/mock-instant"], "200 error upstream_timeout", "F", "primary/mock-stall") { StandsStillBehind = "w4 " },
        new("malformed chunk", ["primary/mock-malformed-chunk", "spare/mock-instant"], "200 error upstream_failed", "F", "primary/mock-malformed-chunk"),
        new("missing [DONE]", ["mock-missing-done"], "200 whole", "A", "primary/mock-missing-done"),
        new("context length", ["primary/mock-context-length", "spare/mock-instant"], "400 context_length_exceeded", "F", ""),
        new("content filter", ["primary/mock-content-filter", "spare/mock-instant"], "400 content_filter", "F", ""),
        new("fallback that refuses a prefill", ["primary/mock-overloaded", "spare/mock-refuses-prefill"], "502 upstream_failed", "FF", "") { More = ",{\"role\":\"assistant\",\"content\":\"Well,\"}" },
        new("flapping primary", ["primary/mock-flapping", "spare/mock-instant"], "200 whole", "FA", "spare/mock-instant") { Times = 3 },
        new("another model answers", ["mock-other-model"], "200 whole", "A", "primary/another-model"),
    ];

    [Fact]
    public async Task Catalogue_EveryFault_IsSurvivedOrReported()
    {
        var wrong = new List<string>();
        output.WriteLine("| fault | the client gets | attempts | answered by |");
        foreach (var row in Catalogue)
        {
            var (result, rows, by) = await RunAsync(row);
            output.WriteLine($"| {row.Name} | {result} | {rows} | {by} |");
            if ((result, rows, by) != (row.Result, row.Rows, row.By))
            {
                wrong.Add($"{row.Name}: {result}, {rows}, {by}; right is {row.Result}, {row.Rows}, {row.By}");
            }
        }

        Assert.Empty(wrong);
        Assert.Equal(16, Catalogue.Length);
    }

    private static async Task<(string Result, string Rows, string By)> RunAsync(Row row)
    {
        await using var front = await FrontServer.StartAsync(
            target => target with { FirstTokenTimeout = Patience, StallTimeout = Patience }, routes: row.Use.Length > 1 ? [new RouteOptions("best", row.Use)] : []);
        var model = row.Use.Length > 1 ? "best" : row.Use[0];
        var json = $$"""{"model":"{{model}}","stream":true,"messages":[{"role":"user","content":"Say something."}{{row.More}}]}""";
        for (var i = 1; i < row.Times; i++)
        {
            await front.AskAsync(json);
            await front.Ledger.NextAsync();
        }

        var (status, answer) = await AskAsync(front, json, row.StandsStillBehind);
        var record = await front.Ledger.NextAsync();
        var answered = record.Tokens.DeliveredVisible > 0;
        return (ResultOf(status, answer), string.Concat(record.Attempts.Select(attempt => attempt.Outcome == AttemptOutcome.Answered ? 'A' : 'F')), answered ? record.Target : "");
    }

    private static async Task<(int Status, string Answer)> AskAsync(FrontServer front, string json, string? standsStillBehind)
    {
        var asking = front.PostAsync(json);
        if (standsStillBehind is "")
        {
            await Eventually.TrueAsync(() => front.StandIn.Calls.Count == 1 && front.Time.Waits(Patience));
            front.Time.Advance(Patience);
        }

        using var response = await asking;
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        var answer = "";
        while (standsStillBehind is { Length: > 0 } && !answer.Contains(standsStillBehind, StringComparison.Ordinal))
        {
            answer += $"{await reader.ReadLineAsync()}\n";
        }

        // From here on nothing but time can happen.
        var rest = reader.ReadToEndAsync();
        await Eventually.TrueAsync(() =>
        {
            if (standsStillBehind is { Length: > 0 })
            {
                front.Time.Advance(Patience);
            }

            return rest.IsCompleted;
        });
        return ((int)response.StatusCode, answer + await rest);
    }

    private static string ResultOf(int status, string answer)
    {
        const string Code = "\"code\":\"";
        var at = answer.LastIndexOf(Code, StringComparison.Ordinal);
        var code = at < 0 ? "" : answer[(at + Code.Length)..answer.IndexOf('"', at + Code.Length)];
        return status != 200 ? $"{status} {code}" : answer.EndsWith("data: [DONE]\n\n", StringComparison.Ordinal) ? "200 whole" : $"200 error {code}";
    }
}
