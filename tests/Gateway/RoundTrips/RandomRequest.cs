using System.Text.Json;
using Penstock.Contracts.Requests;

namespace Penstock.Gateway.Tests.RoundTrips;

/// <summary>Chats of all that the canonical form can say, in the form that parsers give them; each value is the default more often than not.</summary>
internal sealed class RandomRequest(int seed)
{
    private static readonly string[] Words = ["a", "Grüße ", "\"quoted\" ", "\n", "\\u0041 ", "日本 ", "👩‍🚀", "</s> ", "{\"k\": 1} ", "\t", "\u0001"];

    private readonly Random random = new(seed);

    public InferenceRequest Make()
    {
        var tools = Enumerable.Range(0, Rarely() ? random.Next(1, 4) : 0).Select(Tool).ToList();
        return new InferenceRequest
        {
            RequestId = "req_1",
            Tenant = "local",
            Kind = RequestKind.Chat,
            Model = "m",
            Messages = Messages(),
            Tools = tools,
            ToolChoice = tools.Count == 0 ? ToolChoice.Auto : Choice(),
            Constraint = Rarely() ? Constraint() : null,
            TemplateArguments = Rarely() ? Json(random.Next(3) switch { 0 => """{"enable_thinking":true}""", 1 => """{"enable_thinking":false}""", _ => """{"custom":[1,"x"]}""" }) : null,
            Sampling = Sampling(),
            Stop = Rarely() ? [Text(), "END"] : [],
            MaxOutputTokens = random.Next(3) > 0 ? random.Next(1, 10_000) : null,
            Choices = random.Next(8) == 0 ? random.Next(2, 16) : 1,
            Stream = random.Next(2) == 0,
            IgnoreEndOfGeneration = random.Next(8) == 0,
            Terms = Terms(),
            Adapter = random.Next(8) == 0 ? new AdapterSelection("tone", random.Next(2) == 0 ? 0.5f : null) : null,
            EndUser = Rarely() ? Text() : null,
        };
    }

    private List<ChatMessage> Messages()
    {
        var messages = new List<ChatMessage>();
        if (random.Next(2) == 0)
        {
            messages.Add(new ChatMessage { Role = random.Next(4) == 0 ? "developer" : "system", Content = Text(), Name = Name() });
        }

        for (var turn = random.Next(3); turn > 0; turn--)
        {
            messages.Add(User());
            var assistant = Assistant(messages.Count);
            messages.Add(assistant);
            messages.AddRange(assistant.ToolCalls.Select(call => Seeing(new ChatMessage { Role = "tool", ToolCallId = call.Id, Content = Text(), ToolFailed = Rarely() }, often: 16)));
            if (Rarely())
            {
                messages.Add(User());
                messages.Add(new ChatMessage { Role = "system", Content = Text() });
            }
        }

        messages.Add(User());
        return messages;
    }

    private ChatMessage User() => Seeing(new ChatMessage { Role = "user", Content = Text(), Name = Name() }, often: 4);

    private ChatMessage Seeing(ChatMessage message, int often)
    {
        if (random.Next(often) > 0)
        {
            return message;
        }

        // Content of nothing but pictures, places at both ends, several at one place.
        var content = Rarely() ? "" : message.Content!;
        var places = Enumerable.Range(0, random.Next(1, 4)).Select(_ => Whole(content, random.Next(content.Length + 1))).Order();
        return message with { Content = content, Attachments = [.. places.Select(place => Attachment() with { At = place })] };
    }

    // No form can cut a text within a character.
    private static int Whole(string content, int at) => at > 0 && at < content.Length && char.IsLowSurrogate(content[at]) ? at + 1 : at;

    private Attachment Attachment() => random.Next(5) switch
    {
        0 => new() { Kind = AttachmentKind.Image, Url = "https://example.test/a.png?b=c&d=\"e\"" },
        1 => new() { Kind = AttachmentKind.Image, Url = "http://example.test/a", Detail = random.Next(2) == 0 ? "low" : "high" },
        2 => new() { Kind = AttachmentKind.Document, MediaType = "application/pdf", Data = "JVBERi0xLjcK", Name = Rarely() ? null : "é.pdf" },
        3 when Rarely() => new() { Kind = AttachmentKind.Document, Url = "https://example.test/a.pdf" },
        _ => new() { Kind = AttachmentKind.Image, MediaType = random.Next(2) == 0 ? "image/png" : "image/webp", Data = "iVBORw0KGgo/+A==" },
    };

