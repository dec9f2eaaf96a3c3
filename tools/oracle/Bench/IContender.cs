namespace Penstock.Tools.Oracle.Bench;

/// <summary>An engine with one model loaded, driven by bare steps.</summary>
internal interface IContender : IDisposable
{
    /// <summary>Computes the slices, and the logits of those that want them, in the way that is fastest for this engine.</summary>
    void Step(ReadOnlySpan<Slice> slices);

    /// <summary>Cuts a sequence.</summary>
    void Truncate(int sequence, int length);
}
