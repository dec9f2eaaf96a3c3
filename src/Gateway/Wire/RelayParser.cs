using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using Penstock.Contracts.Requests;
using Penstock.Providers;

namespace Penstock.Gateway.Wire;

/// <summary>
/// A request that goes on as its client wrote it. Read here is only what accounting and routing need, strictly; what else a provider allows is the provider's
/// to judge.
/// </summary>
internal static class RelayParser
{
    private const string Deadline = "deadline_ms";

    /// <param name="body">The body.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="form">What it is written in.</param>
    public static ParsedRequest Parse(WireObject body, Caller caller, WireForm form)
    {
        var stream = form != WireForm.Embeddings && body.Flag("stream");
        var includeUsage = stream && body.Object("stream_options")?.Flag("include_usage") == true;
        if (form == WireForm.Responses)
        {
            StatefulFields.Check(body);
        }

        var size = PromptSize.Of(body, form);
        var request = new InferenceRequest
        {
            RequestId = caller.RequestId,
            Tenant = caller.Tenant,
            ApiKeyId = caller.ApiKeyId,
            Kind = form switch { WireForm.ChatCompletions or WireForm.Messages or WireForm.Responses => RequestKind.Chat, WireForm.Completions => RequestKind.Completion, _ => RequestKind.Embedding },
            Model = OutputParser.Model(body),
            Wire = Wire(body, form, includeUsage),
            PromptTokensEstimate = TokenEstimate.OfBytes(size.Bytes),
            Pictures = size.Pictures,
            MaxOutputTokens = form == WireForm.Responses ? Count(body, "max_output_tokens") : Count(body, "max_completion_tokens") ?? Count(body, "max_tokens"),
            Choices = Math.Min(Count(body, "n") ?? 1, 128),
            Stream = stream,
            Losses = [.. body.Faults.Losses],
            Terms = new ServiceTerms { Deadline = Count(body, Deadline) is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null },
        };
        return new(request, includeUsage);
    }

    /// <summary>The body as the client wrote it, but for the deadline: it is held here, and providers do not know the field.</summary>
    public static WireRequest Wire(WireObject body, WireForm form, bool includeUsage)
    {
        if (body.Json.TryGetProperty(Deadline, out _))
        {
            return new(form, Without(body.Json, Deadline), includeUsage);
        }

        var utf8 = JsonMarshal.GetRawUtf8Value(body.Json);
        var copy = GC.AllocateUninitializedArray<byte>(utf8.Length);
        utf8.CopyTo(copy);
        return new(form, copy, includeUsage);
    }

    private static byte[] Without(JsonElement body, string name)
    {
        var kept = new ArrayBufferWriter<byte>(1024);
        kept.Write("{"u8);
        foreach (var field in body.EnumerateObject().Where(field => !field.NameEquals(name)))
        {
            kept.Write(kept.WrittenCount == 1 ? "\""u8 : ",\""u8);
            kept.Write(JsonMarshal.GetRawUtf8PropertyName(field));
            kept.Write("\":"u8);
            kept.Write(JsonMarshal.GetRawUtf8Value(field.Value));
        }

        kept.Write("}"u8);
        return kept.WrittenSpan.ToArray();
    }

    private static int? Count(WireObject body, string name) =>
        body.Json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var count) && count > 0 ? count : null;
}