    private ChatMessage Assistant(int place)
    {
        var calls = Enumerable.Range(0, Rarely() ? random.Next(1, 3) : 0)
            .Select(index => new ToolCall($"c{place}_{index}", $"f{index}", random.Next(2) == 0 ? "{}" : $$"""{"k": {{random.Next(100)}}, "t": "é\"{{index}}"}""")).ToList();
        var thought = Rarely() ? Text() : null;
        return new ChatMessage
        {
            Role = "assistant",
            Content = calls.Count > 0 && random.Next(2) == 0 ? null : Text(),
            ReasoningContent = thought,
            ReasoningSignature = thought is not null && random.Next(2) == 0 ? "c2lnbmVk" : null,
            ToolCalls = calls,
        };
    }

    private ToolDefinition Tool(int index)
    {
        var description = Rarely() ? "\"description\":\"d\"," : "";
        var strict = random.Next(2) == 0 ? "true" : "false";
        return new($"f{index}", Json(
            """{"type":"function","function":{"name":"fINDEX",DESCRIPTION"parameters":{"type":"object","properties":{"k":{"type":"integer"}}},"strict":STRICT}}"""
                .Replace("INDEX", $"{index}", StringComparison.Ordinal).Replace("DESCRIPTION", description, StringComparison.Ordinal).Replace("STRICT", strict, StringComparison.Ordinal)));
    }

    private ToolChoice Choice() => random.Next(4) switch
    {
        0 => ToolChoice.None,
        1 => new ToolChoice(ToolChoiceMode.Required, null, random.Next(2) == 0),
        2 => new ToolChoice(ToolChoiceMode.Required, "f0", random.Next(2) == 0),
        _ => new ToolChoice(ToolChoiceMode.Auto, null, random.Next(2) == 0),
    };

    private OutputConstraint Constraint() => random.Next(5) switch
    {
        0 => new OutputConstraint { Kind = ConstraintKind.JsonObject, Param = "" },
        1 => new OutputConstraint { Kind = ConstraintKind.Regex, Param = "", Source = "[0-9]{2}\"" },
        2 => new OutputConstraint { Kind = ConstraintKind.Choice, Param = "", Choices = ["yes", Text()] },
        3 => new OutputConstraint { Kind = ConstraintKind.Grammar, Param = "", Source = "root ::= \"a\"" },
        _ => new OutputConstraint { Kind = ConstraintKind.JsonSchema, Param = "", Source = """{"type": "object", "required": ["é"]}""" },
    };

    private SamplingOptions Sampling() => new()
    {
        Temperature = Rarely() ? random.Next(0, 4) / 2f : 1,
        TopP = Rarely() ? 0.25f : 1,
        TopK = Rarely() ? random.Next(1, 50) : 0,
        MinP = random.Next(8) == 0 ? 0.1f : 0,
        RepetitionPenalty = random.Next(8) == 0 ? 1.1f : 1,
        PresencePenalty = random.Next(8) == 0 ? -0.5f : 0,
        FrequencyPenalty = random.Next(8) == 0 ? 0.3f : 0,
        LogitBias = random.Next(8) == 0 ? new Dictionary<int, float> { [random.Next(1000)] = -100 } : SamplingOptions.Default.LogitBias,
        Seed = random.Next(8) == 0 ? unchecked((ulong)random.NextInt64(long.MinValue, long.MaxValue)) : null,
        TopLogProbs = random.Next(16) == 0 ? random.Next(20) : null,
    };

    private ServiceTerms Terms() => new()
    {
        Class = Rarely() ? ServiceClass.Batch : ServiceClass.Standard,
        Priority = random.Next(8) == 0 ? -3 : 0,
        CacheSalt = random.Next(8) == 0 ? "salt" : null,
        Deterministic = random.Next(16) == 0,
    };

    private string? Name() => random.Next(8) == 0 ? "ada" : null;

    private string Text() => string.Concat(Enumerable.Range(0, random.Next(1, 5)).Select(_ => Words[random.Next(Words.Length)]));

    private bool Rarely() => random.Next(4) == 0;

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
}
