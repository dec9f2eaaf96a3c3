using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Penstock.Gateway.Endpoints.Chat;
using Penstock.Gateway.Endpoints.Completions;
using Penstock.Gateway.Endpoints.Embeddings;
using Penstock.Gateway.Endpoints.Messages;
using Penstock.Gateway.Endpoints.Responses;
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

    private const string Messages = """
        {"model":"m","max_tokens":9,"system":[{"type":"text","text":"a","cache_control":{"type":"ephemeral"}}],"messages":[{"role":"user","content":"b"},
        {"role":"assistant","content":[{"type":"thinking","thinking":"t","signature":"s"},{"type":"text","text":"c"},{"type":"tool_use","id":"1","name":"f","input":{"k":[1]}}]},
        {"role":"user","content":[{"type":"tool_result","tool_use_id":"1","content":[{"type":"text","text":"r"}],"is_error":true},{"type":"text","text":"d"}]}],
        "tools":[{"name":"f","description":"d","input_schema":{"type":"object"},"strict":true}],"tool_choice":{"type":"tool","name":"f","disable_parallel_tool_use":true},
        "thinking":{"type":"enabled","budget_tokens":1024},"stop_sequences":["x"],"metadata":{"user_id":"u"},"output_config":{"format":{"type":"json_schema","schema":{}}},"stream":true}
        """;

    private const string Responses = """
        {"model":"m","store":false,"instructions":"s","input":[{"role":"user","content":[{"type":"input_text","text":"a"}]},{"type":"reasoning","summary":[],"content":[{"type":"reasoning_text","text":"t"}],
        "encrypted_content":"e"},{"type":"message","role":"assistant","content":[{"type":"output_text","text":"c"}]},{"type":"function_call","call_id":"1","name":"f","arguments":"{}"},
        {"type":"function_call_output","call_id":"1","output":"r"}],"tools":[{"type":"function","name":"f","parameters":{"type":"object"},"strict":true}],"tool_choice":{"type":"function","name":"f"},
        "text":{"format":{"type":"json_schema","name":"n","schema":{}}},"reasoning":{"effort":"low"},"max_output_tokens":20,"include":["reasoning.encrypted_content"],"stream":true}
        """;

    private static readonly string[] Bodies = [Chat, Completion, Embedding, Messages, Responses];

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
            foreach (var whole in Bodies)
            {
                var body = whole;
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
        foreach (var text in Bodies)
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
        Run(body => MessagesRequestParser.Parse(body, caller));
        Run(body => ResponsesRequestParser.Parse(body, caller));
        Run(body => ResponseEcho.Of(body));
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
