using Microsoft.AspNetCore.Http;
using Penstock.Contracts.Generation;
using Penstock.Gateway.Streaming;

namespace Penstock.Gateway.Requests;

/// <summary>How an endpoint writes its answers.</summary>
/// <param name="IdPrefix">In front of the answer's id.</param>
/// <param name="Stream">Makes a writer of server-sent events.</param>
/// <param name="Whole">Makes a writer of one body.</param>
/// <param name="Tail">How a stream ends that a provider wrote; null = as OpenAI's.</param>
internal sealed record AnswerForm(
    string IdPrefix, Func<HttpResponse, AnswerHead, IAnswerWriter> Stream, Func<HttpResponse, AnswerHead, IAnswerWriter> Whole, StreamTail? Tail = null)
{
    /// <summary>Makes a writer of the events that follow those of a provider; null = as of a new stream that repeats the provider's names.</summary>
    public Func<HttpResponse, AnswerHead, ResumedAnswer, IAnswerWriter>? Resume { get; init; }

    /// <summary>Writes behind a provider's events.</summary>
    public IAnswerWriter Resumed(HttpResponse response, AnswerHead head, ResumedAnswer resumed) => Resume is { } resume
        ? resume(response, head, resumed)
        : Stream(response, head with { Id = resumed.Id ?? head.Id, Model = resumed.Model ?? head.Model, Created = resumed.Created ?? head.Created });
}

