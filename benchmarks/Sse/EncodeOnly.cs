using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Penstock.Contracts.Generation;
using Penstock.Gateway.Endpoints.Chat;
using Penstock.Gateway.Endpoints.Completions;
using Penstock.Gateway.Streaming;

namespace Penstock.Benchmarks.Sse;

/// <summary>Tokens encoded into memory that nobody sends.</summary>
internal static class EncodeOnly
{
    private const int Tokens = 200_000;

    /// <returns>µs a token.</returns>
    public static double Run(bool chat)
    {
        var http = new DefaultHttpContext();
        http.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(Stream.Null));
        var head = new AnswerHead("chatcmpl-0123456789abcdef", 1_700_000_000, "source", null, 1, IncludeUsage: false);
        IAnswerWriter writer = chat ? new ChatStream(http.Response, head) : new CompletionStream(http.Response, head);
        var token = new GenerationEvent { Kind = GenerationEventKind.Text, Tokens = 1, Text = " answer"u8.ToArray() };
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < Tokens; i++)
        {
            writer.Write(token);
            // As often as a page is full, at no cost that counts.
            if (i % 16 == 15)
                writer.FlushAsync().AsTask().Wait();
        }

        return Stopwatch.GetElapsedTime(start).TotalMicroseconds / Tokens;
    }
}
