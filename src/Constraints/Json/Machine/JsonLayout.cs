namespace Penstock.Constraints.Json.Machine;

/// <summary>
/// Which white space a document may have between its tokens. Bounded by default, so that a model cannot pad for ever: JSON itself has no bound, and
/// every byte of padding is as valid as the one before it.
/// </summary>
public sealed record JsonLayout
{
    private const int NewlineFlag = 1 << 20;

    /// <summary>A few blanks, or one line break and an indentation that grows with the nesting: every usual way to print JSON. The default.</summary>
    public static JsonLayout Flexible { get; } = new();

    /// <summary>No white space at all.</summary>
    public static JsonLayout Compact { get; } = new() { Blanks = 0, Indentation = 0, IndentationPerLevel = 0, AllowsNewline = false };

    /// <summary>Whatever JSON allows, without a bound.</summary>
    public static JsonLayout Unbounded { get; } = new() { IsUnbounded = true, AllowsTrailing = true };

    /// <summary>Most blanks and tabs in a row on one line. Default 4.</summary>
    public int Blanks { get; init; } = 4;

    /// <summary>Whether one line break may come first. Default true.</summary>
    public bool AllowsNewline { get; init; } = true;

    /// <summary>Most blanks and tabs after a line break at the outermost level. Default 8.</summary>
    public int Indentation { get; init; } = 8;

    /// <summary>How many more each level of nesting allows. Default 8.</summary>
    public int IndentationPerLevel { get; init; } = 8;

    /// <summary>
    /// Whether white space may follow the document. Default false: a complete object then leaves nothing to choose, and no token is spent on the end.
    /// </summary>
    public bool AllowsTrailing { get; init; }

    /// <summary>Whether nothing is bounded. Default false.</summary>
    public bool IsUnbounded { get; init; }

    /// <summary>What a run of white space counts after one more byte (0: no run yet), or -1 where that byte is not white space or too much.</summary>
    internal int Extend(int run, byte value, int depth)
    {
        if (value is not ((byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t'))
            return -1;

        if (IsUnbounded)
            return 0;

        if (value is (byte)'\n' or (byte)'\r')
        {
            // A line break opens the run: "\n" or "\r\n".
            var opens = AllowsNewline && (run == 0 || (run == NewlineFlag + NewlineFlag && value == '\n'));
            return !opens ? -1 : value == '\r' ? NewlineFlag + NewlineFlag : NewlineFlag;
        }

        if (run >= NewlineFlag + NewlineFlag)
            return -1;

        var most = run >= NewlineFlag ? Indentation + ((long)IndentationPerLevel * depth) : Blanks;
        return (run & (NewlineFlag - 1)) < Math.Min(most, NewlineFlag - 1) ? run + 1 : -1;
    }
}
