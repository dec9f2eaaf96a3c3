namespace Penstock.Tools.Oracle.Bench;

/// <summary>What is measured.</summary>
/// <param name="Batches">Decoding with that many sequences at a time.</param>
/// <param name="Prompts">Prefill of prompts of that many tokens.</param>
/// <param name="Chunk">Rows of a prefill step.</param>
internal sealed record Workloads(int[] Batches, int[] Prompts, int Chunk)
{
    /// <summary>Tokens in a sequence before decoding is measured.</summary>
    public const int DecodeFrom = 64;

    /// <summary>Steps that are measured together.</summary>
    public const int DecodeSteps = 24;

    public int Sequences => Batches.Append(1).Max();

    public int ContextLength => Prompts.Append(0).Max() + DecodeFrom + DecodeSteps;

    /// <summary>All of them, as (kind, size).</summary>
    public IEnumerable<(string Kind, int Size)> Each() => [.. Batches.Select(batch => ("decode", batch)), .. Prompts.Select(prompt => ("prefill", prompt))];
}
