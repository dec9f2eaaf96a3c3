using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Penstock.Gateway.Streaming;

/// <summary>
/// Server-sent events that have names. An event goes out whole or not at all: one that fails half-way must not leave a torn line before the error.
/// What an event has in common with others is written as bytes; a token then costs one escape and no allocation.
/// </summary>
internal sealed class EventWriter(HttpResponse response)
{
    private readonly ArrayBufferWriter<byte> whole = new(512);
    private Utf8JsonWriter? json;
    private bool pending;

    /// <summary>Where the inside of an event is written.</summary>
    public IBufferWriter<byte> Buffer => whole;

    private PipeWriter Output => response.BodyWriter;

    /// <summary>Begins an event; its data follows.</summary>
    public void Begin(ReadOnlySpan<byte> name)
    {
        whole.Write("event: "u8);
        whole.Write(name);
        whole.Write("\ndata: "u8);
    }

    public void End() => whole.Write("\n\n"u8);

    /// <summary>A JSON writer over the buffer for the longer parts. Flush it before writing bytes again.</summary>
    public Utf8JsonWriter Json()
    {
        json ??= new Utf8JsonWriter(whole, JsonResponse.WriterOptions);
        json.Reset(whole);
        return json;
    }

    /// <summary>Writes an event whose data is written by a JSON writer.</summary>
    public void Write(ReadOnlySpan<byte> name, Action<Utf8JsonWriter> data)
    {
        Begin(name);
        var writer = Json();
        data(writer);
        writer.Flush();
        End();
    }

    /// <summary>The events in the buffer are whole: they may go out with the next flush.</summary>
    public void Commit()
    {
        pending |= whole.WrittenCount > 0;
        Output.Write(whole.WrittenSpan);
        whole.ResetWrittenCount();
    }

    public async ValueTask FlushAsync()
    {
        if (pending)
        {
            pending = false;
            await Output.FlushAsync();
        }
    }

    /// <summary>Drops what is not whole.</summary>
    public void Discard() => whole.ResetWrittenCount();
}
