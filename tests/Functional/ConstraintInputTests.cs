using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Penstock.Functional.Tests.Hosting;

namespace Penstock.Functional.Tests;

/// <summary>Constraints that cannot be: each is refused with its place, and nobody else notices.</summary>
public sealed class ConstraintInputTests
{
    private const string Completions = "/v1/completions";
    private const string Chat = "/v1/chat/completions";
    private const int Tokens = 200;

    private static readonly (string Fields, string Param)[] Refused =
    [
        ($"\"guided_regex\":\"{Nested("(", "a", ")", 60_000)}\"", "guided_regex"),
        ("\"guided_regex\":\"[a-z\"", "guided_regex"),
        ($"\"guided_json\":{Nested("{\"not\":", "{}", "}", 300)}", "guided_json#"),
        ($"\"guided_json\":{Nested("{\"allOf\":[", "{}", "]}", 60_000)}", "guided_json#"),
        ($"\"structured_outputs\":{{\"json\":{Nested("{\"not\":", "{}", "}", 300)}}}", "structured_outputs.json#"),
        ($"\"guided_json\":{{\"enum\":[\"{new string('x', 2 << 20)}\"]}}", "guided_json#"),
        ("\"guided_json\":{\"type\":\"string\",\"minLength\":1000000}", "max_tokens"),
        ("\"guided_json\":{\"properties\":{\"tags\":{\"items\":{\"$ref\":\"#/$defs/nowhere\"}}}}", "guided_json#/properties/tags/items/$ref"),
        ("\"guided_json\":{\"properties\":{\"x\":{\"$ref\":\"http://127.0.0.1:1/x.json\"}}}", "guided_json#/properties/x/$ref"),
        ("\"guided_json\":{\"properties\":{\"x\":{\"pattern\":\"(\"}}}", "guided_json#/properties/x/pattern"),
        ("\"guided_choice\":[]", "guided_choice"),
        ("\"guided_choice\":[1]", "guided_choice[0]"),
        ("\"guided_grammar\":\"root ::= other\"", "guided_grammar"),
        ($"\"guided_grammar\":\"root ::= {Nested("(", "[a]", ")", 60_000)}\"", "guided_grammar"),
    ];

    // Refused after a second at the latest, or done.
    private static readonly string[] Hard =
    [
        $"\"guided_json\":{OneOf(12)}",
        "\"guided_json\":{\"properties\":{\"x\":{\"pattern\":\"^(?=.*a.{30})(?=.*b.{30})(?=.*c.{30}).*$\"}}}",
        "\"guided_regex\":\"(a|b)*a(a|b){40}\"",
    ];

    [Fact]
    public async Task BadInput_OfEveryKind_IsNamedWhileAStreamGoesOn()
    {
        SteppedRunner? runner = null;
        await using var server = await SimulatedServer.StartAsync(inner => runner = new SteppedRunner(inner));
        var stream = $"{{\"model\":\"simulated\",\"prompt\":\"a\",\"max_tokens\":{Tokens},\"ignore_eos\":true,\"stream\":true,\"temperature\":0.8,\"seed\":5}}";
        var alone = await TextAsync(await PostAsync(server, Completions, stream));
        runner!.HoldAfter(1);
        var meanwhile = await PostAsync(server, Completions, stream);

        List<string> wrong = [];
        foreach (var (fields, param) in Refused)
        {
            using var response = await PostAsync(server, Chat, Body(fields));
            var body = await response.Content.ReadAsStringAsync();
            if (response.StatusCode != HttpStatusCode.BadRequest || (string?)JsonNode.Parse(body)!["error"]!["param"] != param)
                wrong.Add($"{fields[..Math.Min(60, fields.Length)]}: {body}");
            runner.Release(2);
        }

        var hard = Hard.Select(fields => PostAsync(server, Chat, Body(fields))).ToList();
        // Asserted when nothing waits for leave any more: a server that is held cannot stop.
        runner.Release(10 * Tokens);
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.Equal(alone, await TextAsync(meanwhile));
        foreach (var response in await Task.WhenAll(hard))
        {
            var body = await response.Content.ReadAsStringAsync();
            Assert.True(response.IsSuccessStatusCode || ((string?)JsonNode.Parse(body)!["error"]!["param"])!.StartsWith("guided_", StringComparison.Ordinal), body);
        }

        Assert.Empty((await server.StopAndAuditAsync()).Violations);
    }

    [Fact]
    public async Task LongestText_OfAMillionCharacters_IsNoReasonToRefuse()
    {
        await using var server = await SimulatedServer.StartAsync();
        using var response = await PostAsync(server, Completions, """{"model":"simulated","prompt":"a","max_tokens":30,"guided_json":{"type":"string","maxLength":1000000}}""");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var text = (string)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["choices"]![0]!["text"]!;
        Assert.NotNull((string)JsonNode.Parse(text)!);
    }

    private static string Body(string fields) => $"{{\"model\":\"simulated\",\"messages\":[{{\"role\":\"user\",\"content\":\"hi\"}}],\"max_tokens\":60,{fields}}}";

    private static string Nested(string open, string inner, string close, int levels) => string.Concat(Enumerable.Repeat(open, levels)) + inner + string.Concat(Enumerable.Repeat(close, levels));

    private static string OneOf(int levels) => levels == 0
        ? "{\"type\":\"integer\"}"
        : $"{{\"oneOf\":[{{\"type\":\"object\",\"properties\":{{\"a\":{OneOf(levels - 1)}}}}},{{\"type\":\"object\",\"properties\":{{\"b\":{OneOf(levels - 1)}}}}}]}}";

    private static Task<HttpResponseMessage> PostAsync(SimulatedServer server, string path, string body) => server.PostAsync(path, Encoding.UTF8.GetBytes(body));

    private static async Task<string> TextAsync(HttpResponseMessage response)
    {
        var events = (await response.Content.ReadAsStringAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        response.Dispose();
        Assert.Equal("data: [DONE]", events[^1]);
        return string.Concat(events[..^1].Select(item => (string?)JsonNode.Parse(item["data: ".Length..])!["choices"]![0]!["text"]));
    }
}
