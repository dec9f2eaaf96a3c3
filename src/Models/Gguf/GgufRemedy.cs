namespace Penstock.Models.Gguf;

/// <summary>What a user can do about a file; the second sentence of a <see cref="GgufException"/>.</summary>
internal static class GgufRemedy
{
    public const string CutOff = "The file is cut off: download or copy it again and compare its size.";
    public const string Damaged = "The file is damaged or made by a faulty tool: download it again or convert the model again.";
}
