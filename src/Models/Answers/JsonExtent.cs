namespace Penstock.Models.Answers;

/// <summary>Finds the end of a JSON object or array that arrives in pieces. Looks at brackets and strings only; each byte is looked at once.</summary>
internal struct JsonExtent
{
    private int length;
    private int position;
    private List<bool>? arrays;
    private bool inString;
    private bool escaped;

    /// <summary>Goes on where it stopped.</summary>
    /// <param name="json">From the opening bracket on: what was given before, and more.</param>
    /// <returns>The length when the value is complete, 0 when more is needed, -1 when it cannot be JSON.</returns>
    public int Scan(ReadOnlySpan<byte> json)
    {
        for (; length == 0 && position < json.Length; position++)
        {
            if (!Accept(json[position]))
                return -1;
            if (arrays!.Count == 0)
                length = position + 1;
        }

        return length;
    }

    private bool Accept(byte value)
    {
        if (inString)
        {
            (inString, escaped) = (value != '"' || escaped, value == '\\' && !escaped);
            return value >= 0x20;
        }

        switch (value)
        {
            case (byte)'"':
                inString = true;
                return true;
            case (byte)'{' or (byte)'[':
                (arrays ??= []).Add(value == '[');
                return true;
            case (byte)'}' or (byte)']':
                var array = arrays![^1];
                arrays.RemoveAt(arrays.Count - 1);
                return array == (value == ']');
            default:
                return value is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t' or (byte)':' or (byte)',' or (byte)'-' or (byte)'+' or (byte)'.'
                    or (>= (byte)'0' and <= (byte)'9') or (>= (byte)'a' and <= (byte)'z') or (byte)'E';
        }
    }
}
