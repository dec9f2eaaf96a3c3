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
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, WriterOptions))
        {
            write(json);
        }

        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = buffer.WrittenCount;
        var flushed = await response.BodyWriter.WriteAsync(buffer.WrittenMemory);
        return !flushed.IsCompleted && !response.HttpContext.RequestAborted.IsCancellationRequested;
    }
}
