using System.Text.Json;
using Penstock.Contracts.Requests;
using Penstock.Models.Templates.Evaluation;
using Penstock.Models.Templates.Values;

namespace Penstock.Models.Templates;

/// <summary>A chat as the variables that templates expect: those of Hugging Face's <c>apply_chat_template</c>.</summary>
internal static class TemplateVariables
{
    public static Scope For(ChatTemplateInput input, RenderContext context)
    {
        var scope = Globals.Make(input.Now, context);
        scope.Set("messages", new ListValue([.. input.Messages.Select(message => Message(message, context.Budget))]));
        if (input.Tools.Count > 0) scope.Set("tools", new ListValue([.. input.Tools.Select(tool => JsonReader.Read(tool.Json, context.Budget))]));
        scope.Set("add_generation_prompt", BooleanValue.Of(input.AddGenerationPrompt));
        scope.Set("bos_token", new StringValue(input.BosToken));
        scope.Set("eos_token", new StringValue(input.EosToken));
        if (input.Arguments is { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } arguments) AddArguments(arguments, scope, context.Budget);
        return scope;
    }

    private static void AddArguments(JsonElement arguments, Scope scope, Budget budget)
    {
        if (arguments.ValueKind != JsonValueKind.Object) throw new TemplateFault("the template's arguments must be a JSON object");
        foreach (var (name, value) in ((MappingValue)JsonReader.Read(arguments, budget)).Entries)
        {
            if (name is "messages" or "tools" || Globals.Has(name)) throw new TemplateFault($"the template's arguments may not replace '{name}'");
            scope.Set(name, value);
        }
    }

    private static MappingValue Message(ChatMessage message, Budget budget)
    {
        budget.Step();
        var value = new MappingValue();
        value.Entries.Add("role", new StringValue(message.Role));
        value.Entries.Add("content", Text(message.Content));
        if (message.Name is not null) value.Entries.Add("name", Text(message.Name));
        if (message.ReasoningContent is not null) value.Entries.Add("reasoning_content", Text(message.ReasoningContent));
        if (message.ToolCalls.Count > 0) value.Entries.Add("tool_calls", new ListValue([.. message.ToolCalls.Select(call => Call(call, budget))]));
        if (message.ToolCallId is not null) value.Entries.Add("tool_call_id", Text(message.ToolCallId));
        return value;
    }

    /// <summary>Arguments that are a JSON object are given as a mapping, which is what templates print; anything else as the model wrote it.</summary>
    private static MappingValue Call(ToolCall call, Budget budget)
    {
        var function = new MappingValue();
        function.Entries.Add("name", new StringValue(call.Name));
        function.Entries.Add("arguments", JsonReader.TryParse(call.ArgumentsJson, budget) as MappingValue as Value ?? new StringValue(call.ArgumentsJson));
        var value = new MappingValue();
        value.Entries.Add("id", new StringValue(call.Id));
        value.Entries.Add("type", new StringValue("function"));
        value.Entries.Add("function", function);
        return value;
    }

    private static Value Text(string? text) => text is null ? NullValue.Instance : new StringValue(text);
}
