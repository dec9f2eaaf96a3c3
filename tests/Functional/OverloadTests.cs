using System.Net;
using Penstock.Contracts.Records;
using Penstock.Functional.Tests.Hosting;

namespace Penstock.Functional.Tests;

/// <summary>More requests than the bounded queue takes.</summary>
public sealed class OverloadTests
{
    [Fact]
    public async Task Requests_BeyondTheQueue_Are429WithRetryAfterAndTheRestAreAnswered()
    {
        await using var server = new PebbleServer();
        server.Options.QueueCapacity = 2;
        server.Options.KvTokens = 256;
        server.Options.ContextLength = 256;
        await server.InitializeAsync();

        var responses = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => server.PostAsync(
            "/v1/completions", """{"model":"pebble","prompt":"The red house","max_tokens":200,"ignore_eos":true}""")));

        var refused = responses.Where(response => response.StatusCode == HttpStatusCode.TooManyRequests).ToList();
        Assert.NotEmpty(refused);
        Assert.All(refused, response => Assert.True(response.Headers.RetryAfter!.Delta >= TimeSpan.FromSeconds(1)));
        Assert.All(responses.Except(refused), response => Assert.Equal(HttpStatusCode.OK, response.StatusCode));
        Assert.NotEqual(responses.Length, refused.Count);
        Assert.Equal(FinishReason.Refused, (await server.RecordAsync(refused[0])).FinishReason);
    }
}
