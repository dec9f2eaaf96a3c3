using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Penstock.Gateway.Streaming;

/// <summary>Writes one JSON body with its length.</summary>
internal static class JsonResponse
{
    /// <summary>Escapes what JSON demands and no more: the text is not put into HTML.</summary>
    public static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    public static readonly JsonWriterOptions WriterOptions = new() { Encoder = Encoder, SkipValidation = true };

    /// <summary>Writes and flushes the body; true when the client was still there.</summary>
    public static async Task<bool> WriteAsync(HttpResponse response, Action<Utf8JsonWriter> write)
    {
        var flushed = await response.BodyWriter.WriteAsync(Prepare(response, write));
        return !flushed.IsCompleted && !response.HttpContext.RequestAborted.IsCancellationRequested;
    }

    /// <summary>Writes and flushes the body without its last byte, and returns that: the client has the content, but no whole body.</summary>
    public static async Task<ReadOnlyMemory<byte>> WriteAllButLastAsync(HttpResponse response, Action<Utf8JsonWriter> write)
    {
        var body = Prepare(response, write);
        await response.BodyWriter.WriteAsync(body[..^1]);
        return body[^1..];
    }

    /// <summary>As the other, for a body that is written already.</summary>
    public static async Task<ReadOnlyMemory<byte>> WriteAllButLastAsync(HttpResponse response, ReadOnlyMemory<byte> body)
    {
        Begin(response, body.Length);
        await response.BodyWriter.WriteAsync(body[..^1]);
        return body[^1..];
    }

    private static ReadOnlyMemory<byte> Prepare(HttpResponse response, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, WriterOptions))
        {
            write(json);
        }

        Begin(response, buffer.WrittenCount);
        return buffer.WrittenMemory;
    }

    /// <summary>Says that a JSON body of this many bytes follows.</summary>
    private static void Begin(HttpResponse response, int length)
    {
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = length;
    }
}
