using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Penstock.Gateway.Endpoints.Chat;
using Penstock.Gateway.Endpoints.Completions;
using Penstock.Gateway.Endpoints.Embeddings;
using Penstock.Gateway.Wire;

namespace Penstock.Gateway.Tests;

/// <summary>Random damage to valid bodies: the parsers answer with a request or a fault, and never throw.</summary>
public sealed class ParserFuzzTests
{
    private const string Chat = """
        {"model":"m","messages":[{"role":"system","content":"a"},{"role":"user","content":[{"type":"text","text":"b"}],"name":"n"},
        {"role":"assistant","content":null,"tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"1","content":"c"}],
        "tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"}}}],"tool_choice":"auto","temperature":0.5,"top_p":0.9,"top_k":5,"n":2,"stop":["x","y"],
        "logit_bias":{"5":-100},"seed":-1,"max_tokens":10,"stream":true,"stream_options":{"include_usage":true},"logprobs":true,"top_logprobs":3,"chat_template_kwargs":{"a":true}}
        """;

    private const string Completion = """{"model":"m","prompt":[1,2,3],"max_tokens":5,"logprobs":2,"stop":"x","best_of":1,"echo":false,"suffix":""}""";
    private const string Embedding = """{"model":"m","input":["a",[1,2]],"encoding_format":"base64"}""";

    private static readonly string[] Splinters =
    [
        "null", "true", "-0", "1e999", "-1e999", "99999999999999999999", "0.1e-400", "\"\\ud800\"", "\"\\udc00x\"", "[]", "{}", "[[[[]]]]", "\"\"", "\"\\u0000\"", ",", ":", "\"", "{\"\\ud800\":1}", "\uFEFF", "\u2028",
    ];

    [Fact]
    public void Parse_DamagedBody_NeverThrows()
    {
        var cuts = Gen.Choose(0, 10_000).Four().Select(at => (At: at.Item1, Length: at.Item2 % 12, Splinter: at.Item3 % (Splinters.Length + 1), Body: at.Item4 % 3));
        Prop.ForAll(Arb.From(Gen.ListOf(cuts)), damage =>
        {
            foreach (var which in new[] { 0, 1, 2 })
            {
                var body = which == 0 ? Chat : which == 1 ? Completion : Embedding;
                foreach (var cut in damage.Take(3))
                {
                    var at = cut.At % body.Length;
                    body = body.Remove(at, Math.Min(cut.Length, body.Length - at)).Insert(at, cut.Splinter < Splinters.Length ? Splinters[cut.Splinter] : "");
                }

                ParseAll(Encoding.UTF8.GetBytes(body));
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));
    }

    [Fact]
    public void Parse_DamagedBytes_NeverThrows()
    {
        var random = new Random(20261121);
        foreach (var text in new[] { Chat, Completion, Embedding })
        {
            for (var round = 0; round < 2_000; round++)
            {
                var bytes = Encoding.UTF8.GetBytes(text);
                for (var hit = random.Next(1, 4); hit > 0; hit--)
                {
                    bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                }

                ParseAll(bytes);
            }
        }
    }

    private static void ParseAll(byte[] bytes)
    {
        var outcome = RequestBody.Parse(bytes);
        if (!outcome.Ok)
        {
            return;
        }

        using var document = outcome.Value;
        var caller = new Caller("req_1", "local", null);
        Run(body => ChatRequestParser.Parse(body, caller));
        Run(body => CompletionRequestParser.Parse(body, caller));
        Run(body => EmbeddingRequestParser.Parse(body, caller, out _));

        void Run<T>(Func<WireObject, T> parse)
            where T : class
        {
            var faults = new WireFaults();
            Assert.NotNull(parse(new WireObject(document.RootElement, "", faults)));
            Assert.True(faults.First is null or { Message.Length: > 0, Param: not null });
        }
    }
}
