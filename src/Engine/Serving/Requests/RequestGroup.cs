using Penstock.Engine.Scheduling;

namespace Penstock.Engine.Serving.Requests;

/// <summary>One prompt of a request.</summary>
internal sealed class RequestGroup(EngineRequest request, int index, ReadOnlyMemory<int> prompt, int maxOutputTokens, int choices, GroupTerms terms)
    : SequenceGroup(prompt, maxOutputTokens, choices, terms)
{
    public EngineRequest Request { get; } = request;

    /// <summary>Which of the request's prompts it is.</summary>
    public int Index { get; } = index;
}
