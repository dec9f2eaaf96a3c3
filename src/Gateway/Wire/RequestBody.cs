using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Penstock.Contracts;
using Penstock.Contracts.Errors;

namespace Penstock.Gateway.Wire;

/// <summary>Reads a bounded request body and parses it as one strict JSON object.</summary>
public static class RequestBody
{
    /// <summary>
    /// Arrays and objects within one another. A schema may nest 256 deep, and what is deeper is refused by its compiler, which knows the place; this bound is
    /// behind that one, for whatever walks over JSON level by level.
    /// </summary>
    internal const int MaxDepth = 512;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    /// <summary>The whole body, or the reason why it is not one. Reads no more than <paramref name="maxBytes"/> and a segment.</summary>
    public static async ValueTask<Outcome<JsonDocument>> ReadAsync(PipeReader body, long maxBytes, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await body.ReadAsync(cancellationToken);
            if (read.Buffer.Length > maxBytes)
            {
                body.AdvanceTo(read.Buffer.End);
                return TooLarge(maxBytes);
            }

            if (read.IsCompleted)
            {
                // The document keeps what it parses, and the pipe's memory is given back below.
                var bytes = GC.AllocateUninitializedArray<byte>((int)read.Buffer.Length);
                read.Buffer.CopyTo(bytes);
                body.AdvanceTo(read.Buffer.End);
                return Parse(bytes);
            }

            body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    /// <summary>Parses a body that must be a JSON object.</summary>
    public static Outcome<JsonDocument> Parse(ReadOnlyMemory<byte> utf8)
    {
        if (utf8.Span.StartsWith(Encoding.UTF8.Preamble))
        {
            utf8 = utf8[Encoding.UTF8.Preamble.Length..];
        }

        if (utf8.Length == 0)
        {
            return Malformed("The body is empty. Send a JSON object with the header content-type: application/json.");
        }

        if (!Utf8.IsValid(utf8.Span))
        {
            return Malformed("The body is not valid UTF-8.");
        }

        try
        {
            var document = JsonDocument.Parse(utf8, Strict);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? document
                : Malformed("The body must be a JSON object.");
        }
        catch (JsonException exception)
        {
            return IsTooDeep(exception) ? TooDeep(exception, utf8.Span) : Malformed(Explain(exception));
        }
        catch (InvalidOperationException)
        {
            return Malformed("A field name of the body holds a lone surrogate: it is not text. Send whole characters.");
        }
    }

    public static PenstockError TooLarge(long maxBytes) => new(
        ErrorCode.RequestTooLarge, $"The body is larger than {maxBytes} bytes, the bound of this server. Send less, or start the server with a larger --max-body-bytes.");

    /// <summary>Whether JSON was refused because of its nesting.</summary>
    internal static bool IsTooDeep(JsonException exception) => exception.Message.Contains("maximum configured depth", StringComparison.Ordinal);

    private static PenstockError TooDeep(JsonException exception, ReadOnlySpan<byte> utf8)
    {
        var field = NestedField.Find(utf8, MaxDepth);
        return Malformed($"The body nests deeper than {MaxDepth} levels ({PlaceOf(exception)}){(field is null ? "" : $" in {field}")}. Nest less.") with { Param = field };
    }

    private static string PlaceOf(JsonException exception) => $"line {(exception.LineNumber ?? 0) + 1}, byte {(exception.BytePositionInLine ?? 0) + 1}";

    // The parser's own messages quote the text at fault; only the place is passed on.
    private static string Explain(JsonException exception)
    {
        var place = PlaceOf(exception);
        return exception.Message.Contains("uplicate", StringComparison.Ordinal)
            ? "The body has the same field twice in one object. Send each field once."
            : exception.Message.Contains("Expected depth", StringComparison.Ordinal) || exception.Message.Contains("end of data", StringComparison.Ordinal)
                ? $"The body is not valid JSON: it ends early, at {place}."
                : $"The body is not valid JSON: look at {place}.";
    }

    /// <summary>Null, or why the body's encoding is refused: a bound on what is sent is no bound on what it unpacks to.</summary>
    public static PenstockError? Encoded(string? encoding) => string.IsNullOrEmpty(encoding) || encoding.Equals("identity", StringComparison.OrdinalIgnoreCase)
        ? null
        : new(
            ErrorCode.UnsupportedEncoding,
            $"The body's content-encoding is {(encoding is "gzip" or "deflate" or "br" or "zstd" ? encoding : "not known")}; compressed bodies are not read. Send plain JSON without that header.");

    private static PenstockError Malformed(string message) => new(ErrorCode.InvalidRequest, message);
}
