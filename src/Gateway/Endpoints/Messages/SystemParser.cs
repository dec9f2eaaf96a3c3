using System.Text.Json;
using Penstock.Contracts.Requests;
using Penstock.Gateway.Wire;

namespace Penstock.Gateway.Endpoints.Messages;

/// <summary><c>system</c>: the first message of the chat, as text or as text blocks that are joined.</summary>
internal static class SystemParser
{
    public static IReadOnlyList<ChatMessage> Parse(WireObject body) => body.Field("system") switch
    {
        null => [],
        { Kind: JsonValueKind.String } text => [new ChatMessage { Role = "system", Content = text.AsText() }],
        { Kind: JsonValueKind.Array } blocks => [new ChatMessage { Role = "system", Content = TextBlocks.Join(blocks) }],
        { } other => None(other),
    };

    private static IReadOnlyList<ChatMessage> None(WireValue value)
    {
        value.WrongType("a string or an array of text blocks");
        return [];
    }
}
