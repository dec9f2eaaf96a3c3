namespace Penstock.Ledger.Storage;

/// <summary>
/// Sees to it that one server writes a ledger. An advisory lock on a file beside it, which the operating system releases
/// however the process ends. The file itself stays: removing it would let two servers lock two different files.
/// </summary>
internal sealed class LedgerLock : IDisposable
{
    // A reader that looks whether a server is alive holds the lock for microseconds; a starting server must not trip over that.
    private const int Attempts = 10;
    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromMilliseconds(30);

    private readonly FileStream stream;

    private LedgerLock(FileStream stream) => this.stream = stream;

    /// <exception cref="LedgerException">Another server has it, or the folder cannot be written.</exception>
    public static async Task<LedgerLock> TakeAsync(string ledgerFile, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return new LedgerLock(new FileStream(PathOf(ledgerFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (UnauthorizedAccessException error)
            {
                throw SqliteFaults.Unwritable(ledgerFile, error);
            }
            catch (IOException error)
            {
                if (attempt == Attempts)
                {
                    throw IsHeld(ledgerFile)
                        ? new LedgerException(LedgerFault.InUse, $"Another Penstock server is writing the ledger {ledgerFile}. Stop it, or give this one its own folder with --data.", error)
                        : SqliteFaults.Unwritable(ledgerFile, error);
                }

                await Task.Delay(BetweenAttempts, cancellationToken);
            }
        }
    }

    /// <summary>Whether a server has the ledger open for writing now.</summary>
    public static bool IsHeld(string ledgerFile)
    {
        try
        {
            using var probe = new FileStream(PathOf(ledgerFile), FileMode.Open, FileAccess.Read, FileShare.Read);
            return false;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
        catch (UnauthorizedAccessException)
        {
            return true;
        }
    }

    public void Dispose() => stream.Dispose();

    private static string PathOf(string ledgerFile) => ledgerFile + ".lock";
}
