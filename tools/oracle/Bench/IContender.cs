namespace Penstock.Tools.Oracle.Bench;

/// <summary>An engine with one model loaded, driven by bare steps.</summary>
internal interface IContender : IDisposable
{
    string Name { get; }

    /// <summary>Computes a prompt in an empty sequence, and the logits of its last token.</summary>
    void Prefill(int sequence, ReadOnlySpan<int> tokens, int chunk);

    /// <summary>One step: a token for each of the first sequences, which all have that length, and its logits.</summary>
    void Decode(int sequences, int length, int token);

    /// <summary>Cuts a sequence.</summary>
    void Truncate(int sequence, int length);
}
