using System.Text;
using Penstock.Functional.Tests.Hosting;

namespace Penstock.Functional.Tests;

/// <summary>A server with idempotency keys is killed with SIGKILL in the middle of answers: nobody ever has two different whole answers to one key.</summary>
public sealed class KilledGatewayTests : IDisposable
{
    // Sampled without a seed, and with its request's id in it: no two runs of it give the same bytes.
    private const string Body = """{"model":"pebble","stream":true,"temperature":1,"ignore_eos":true,"max_tokens":30,"messages":[{"role":"user","content":"Write a story about Nina the fox."}]}""";
    private const string End = "data: [DONE]";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Kill_AfterAnyPartOfAnAnswer_TheKeyHasOneWholeAnswer()
    {
        var had = new Dictionary<string, string>();

        // Lines of the first client: nothing yet, the head, the middle, close to the end; then whatever comes, to its end and beyond.
        foreach (var lines in (int[])[0, 1, 20, 58, 62, int.MaxValue])
        {
            await using var server = Serve();
            using var client = new HttpClient { BaseAddress = await server.AddressAsync() };
            await RepeatAsync(client, had);

            var key = $"k{lines}";
            var second = ReadAsync(client, key, int.MaxValue);
            var first = ReadAsync(client, key, lines == 0 ? int.MaxValue : lines);
            if (lines > 0)
            {
                await first;
            }

            server.Kill();
            await server.ExitAsync();
            foreach (var whole in new[] { await first, await second }.OfType<string>())
            {
                Assert.True(had.TryAdd(key, whole) || had[key] == whole);
            }

            had.TryAdd(key, "");
        }

        await using var last = Serve();
        using var again = new HttpClient { BaseAddress = await last.AddressAsync() };
        await RepeatAsync(again, had);
        await RepeatAsync(again, had);
        Assert.Equal(6, had.Values.Distinct().Count());
    }

    private static async Task RepeatAsync(HttpClient client, Dictionary<string, string> had)
    {
        foreach (var (key, known) in had.ToList())
        {
            var whole = await ReadAsync(client, key, int.MaxValue);
            Assert.NotNull(whole);
            Assert.True(known.Length == 0 || known == whole);
            had[key] = whole;
        }
    }

    /// <summary>The answer, when it could be read to its end; otherwise null, after this many lines or when the connection broke.</summary>
    private static async Task<string?> ReadAsync(HttpClient client, string key, int lines)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent(Body, Encoding.UTF8, "application/json"), Headers = { { "Idempotency-Key", key } } };
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
            var text = new StringBuilder();
            for (var read = 0; read < lines && await reader.ReadLineAsync() is { } line; read++)
            {
                text.Append(line).Append('\n');
            }

            return text.ToString().TrimEnd().EndsWith(End, StringComparison.Ordinal) ? text.ToString() : null;
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException)
        {
            return null;
        }
    }

    private PenstockProcess Serve() => PenstockProcess.Start(folder.Path, "serve", "--urls", "http://127.0.0.1:0", "--threads", "1");
}
