namespace Penstock.Ledger.Tests.Support;

/// <summary>A folder of this test's own, removed with everything in it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("penstock-ledger-").FullName;

    public LedgerOptions Options => LedgerOptions.InFolder(Path);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
