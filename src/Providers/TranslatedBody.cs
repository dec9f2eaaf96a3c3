using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Penstock.Contracts;
using Penstock.Contracts.Requests;
using Penstock.Wire;

namespace Penstock.Providers;

/// <summary>A canonical request in the form that a provider reads.</summary>
/// <param name="Request">The request, its prompt estimated by the bytes of the form.</param>
/// <param name="Wire">The form.</param>
/// <param name="Losses">What it could not say.</param>
internal sealed record TranslatedBody(InferenceRequest Request, WireRequest Wire, IReadOnlyList<Loss> Losses)
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Translates; a request that the form cannot say without changing its meaning is an error.</summary>
    /// <param name="request">The request.</param>
    /// <param name="form">What is written.</param>
    /// <param name="write">Writes it.</param>
    public static Outcome<TranslatedBody> Of(InferenceRequest request, WireForm form, Action<Utf8JsonWriter, Translation> write)
    {
        var body = new ArrayBufferWriter<byte>(1024);
        var translation = new Translation();
        using (var json = new Utf8JsonWriter(body, Plain))
        {
            write(json, translation);
        }

        return translation.Refusal is { } refusal
            ? refusal
            : new TranslatedBody(
                request with { PromptTokensEstimate = TokenEstimate.OfBytes(body.WrittenCount - Bytes(request)), Pictures = Attachments(request).Sum(attachment => attachment.Pictures) },
                new WireRequest(form, body.WrittenMemory), translation.Losses);
    }

    // A picture costs what its provider says, however many bytes it has.
    private static int Bytes(InferenceRequest request) => Attachments(request).Sum(attachment => attachment.Kind == AttachmentKind.Image ? attachment.Data?.Length ?? 0 : 0);

    private static IEnumerable<Attachment> Attachments(InferenceRequest request) => (request.Messages ?? []).SelectMany(message => message.Attachments);
}
