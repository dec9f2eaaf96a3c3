namespace Penstock.Contracts.Requests;

/// <summary>
/// Something that a request says and that the form it was translated into cannot. The request is answered without it and its client is told in the
/// header <c>penstock-warnings</c>; what would change the answer's meaning is refused instead.
/// </summary>
/// <param name="Param">The field, in the path notation of the form that has it: <c>system[0].cache_control</c>. Never a value.</param>
/// <param name="Message">What becomes of it, in one sentence without content.</param>
public sealed record Loss(string Param, string Message)
{
    /// <summary>More are told to nobody: clients take 32 KiB of headers and less, and beyond this many the rest repeats the same fields of later messages.</summary>
    public const int MostDeclared = 32;

    /// <summary>The fields of several, as records keep them; null when there are none.</summary>
    public static string? Fields(IEnumerable<Loss> losses) => string.Join(',', losses.Take(MostDeclared).Select(loss => loss.Param)) is { Length: > 0 } fields ? fields : null;
}
