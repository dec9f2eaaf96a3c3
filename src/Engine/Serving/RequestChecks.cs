using Penstock.Contracts.Errors;
using Penstock.Contracts.Requests;
using Penstock.Engine.Scheduling;

namespace Penstock.Engine.Serving;

/// <summary>What the engine can know of a request before it starts: whether it fits the context, the KV memory and the vocabulary.</summary>
internal sealed class RequestChecks(
    string model, int contextLength, int vocabularySize, int defaultOutputTokens, SchedulerLimits limits, int blockTokens, int totalBlocks)
{
    private const int MostAlternatives = 20;

    /// <summary>Most tokens that each choice may sample.</summary>
    /// <param name="prompt">Tokens of the prompt.</param>
    /// <param name="request">The request.</param>
    /// <param name="tokens">The answer, when there is no error.</param>
    /// <returns>Null, or why it does not fit.</returns>
    public PenstockError? OutputTokens(ReadOnlyMemory<int> prompt, InferenceRequest request, out int tokens)
    {
        tokens = request.MaxOutputTokens ?? Math.Min(defaultOutputTokens, Math.Min(contextLength - prompt.Length, RoomInBlocks(prompt.Length, request.Choices)));
        if (request.MaxOutputTokens is < 1)
            return new PenstockError(ErrorCode.InvalidRequest, $"The most output tokens are {tokens}; they must be at least 1.", "max_tokens");
        if (request.MaxOutputTokens is null && tokens < 1)
            return prompt.Length >= contextLength ? TooLong(prompt.Length, 1, Param(request)) : TooLarge(prompt.Length, 1, request.Choices, Param(request));
        if ((long)prompt.Length + tokens > contextLength)
            return TooLong(prompt.Length, tokens, Param(request));
        return new SequenceGroup(prompt, tokens, request.Choices).WorstCaseBlocks(blockTokens) > totalBlocks
            ? TooLarge(prompt.Length, tokens, request.Choices, Param(request))
            : null;
    }

    /// <summary>Whether an input to embed fits.</summary>
    public PenstockError? Input(int[] input) => input.Length > contextLength
        ? new PenstockError(
            ErrorCode.ContextLengthExceeded,
            $"The context of '{model}' is {contextLength} tokens, but an input has {input.Length}. Shorten the input.",
            "input")
        : new SequenceGroup(input, 0, 1).WorstCaseBlocks(blockTokens) > totalBlocks ? TooLarge(input.Length, 0, 1, "input") : null;

    public PenstockError? Sampling(InferenceRequest request)
    {
        if (request.Choices < 1 || request.Choices > limits.MaxSequences)
            return new PenstockError(ErrorCode.InvalidRequest, $"The number of choices is {request.Choices}; '{model}' runs 1 to {limits.MaxSequences} at a time.", "n");
        if (request.Sampling.TopLogProbs is < 0 or > MostAlternatives)
            return new PenstockError(ErrorCode.InvalidRequest, $"The number of alternatives is {request.Sampling.TopLogProbs}; 0 to {MostAlternatives} are reported.", "top_logprobs");
        foreach (var token in request.Sampling.LogitBias.Keys)
        {
            if ((uint)token >= (uint)vocabularySize)
                return new PenstockError(ErrorCode.InvalidRequest, $"Token id {token} is not in the vocabulary of '{model}'. Ids run from 0 to {vocabularySize - 1}.", "logit_bias");
        }

        return null;
    }

    /// <summary>Whether a constrained answer has the tokens that it needs.</summary>
    /// <param name="least">Tokens of the shortest answer.</param>
    /// <param name="tokens">Most tokens that it may have.</param>
    public static PenstockError? Shortest(int least, int tokens) => least <= tokens ? null : new PenstockError(
        ErrorCode.InvalidRequest, $"The answer may have {tokens} tokens, but the shortest that the constraint allows needs {least}. Ask for {least} or more.", "max_tokens");

    private int RoomInBlocks(int prompt, int choices)
    {
        var shared = prompt / blockTokens;
        var own = (totalBlocks - shared) / choices;
        return (int)Math.Min(int.MaxValue, (((long)shared + own) * blockTokens) - prompt + 1);
    }

    private static string Param(InferenceRequest request) => request.Kind == RequestKind.Chat ? "messages" : "prompt";

    private PenstockError TooLong(int prompt, int output, string param) => new(
        ErrorCode.ContextLengthExceeded,
        $"The context of '{model}' is {contextLength} tokens, but the request needs {(long)prompt + output}: {prompt} for the prompt and {output} for the output. Shorten the prompt or ask for fewer tokens.",
        param);

    private PenstockError TooLarge(int prompt, int output, int choices, string param) => new(
        ErrorCode.ContextLengthExceeded,
        $"The KV memory of '{model}' holds {(long)totalBlocks * blockTokens} tokens, but the request needs more: {prompt} for the prompt and {output} for each of {choices} outputs. Shorten the prompt, ask for fewer tokens or choices, or give the server more KV memory.",
        param);
}
