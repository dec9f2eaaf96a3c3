using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Http;
using Penstock.Contracts.Errors;
using Penstock.Contracts.Generation;
using Penstock.Gateway.Errors;
using Penstock.Gateway.Requests;

namespace Penstock.Gateway.Streaming;

/// <summary>
/// An answer that commits to nothing before its first event: an error until then has its own status. The first event also says in which form the answer goes out:
/// as the provider's own bytes, or written here.
/// </summary>
/// <param name="response">Where it goes.</param>
/// <param name="written">Writes canonical events.</param>
/// <param name="relayed">Forwards a provider's bytes.</param>
/// <param name="resume">Writes canonical events behind a provider's bytes.</param>
internal sealed class FirstEventWriter(HttpResponse response, Func<IAnswerWriter> written, Func<IAnswerWriter> relayed, Func<ResumedAnswer, IAnswerWriter> resume) : IAnswerWriter
{
    private IAnswerWriter? writer;
    private bool begun;

    public ValueTask BeginAsync() => ValueTask.CompletedTask;

    public void Write(in GenerationEvent item)
    {
        writer ??= item.Wire.IsEmpty ? written() : relayed();
        if (item.Resumed is { } resumed)
        {
            Resume(resumed);
        }

        writer.Write(item);
    }

    public async ValueTask<bool> FlushAsync()
    {
        if (writer is null)
        {
            return false;
        }

        await BeginOnceAsync(writer);
        return await writer.FlushAsync();
    }

    public async ValueTask CompleteAsync(GenerationSummary summary)
    {
        writer ??= written();
        await BeginOnceAsync(writer);
        await writer.CompleteAsync(summary);
    }

    public ValueTask EndAsync() => writer!.EndAsync();

    public ValueTask KeepAliveAsync() => begun ? writer!.KeepAliveAsync() : ValueTask.CompletedTask;

    public async ValueTask FailAsync(PenstockError error)
    {
        if (begun)
        {
            await writer!.FailAsync(error);
        }
        else
        {
            await ErrorResponse.WriteAsync(response, error);
        }
    }

    // The headers are gone: a comment between two events says it. Behind a provider's bytes come events that are written here.
    private void Resume(ResumedAnswer resumed)
    {
        response.BodyWriter.Write(Encoding.UTF8.GetBytes($": {Admission.WarningsHeader} {resumed.Notice}\n\n"));
        writer = writer is RelayedStream ? resume(resumed) : writer;
    }

    private async ValueTask BeginOnceAsync(IAnswerWriter chosen)
    {
        if (!begun)
        {
            begun = true;
            await chosen.BeginAsync();
        }
    }
}
