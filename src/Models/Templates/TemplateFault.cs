namespace Penstock.Models.Templates;

/// <summary>Ends a parse or a render; <see cref="ChatTemplate"/> turns it into an error value. Never leaves this namespace.</summary>
internal sealed class TemplateFault(string reason, int line = 0) : Exception(reason)
{
    /// <summary>Counted from 1; 0 until the interpreter says where it was.</summary>
    public int Line { get; set; } = line;
}
