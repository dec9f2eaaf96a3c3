using System.Net;
using System.Text;
using Penstock.Functional.Tests.Hosting;

namespace Penstock.Functional.Tests;

/// <summary>Damaged, deep, huge and absurd bodies over real HTTP: an answer or a refusal, never a 500, no row without an end, and the server lives.</summary>
public sealed class HttpFuzzTests
{
    private const int Rounds = 600;
    private const int AtOnce = 8;

    private static readonly (string Path, string Body)[] Valid =
    [
        ("/v1/chat/completions", """
            {"model":"simulated","messages":[{"role":"system","content":"a"},{"role":"user","content":[{"type":"text","text":"b"}],"name":"n"},
            {"role":"assistant","content":null,"tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"1","content":"c"}],
            "temperature":0.5,"top_p":0.9,"top_k":5,"min_p":0.1,"n":2,"stop":["x","y"],"logit_bias":{"5":-100},"seed":-1,"max_tokens":3,"stream":true,
            "stream_options":{"include_usage":true},"logprobs":true,"top_logprobs":3,"presence_penalty":1,"frequency_penalty":-1}
            """),
        ("/v1/chat/completions", """{"model":"simulated","messages":[{"role":"user","content":"hi"}],"tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"}}}],"tool_choice":"auto","max_completion_tokens":2}"""),
        ("/v1/completions", """{"model":"simulated","prompt":[1,2,3],"max_tokens":2,"logprobs":2,"stop":"x","best_of":1,"echo":false,"suffix":"","stream":true}"""),
        ("/v1/completions", """{"model":"simulated","prompt":"hi","max_tokens":2,"temperature":0,"n":2}"""),
        ("/v1/messages", """
            {"model":"simulated","max_tokens":3,"system":[{"type":"text","text":"a"}],"messages":[{"role":"user","content":[{"type":"text","text":"b"}]},
            {"role":"assistant","content":[{"type":"tool_use","id":"1","name":"f","input":{}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"1","content":"c"}]}],
            "tools":[{"name":"f","input_schema":{"type":"object"}}],"tool_choice":{"type":"auto"},"stop_sequences":["x"],"temperature":0.5,"top_k":5,"stream":true}
            """),
        ("/v1/messages/count_tokens", """{"model":"simulated","messages":[{"role":"user","content":"hi"}]}"""),
        ("/v1/responses", """
            {"model":"simulated","instructions":"a","input":[{"role":"user","content":[{"type":"input_text","text":"b"}]},{"type":"function_call","call_id":"1","name":"f","arguments":"{}"},
            {"type":"function_call_output","call_id":"1","output":"c"}],"tools":[{"type":"function","name":"f","parameters":{"type":"object"}}],"max_output_tokens":3,"store":false,"stream":true}
            """),
        ("/v1/embeddings", """{"model":"simulated","input":["a",[1,2]],"encoding_format":"base64"}"""),
        ("/tokenize", """{"model":"simulated","content":"hello","add_special":true,"with_pieces":true}"""),
        ("/detokenize", """{"model":"simulated","tokens":[1,2,3]}"""),
    ];

    private static readonly string[] Splinters =
    [
        "null", "true", "-0", "1e999", "-1e999", "-1", "99999999999999999999", "2147483648", "0.1e-400", "1.5", "\"\\ud800\"", "\"\\udc00x\"", "[]", "{}", "[[[[]]]]", "[[]]", "\"\"", "\"\\u0000\"",
        ",", ":", "\"", "{\"\\ud800\":1}", "\uFEFF", "\u2028", "\"<|im_start|>\"", "[-1]", "[2147483647]", "{\"99999999\":1}", "[null]",
    ];

