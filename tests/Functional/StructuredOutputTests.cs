using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Penstock.Functional.Tests.Hosting;
using Penstock.Tests.Support;

namespace Penstock.Functional.Tests;

/// <summary>Constraints over HTTP with pebble: whatever the sampling, the answer has the form that was asked for.</summary>
public sealed class StructuredOutputTests(PebbleServer server) : IClassFixture<PebbleServer>
{
    private const string Schema = """
        {"type":"object","properties":{"name":{"type":"string","minLength":1,"maxLength":12},"age":{"type":"integer","minimum":0,"maximum":150},
        "tags":{"type":"array","items":{"enum":["red","green","blue"]},"minItems":1,"maxItems":3,"uniqueItems":true}},"required":["name","age","tags"],"additionalProperties":false}
        """;

    private const string Weather = """
        [{"type":"function","function":{"name":"weather","parameters":{"type":"object","properties":{"city":{"type":"string","maxLength":10},"unit":{"enum":["C","F"]}},"required":["city","unit"],"additionalProperties":false}}},
         {"type":"function","function":{"name":"now","strict":true}}]
        """;

    [Fact]
    public async Task JsonSchema_FiftySeedsOfHotSampling_AreAllValid()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var answer = await AskAsync($$$""" "response_format":{"type":"json_schema","json_schema":{"name":"person","strict":true,"schema":{{{Schema}}}}},"temperature":1.5,"seed":{{{seed}}},"max_tokens":200""");
            AssertPerson(answer.Content);
            Assert.True(answer.Reason is "stop" or "length");
        }
    }

    [Fact]
    public async Task JsonSchema_CutAtEveryLength_IsValid()
    {
        var least = await LeastAsync();
        for (var tokens = least; tokens < least + 30; tokens++)
        {
            var answer = await AskAsync($$$""" "guided_json":{{{Schema}}},"temperature":1.5,"seed":{{{tokens}}},"max_tokens":{{{tokens}}}""");
            AssertPerson(answer.Content);
            Assert.True(answer.Usage.GetProperty("completion_tokens").GetInt32() <= tokens);
        }
    }

    [Fact]
    public async Task JsonSchema_Streamed_IsWhatItIsWhole()
    {
        var fields = $$$""" "guided_json":{{{Schema}}},"temperature":1.2,"seed":11,"max_tokens":120""";
        var whole = await AskAsync(fields);
        using var response = await server.PostAsync("/v1/chat/completions", Body(fields + ",\"stream\":true"));

        var deltas = (await response.Content.ReadAsStringAsync()).Split("\n\n").Where(line => line.StartsWith("data: {", StringComparison.Ordinal))
            .Select(line => JsonDocument.Parse(line[6..]).RootElement.GetProperty("choices")[0].GetProperty("delta"));
        Assert.Equal(whole.Content, string.Concat(deltas.Select(delta => delta.TryGetProperty("content", out var text) ? text.GetString() : "")));
        Assert.True(whole.Usage.GetProperty("completion_tokens_details").GetProperty("constraint_resistance").GetProperty("mean").GetDouble() is > 0 and <= 1);
        await server.RecordAsync(response);
    }

    [Fact]
    public async Task JsonObject_TwoChoices_AreTwoObjects()
    {
        using var response = await server.PostAsync("/v1/chat/completions", Body(""" "response_format":{"type":"json_object"},"n":2,"seed":3,"temperature":1.5,"max_tokens":60 """));
        var choices = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("choices");

        Assert.Equal(2, choices.GetArrayLength());
        Assert.All(choices.EnumerateArray(), choice => Assert.Equal(JsonValueKind.Object, JsonDocument.Parse(choice.GetProperty("message").GetProperty("content").GetString()!).RootElement.ValueKind));
        await server.RecordAsync(response);
    }

    [Fact]
    public async Task RegexAndChoice_OnBothEndpoints_Hold()
    {
        var date = await AskAsync(""" "guided_regex":"20[0-9]{2}-(0[1-9]|1[0-2])-[0-3][0-9]","temperature":1.5 """);
        Assert.Matches("^20[0-9]{2}-(0[1-9]|1[0-2])-[0-3][0-9]$", date.Content);

        var choice = await AskAsync(""" "structured_outputs":{"choice":["yes","no","yes, but"]},"temperature":1.5 """);
        Assert.True(choice.Content is "yes" or "no" or "yes, but", choice.Content);

        using var completion = await server.PostAsync("/v1/completions", """{"model":"pebble","prompt":"The date is","guided_regex":" [0-9]{4}!","max_tokens":20}""");
        var text = JsonDocument.Parse(await completion.Content.ReadAsStringAsync()).RootElement.GetProperty("choices")[0].GetProperty("text").GetString()!;
        Assert.Matches("^ [0-9]{4}!$", text);
    }

    [Fact]
    public async Task Tools_Required_AreCalledWithArgumentsThatFit()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            using var response = await server.PostAsync("/v1/chat/completions", Body($$$""" "tools":{{{Weather}}},"tool_choice":"required","temperature":1.5,"seed":{{{seed}}},"max_tokens":120"""));
            var choice = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("choices")[0];
            var calls = choice.GetProperty("message").GetProperty("tool_calls");

            Assert.Equal(JsonValueKind.Null, choice.GetProperty("message").GetProperty("content").ValueKind);
            Assert.All(calls.EnumerateArray(), AssertCall);
        }
    }

    [Fact]
    public async Task Tools_Streamed_ArgumentsComeInPiecesOfTheWhole()
    {
        var fields = $$$""" "tools":{{{Weather}}},"tool_choice":{"type":"function","function":{"name":"weather"}},"temperature":1.5,"seed":5,"max_tokens":120""";
        using var whole = await server.PostAsync("/v1/chat/completions", Body(fields));
        var expected = JsonDocument.Parse(await whole.Content.ReadAsStringAsync()).RootElement.GetProperty("choices")[0].GetProperty("message").GetProperty("tool_calls")[0].GetProperty("function");
        using var response = await server.PostAsync("/v1/chat/completions", Body(fields + ",\"stream\":true"));

        var calls = (await response.Content.ReadAsStringAsync()).Split("\n\n").Where(line => line.StartsWith("data: {", StringComparison.Ordinal))
            .Select(line => JsonDocument.Parse(line[6..]).RootElement.GetProperty("choices")[0].GetProperty("delta"))
            .Where(delta => delta.TryGetProperty("tool_calls", out _)).Select(delta => delta.GetProperty("tool_calls")[0]).ToList();
        Assert.True(calls.Count > 2, $"{calls.Count} deltas");
        Assert.Equal(("weather", ""), (calls[0].GetProperty("function").GetProperty("name").GetString(), calls[0].GetProperty("function").GetProperty("arguments").GetString()));
        Assert.All(calls[1..], call => Assert.False(call.TryGetProperty("id", out _)));
        Assert.All(calls, call => Assert.Equal(0, call.GetProperty("index").GetInt32()));
        Assert.Equal(expected.GetProperty("arguments").GetString(), string.Concat(calls.Select(call => call.GetProperty("function").GetProperty("arguments").GetString())));
        await server.RecordAsync(response);
    }

    [Fact]
    public async Task Tools_NamedOne_IsCalledOnceAndAlone()
    {
        using var response = await server.PostAsync("/v1/chat/completions", Body($$$""" "tools":{{{Weather}}},"tool_choice":{"type":"function","function":{"name":"now"}},"temperature":1.5"""));
        var choice = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("choices")[0];

        var call = Assert.Single(choice.GetProperty("message").GetProperty("tool_calls").EnumerateArray()).GetProperty("function");
        Assert.Equal(("now", "{}"), (call.GetProperty("name").GetString(), call.GetProperty("arguments").GetString()));
        Assert.Equal("tool_calls", choice.GetProperty("finish_reason").GetString());
    }

    [Fact]
    public async Task Tools_AutoAndHot_NeverCallWhatDoesNotFit()
    {
        // A bias makes the model want to call; which tool and with what is then up to hot sampling.
        for (var seed = 0; seed < 10; seed++)
        {
            using var response = await server.PostAsync("/v1/chat/completions", Body($$$""" "tools":{{{Weather}}},"temperature":1.5,"seed":{{{seed}}},"max_tokens":100"""));
            var message = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("choices")[0].GetProperty("message");

            if (message.TryGetProperty("tool_calls", out var calls))
                Assert.All(calls.EnumerateArray(), AssertCall);
            if (message.GetProperty("content").GetString() is { } text)
                Assert.DoesNotMatch("<tool_call>", text);
        }
    }

    [Theory]
    [InlineData(""" "response_format":{"type":"json_schema","json_schema":{"name":"a","schema":{"properties":{"x":{"$ref":"#/nowhere"}}}}} """, "response_format.json_schema.schema#/properties/x")]
    [InlineData(""" "guided_json":{"properties":{"x":{"$ref":"http://example.com/x.json"}}} """, "guided_json#/properties/x")]
    [InlineData(""" "guided_regex":"(" """, "guided_regex")]
    [InlineData(""" "guided_json":false """, "guided_json")]
    [InlineData(""" "guided_json":{"type":"string","minLength":50},"max_tokens":3 """, "max_tokens")]
    [InlineData(""" "tools":[{"type":"function","function":{"name":"f","strict":true,"parameters":{"properties":{"x":{"$ref":"#/nowhere"}}}}}],"tool_choice":"required" """, "tools[0].function.parameters#/properties/x")]
    public async Task Constraint_ThatCannotBeEnforced_IsRefusedByItsPlace(string fields, string param)
    {
        using var response = await server.PostAsync("/v1/chat/completions", Body(fields));
        var error = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("error");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.StartsWith(param, error.GetProperty("param").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tools_ThoseThatCannotBeEnforced_AreSaidByNumberAndTheOthersHold()
    {
        for (var seed = 0; seed < 10; seed++)
        {
            using var response = await server.PostAsync("/v1/chat/completions", Body($$$""" "tools":{{{Mixed("false")}}},"tool_choice":"required","temperature":1.5,"seed":{{{seed}}},"max_tokens":150"""));
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal(["1", "2"], response.Headers.GetValues("x-penstock-notice").Select(notice => Regex.Match(notice, "tool ([0-9])", RegexOptions.None, TimeSpan.FromSeconds(1)).Groups[1].Value));

            var calls = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("choices")[0].GetProperty("message").GetProperty("tool_calls");
            foreach (var function in calls.EnumerateArray().Select(call => call.GetProperty("function")))
            {
                var arguments = JsonDocument.Parse(function.GetProperty("arguments").GetString()!).RootElement;
                if (function.GetProperty("name").GetString() == "good")
                    Assert.InRange(Assert.Single(arguments.EnumerateObject()).Value.GetDouble(), 1, 2);
                else
                    Assert.Equal(JsonValueKind.Object, arguments.ValueKind);
            }
        }
    }

    [Fact]
    public async Task Tools_StrictOneThatCannotBeEnforced_IsNamedAndTheRequestRefused()
    {
        using var response = await server.PostAsync("/v1/chat/completions", Body($$$""" "tools":{{{Mixed("true")}}}"""));
        var error = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("error");
        Assert.Equal((HttpStatusCode.BadRequest, "tools[1].function.parameters#/properties/x/$ref"), (response.StatusCode, error.GetProperty("param").GetString()));
    }

    // Whole in the middle of what a model that was told otherwise would go on with: that is an end, not a fault.
    [Fact]
    public async Task Constraint_ThatIsWhole_EndsWhateverTheModelWants()
    {
        using var response = await server.PostAsync(
            "/v1/completions", """{"model":"pebble","prompt":"The","guided_regex":"[0-9]{3}","n":4,"logit_bias":{"0":-100,"1":-100,"2":-100},"logprobs":1,"temperature":1.5,"max_tokens":50}""");
        foreach (var choice in JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("choices").EnumerateArray())
        {
            Assert.Matches("^[0-9]{3}$", choice.GetProperty("text").GetString()!);
            Assert.Equal("stop", choice.GetProperty("finish_reason").GetString());
        }
    }

    [Theory]
    [InlineData("/v1/chat/completions", "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]", "message")]
    [InlineData("/v1/completions", "\"prompt\":\"Answer:\"", null)]
    public async Task GrammarAndChoice_OnBothEndpoints_Hold(string path, string input, string? message)
    {
        for (var seed = 0; seed < 10; seed++)
        {
            Assert.Matches(@"^-?[0-9]+([+*]-?[0-9]+)*$", await TextAsync(@"""guided_grammar"":""root ::= term ([+*] term)*\nterm ::= [-]? [0-9]+""", seed));
            Assert.True(await TextAsync(@"""guided_choice"":[""left"",""left turn"",""right""]", seed) is "left" or "left turn" or "right");
        }

        async Task<string> TextAsync(string constraint, int seed)
        {
            using var response = await server.PostAsync(path, $$"""{"model":"pebble",{{input}},{{constraint}},"temperature":1.5,"seed":{{seed}},"max_tokens":40}""");
            var body = await response.Content.ReadAsStringAsync();
            Assert.True(response.IsSuccessStatusCode, body);
            var choice = JsonDocument.Parse(body).RootElement.GetProperty("choices")[0];
            return (message is null ? choice.GetProperty("text") : choice.GetProperty(message).GetProperty("content")).GetString()!;
        }
    }

    [Fact]
    public async Task Documentation_EveryExample_Works()
    {
        var page = await File.ReadAllTextAsync(TestData.InRepository("docs", "structured-output.md"));
        var examples = Regex.Matches(page, "8080(/v1/[a-z/]+) .*?-d '(.*?)'\n", RegexOptions.Singleline, TimeSpan.FromSeconds(1));
        Assert.Equal(4, examples.Count);
        foreach (Match example in examples)
        {
            using var response = await server.PostAsync(example.Groups[1].Value, example.Groups[2].Value);
            Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        }
    }

    private static string Mixed(string strict) => """
        [{"type":"function","function":{"name":"good","strict":true,"parameters":{"type":"object","properties":{"a":{"enum":[1,2]}},"required":["a"],"additionalProperties":false}}},
         {"type":"function","function":{"name":"lost","strict":STRICT,"parameters":{"properties":{"x":{"$ref":"#/nowhere"}}}}},
         {"type":"function","function":{"name":"text","parameters":{"type":"string"}}}]
        """.Replace("STRICT", strict, StringComparison.Ordinal);

    private static void AssertCall(JsonElement call)
    {
        var function = call.GetProperty("function");
        var arguments = JsonDocument.Parse(function.GetProperty("arguments").GetString()!).RootElement;
        if (function.GetProperty("name").GetString() == "now")
        {
            Assert.Empty(arguments.EnumerateObject());
            return;
        }

        Assert.Equal("weather", function.GetProperty("name").GetString());
        Assert.True(arguments.GetProperty("city").GetString()!.EnumerateRunes().Count() <= 10);
        Assert.True(arguments.GetProperty("unit").GetString() is "C" or "F");
        Assert.Equal(2, arguments.EnumerateObject().Count());
    }

    private static void AssertPerson(string text)
    {
        var person = JsonDocument.Parse(text).RootElement;
        Assert.Equal(3, person.EnumerateObject().Count());
        Assert.InRange(person.GetProperty("name").GetString()!.EnumerateRunes().Count(), 1, 12);
        Assert.InRange(person.GetProperty("age").GetDecimal(), 0, 150);
        var tags = person.GetProperty("tags").EnumerateArray().Select(tag => tag.GetString()).ToList();
        Assert.InRange(tags.Count, 1, 3);
        Assert.Equal(tags.Count, tags.Distinct(StringComparer.Ordinal).Count());
        Assert.All(tags, tag => Assert.True(tag is "red" or "green" or "blue"));
    }

    private static string Body(string fields) => $$$"""{"model":"pebble","messages":[{"role":"user","content":"Who are you, and what is the weather?"}],{{{fields}}}}""";

    private async Task<int> LeastAsync()
    {
        using var response = await server.PostAsync("/v1/chat/completions", Body($$$""" "guided_json":{{{Schema}}},"max_tokens":1"""));
        var message = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("error").GetProperty("message").GetString()!;
        return int.Parse(Regex.Match(message, "needs ([0-9]+)", RegexOptions.None, TimeSpan.FromSeconds(1)).Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
    }

    private async Task<(string Content, string Reason, JsonElement Usage)> AskAsync(string fields)
    {
        using var response = await server.PostAsync("/v1/chat/completions", Body(fields));
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, body);
        var answer = JsonDocument.Parse(body).RootElement;
        var choice = answer.GetProperty("choices")[0];
        return (choice.GetProperty("message").GetProperty("content").GetString()!, choice.GetProperty("finish_reason").GetString()!, answer.GetProperty("usage"));
    }
}
