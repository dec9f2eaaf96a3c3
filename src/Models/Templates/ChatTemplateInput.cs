using System.Text.Json;
using Penstock.Contracts.Requests;

namespace Penstock.Models.Templates;

/// <summary>What a chat template may see: nothing else of the process, the machine or the request is reachable from it.</summary>
public sealed record ChatTemplateInput
{
    /// <summary>The chat, oldest first. A field that a message lacks is undefined in the template; null content stays null.</summary>
    public required IReadOnlyList<ChatMessage> Messages { get; init; }

    /// <summary>Declared tools, printed with the client's key order and number forms; when empty, <c>tools</c> is undefined.</summary>
    public IReadOnlyList<ToolDefinition> Tools { get; init; } = [];

    /// <summary>Whether the prompt ends where the assistant's answer begins. Default true.</summary>
    public bool AddGenerationPrompt { get; init; } = true;

    /// <summary>The text of the vocabulary's beginning-of-sequence token; empty where it has none.</summary>
    public string BosToken { get; init; } = "";

    /// <summary>The text of the vocabulary's end-of-sequence token; empty where it has none.</summary>
    public string EosToken { get; init; } = "";

    /// <summary>
    /// Further variables (<c>chat_template_kwargs</c>: thinking switches and the like), a JSON object or null. They may replace
    /// <c>add_generation_prompt</c>, <c>bos_token</c> and <c>eos_token</c>, but not the messages, the tools or a built-in name.
    /// </summary>
    public JsonElement? Arguments { get; init; }

    /// <summary>What <c>strftime_now</c> prints, in this value's own offset.</summary>
    public required DateTimeOffset Now { get; init; }
}
