namespace Penstock.Ledger.Storage;

/// <summary>One moment of a ledger: whatever is read until disposal is of one snapshot.</summary>
/// <param name="serverLives">Whether a server has the ledger open: if not, admitted requests are interrupted ones.</param>
/// <param name="end">Lets go of the snapshot.</param>
internal sealed class ReadMoment(bool serverLives, Action end) : IDisposable
{
    public bool ServerLives => serverLives;

    public void Dispose() => end();
}