    [Fact]
    public async Task Post_DamagedBodies_NoneIsA500AndEveryRowEnds()
    {
        await using var server = await SimulatedServer.StartAsync();
        var random = new Random(20261121);
        List<(string Path, byte[] Body)> bodies = [.. Monsters()];
        for (var round = 0; round < Rounds; round++)
        {
            bodies.AddRange(Valid.Select(valid => (valid.Path, round % 3 == 0 ? DamagedBytes(valid.Body, random) : Damaged(valid.Body, random))));
        }

        foreach (var valid in Valid)
        {
            Assert.Equal(HttpStatusCode.OK, await AskAsync(server, (valid.Path, Encoding.UTF8.GetBytes(valid.Body))));
        }

        await Parallel.ForEachAsync(bodies, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (body, _) =>
        {
            var status = await AskAsync(server, body);
            Assert.True(status is HttpStatusCode.OK || (int)status is >= 400 and < 500, $"{(int)status} for {body.Path} {Encoding.UTF8.GetString(body.Body.AsSpan(0, Math.Min(body.Body.Length, 2000)))}");
        });
        foreach (var valid in Valid)
        {
            Assert.Equal(HttpStatusCode.OK, await AskAsync(server, (valid.Path, Encoding.UTF8.GetBytes(valid.Body))));
        }

        var audit = await server.StopAndAuditAsync();
        Assert.Empty(audit.Violations);
        Assert.Equal(0, audit.Interrupted);
        Assert.Equal(audit.Records, audit.Finished);
        Assert.True(audit.Finished > Valid.Length);
    }

    private static async Task<HttpStatusCode> AskAsync(SimulatedServer server, (string Path, byte[] Body) request)
    {
        using var response = await server.PostAsync(request.Path, request.Body);
        var text = await response.Content.ReadAsStringAsync();
        Assert.False(
            text.Contains("\"internal_error\"", StringComparison.Ordinal) || text.Contains("\"runner_failed\"", StringComparison.Ordinal),
            $"{text} for {request.Path} {Encoding.UTF8.GetString(request.Body.AsSpan(0, Math.Min(request.Body.Length, 2000)))}");
        return response.StatusCode;
    }

    /// <summary>Every value of every valid body replaced by something too deep, too long or too strange.</summary>
    private static IEnumerable<(string Path, byte[] Body)> Monsters()
    {
        string[] monsters =
        [
            new string('[', 10_000) + new string(']', 10_000), string.Concat(Enumerable.Repeat("{\"a\":", 10_000)) + "1" + new string('}', 10_000), new string('[', 10_000),
            $"[{string.Join(',', Enumerable.Repeat("1", 100_000))}]", $"[{string.Join(',', Enumerable.Repeat("{}", 50_000))}]", $"\"{new string('x', 500_000)}\"",
            $"\"{string.Concat(Enumerable.Repeat("\\ud800", 10_000))}\"", new string('9', 5_000), "1e-5000", $"0.{new string('1', 10_000)}", $"\"{new string('y', 2 << 20)}\"",
        ];
        foreach (var (path, body) in Valid)
        {
            var colons = body.Index().Where(at => at.Item == ':').Select(at => at.Index).ToList();
            for (var monster = 0; monster < monsters.Length; monster++)
            {
                yield return (path, Encoding.UTF8.GetBytes(monsters[monster]));
                foreach (var colon in colons.Where((_, index) => index % monsters.Length == monster || index < 3))
                {
                    // The old value becomes that of an unknown field.
                    yield return (path, Encoding.UTF8.GetBytes(body.Insert(colon + 1, monsters[monster] + ",\"was\":")));
                }
            }
        }
    }

    private static byte[] Damaged(string body, Random random)
    {
        for (var hits = random.Next(1, 4); hits > 0; hits--)
        {
            // Mostly a whole value gives way, so that the JSON stays JSON and the parsers get to see it.
            var start = random.Next(4) == 0 ? random.Next(body.Length) : body.IndexOfAny([':', '[', ','], random.Next(body.Length));
            var end = start < 0 ? -1 : body.IndexOfAny([',', '}', ']'], start + 1);
            if (end > start)
            {
                body = string.Concat(body.AsSpan(0, start + 1), Splinters[random.Next(Splinters.Length)], body.AsSpan(end));
            }
        }

        return Encoding.UTF8.GetBytes(body);
    }

    private static byte[] DamagedBytes(string body, Random random)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        for (var hits = random.Next(1, 4); hits > 0; hits--)
        {
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        }

        return random.Next(4) == 0 ? bytes[..random.Next(bytes.Length)] : bytes;
    }
}
