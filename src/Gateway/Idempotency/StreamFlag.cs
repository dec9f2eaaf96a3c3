using System.Text.Json;

namespace Penstock.Gateway.Idempotency;

/// <summary>Whether a request's body asks for a stream.</summary>
internal static class StreamFlag
{
    /// <summary>False where it does not say so, or is no JSON object: the endpoint will say what is wrong with it.</summary>
    public static bool Of(ReadOnlySpan<byte> body)
    {
        try
        {
            var json = new Utf8JsonReader(body);
            json.Read();
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                var asked = json.ValueTextEquals("stream"u8);
                json.Read();
                if (asked)
                {
                    return json.TokenType == JsonTokenType.True;
                }

                json.Skip();
            }
        }
        catch (JsonException)
        {
            return false;
        }

        return false;
    }
}
