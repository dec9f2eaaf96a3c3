namespace Penstock.Engine.Scheduling.Cost;

/// <summary>What a step has to do, in the terms that its duration depends on.</summary>
/// <param name="DecodeRows">Rows of choices that go on by one token.</param>
/// <param name="PromptTokens">Rows of prompts, and of tokens that are computed again.</param>
/// <param name="ContextTokens">Stored tokens that the decode rows attend to, summed over the rows.</param>
/// <param name="PromptContext">Tokens that the prompt rows attend to, summed over the rows: the quadratic part of a long prompt.</param>
/// <param name="MovedTokens">Tokens whose KV was saved to or restored from memory before the step.</param>
public readonly record struct StepWork(double DecodeRows, double PromptTokens, double ContextTokens, double PromptContext, double MovedTokens)
{
    /// <summary>With another decode row, of a sequence of <paramref name="position"/> stored tokens.</summary>
    public StepWork AndDecode(int position) => this with { DecodeRows = DecodeRows + 1, ContextTokens = ContextTokens + position };

    /// <summary>With another <paramref name="rows"/> of a prompt, from position <paramref name="start"/> on.</summary>
    public StepWork AndPrompt(int start, int rows) => this with
    {
        PromptTokens = PromptTokens + rows,
        PromptContext = PromptContext + (rows * (start + (0.5 * rows))),
    };

    /// <summary>With the KV of <paramref name="tokens"/> moved.</summary>
    public StepWork AndMoved(int tokens) => this with { MovedTokens = MovedTokens + tokens };
}
