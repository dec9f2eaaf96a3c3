using Microsoft.AspNetCore.Http;
using Penstock.Gateway.Streaming;

namespace Penstock.Gateway.Requests;

/// <summary>How an endpoint writes its answers.</summary>
/// <param name="IdPrefix">In front of the answer's id.</param>
/// <param name="Stream">Makes a writer of server-sent events.</param>
/// <param name="Whole">Makes a writer of one body.</param>
/// <param name="Tail">How a stream ends that a provider wrote; null = as OpenAI's.</param>
internal sealed record AnswerForm(
    string IdPrefix, Func<HttpResponse, AnswerHead, IAnswerWriter> Stream, Func<HttpResponse, AnswerHead, IAnswerWriter> Whole, StreamTail? Tail = null);
