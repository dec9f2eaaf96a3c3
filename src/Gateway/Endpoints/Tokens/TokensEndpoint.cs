using System.Buffers;
using Microsoft.AspNetCore.Http;
using Penstock.Contracts;
using Penstock.Contracts.Errors;
using Penstock.Gateway.Errors;
using Penstock.Gateway.Hosting;
using Penstock.Gateway.Requests;
using Penstock.Gateway.Streaming;
using Penstock.Gateway.Wire;
using Penstock.Models.Tokenization;

namespace Penstock.Gateway.Endpoints.Tokens;

/// <summary>
/// <c>POST /tokenize</c> and <c>POST /detokenize</c>, in the field names of both llama-server (<c>content</c>) and vLLM
/// (<c>prompt</c>). <c>model</c> may be left out where one model is served.
/// </summary>
internal sealed class TokensEndpoint(ApiRequest api)
{
    private sealed record TextRequest(string? Model, string Text, bool AddSpecial, bool ParseSpecial);

    private sealed record TokensRequest(string? Model, IReadOnlyList<int> Tokens, bool Special);

    public async Task TokenizeAsync(HttpContext http)
    {
        if (await api.ReadAsync(http, ParseText) is not { } request)
        {
            return;
        }

        var tokenizer = Find(RequestScope.Of(http).Settings.Models, request.Model);
        if (!tokenizer.Ok)
        {
            await ErrorResponse.WriteAsync(http.Response, tokenizer.Error);
            return;
        }

        var tokens = new List<int>();
        tokenizer.Value.Encode(request.Text, tokens, request.AddSpecial, request.ParseSpecial);
        await JsonResponse.WriteAsync(http.Response, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("tokens");
            foreach (var token in tokens)
            {
                json.WriteNumberValue(token);
            }

            json.WriteEndArray();
            json.WriteNumber("count", tokens.Count);
            json.WriteEndObject();
        });
    }

    public async Task DetokenizeAsync(HttpContext http)
    {
        if (await api.ReadAsync(http, ParseTokens) is not { } request)
        {
            return;
        }

        var tokenizer = Find(RequestScope.Of(http).Settings.Models, request.Model);
        if (!tokenizer.Ok)
        {
            await ErrorResponse.WriteAsync(http.Response, tokenizer.Error);
            return;
        }

        if (request.Tokens.FirstOrDefault(token => token >= tokenizer.Value.VocabularySize, -1) is >= 0 and var unknown)
        {
            await ErrorResponse.WriteAsync(http.Response, new(
                ErrorCode.InvalidRequest, $"tokens holds {unknown}; the vocabulary's ids end at {tokenizer.Value.VocabularySize - 1}.", "tokens"));
            return;
        }

        var text = new ArrayBufferWriter<byte>();
        foreach (var token in request.Tokens)
        {
            text.Write(tokenizer.Value.Bytes(token, request.Special));
        }

        await JsonResponse.WriteAsync(http.Response, json =>
        {
            json.WriteStartObject();
            json.WriteString("content", text.WrittenSpan);
            json.WriteString("prompt", text.WrittenSpan);
            json.WriteEndObject();
        });
    }

    private static TextRequest ParseText(WireObject body, Caller caller) => new(
        body.Text("model"),
        (body.Field("content") ?? body.Field("prompt") ?? body.Required("content"))?.AsText() ?? "",
        body.Flag("add_special") || body.Flag("add_special_tokens"),
        body.Field("parse_special")?.AsBoolean() ?? true);

    private static TokensRequest ParseTokens(WireObject body, Caller caller)
    {
        var tokens = new List<int>();
        if (body.Required("tokens") is not null)
        {
            foreach (var item in body.Items("tokens", int.MaxValue))
            {
                if (item.AsInteger(0, int.MaxValue) is not { } token)
                {
                    break;
                }

                tokens.Add(token);
            }
        }

        return new(body.Text("model"), tokens, body.Flag("special"));
    }

    private static Outcome<ITokenizer> Find(ModelCatalog models, string? name)
    {
        if (name is null && models.Models.Count > 1)
        {
            return new PenstockError(ErrorCode.InvalidRequest, "model is missing: several models are served here.", "model");
        }

        var model = models.Find(name ?? models.DefaultName);
        return !model.Ok ? model.Error
            : model.Value.Model.Tokenizer is { } tokenizer ? Outcome.Of(tokenizer)
            : new PenstockError(ErrorCode.UnsupportedValue, $"The tokenizer of '{model.Value.Model.Name}' is not here.", "model");
    }
}
