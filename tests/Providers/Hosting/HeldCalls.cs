using System.Threading.Channels;
using Penstock.Tools.StandIn;

namespace Penstock.Providers.Tests.Hosting;

/// <summary>Holds the calls of some models before their first token.</summary>
internal sealed class HeldCalls : IDisposable
{
    private readonly StandInServer standIn;
    private readonly Channel<CallRecord> calls = Channel.CreateUnbounded<CallRecord>();
    private readonly TaskCompletionSource<bool> go = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public HeldCalls(StandInServer standIn, params string[] models)
    {
        this.standIn = standIn;
        standIn.BeforeFirstToken = async call =>
        {
            if (models.Contains(call.Model))
            {
                await calls.Writer.WriteAsync(call);
                if (await Task.WhenAny(go.Task, call.Left) == go.Task && !await go.Task)
                {
                    throw new IOException("broken");
                }
            }
        };
    }

    /// <summary>The next call that is held.</summary>
    public async Task<CallRecord> CallAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        return await calls.Reader.ReadAsync(limit.Token);
    }

    /// <summary>Lets them answer.</summary>
    public void Release() => go.TrySetResult(true);

    /// <summary>Breaks their connections.</summary>
    public void Break() => go.TrySetResult(false);

    public void Dispose()
    {
        standIn.BeforeFirstToken = _ => Task.CompletedTask;
        Release();
    }
}
