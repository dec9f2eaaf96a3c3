using System.Buffers;
using System.Text;

namespace Penstock.Constraints.Masks;

/// <summary>Characters beyond ASCII in bytes that may be cut anywhere.</summary>
internal static class Utf8Character
{
    /// <summary>Bytes of the character that a text begins with.</summary>
    /// <param name="text">Begins with a byte of 0x80 or more.</param>
    /// <param name="whole">Whether the character is whole; otherwise the text ends within it.</param>
    /// <returns>0 where no character begins so.</returns>
    public static int Length(ReadOnlySpan<byte> text, out bool whole)
    {
        var status = Rune.DecodeFromUtf8(text, out _, out var length);
        whole = status == OperationStatus.Done;
        return status == OperationStatus.InvalidData ? 0 : length;
    }
}
