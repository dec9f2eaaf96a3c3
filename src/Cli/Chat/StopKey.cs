using System.Runtime.InteropServices;

namespace Penstock.Cli.Chat;

/// <summary>Ctrl+C: the first one stops the answer that is being made; one with no answer running ends the program.</summary>
internal sealed class StopKey : IDisposable
{
    private readonly PosixSignalRegistration registration;
    private CancellationTokenSource? running;

    public StopKey() => registration = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);

    /// <summary>Begins an answer: its token is cancelled by the next Ctrl+C.</summary>
    public CancellationToken Begin()
    {
        running = new CancellationTokenSource();
        return running.Token;
    }

    /// <summary>The answer has ended.</summary>
    public void End() => Interlocked.Exchange(ref running, null)?.Dispose();

    public void Dispose()
    {
        registration.Dispose();
        End();
    }

    private void OnSignal(PosixSignalContext context)
    {
        if (running is { IsCancellationRequested: false } answer)
        {
            context.Cancel = true;
            answer.Cancel();
        }
    }
}
