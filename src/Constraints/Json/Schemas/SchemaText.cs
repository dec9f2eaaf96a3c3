using System.Text.Json;
using Penstock.Contracts.Errors;

namespace Penstock.Constraints.Json.Schemas;

/// <summary>Looks over a schema's text before anything recurses into it.</summary>
internal static class SchemaText
{
    /// <summary>What is wrong with the text, or null.</summary>
    public static PenstockError? Check(ReadOnlySpan<byte> text, ConstraintLimits limits)
    {
        if (text.Length > limits.SchemaBytes)
        {
            return new(ErrorCode.UnsupportedValue, $"The schema has {text.Length} bytes; {limits.SchemaBytes} is the most that is supported. (at #)", "#");
        }

        var reader = new Utf8JsonReader(text, new() { MaxDepth = int.MaxValue });
        while (reader.Read())
        {
            if (reader.CurrentDepth > limits.Nesting)
            {
                return new(ErrorCode.UnsupportedValue, $"The schema nests arrays and objects more than {limits.Nesting} deep. (at #)", "#");
            }

            if (reader.ValueIsEscaped && reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && !IsText(reader))
            {
                return new(ErrorCode.InvalidRequest, $"A string at byte {reader.TokenStartIndex} has half of a surrogate pair, which no UTF-8 text can hold. (at #)", "#");
            }
        }

        return null;
    }

    private static bool IsText(Utf8JsonReader reader)
    {
        try
        {
            reader.GetString();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
