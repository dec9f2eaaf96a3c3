namespace Penstock.Tools.Oracle.Bench;

/// <summary>Steps that are measured together.</summary>
/// <param name="Decodes">Sequences that decode a token in each step, from <paramref name="From"/> tokens on.</param>
/// <param name="Chunk">Tokens of a prompt in each step, from its start on; 0 = none.</param>
/// <param name="Steps">How many steps.</param>
/// <param name="From">Tokens in a decoding sequence before the first step.</param>
internal sealed record Workload(int Decodes, int Chunk, int Steps, int From = 64)
{
    /// <summary>Steps of decoding that take a model of 250M parameters about a second.</summary>
    public const int UsualSteps = 24;

    private const int PrefillTokens = 512;

    public string Name => (Decodes, Chunk) switch
    {
        (_, 0) => $"decode, batch {Decodes}",
        (0, _) => $"prefill, chunks of {Chunk}",
        _ => $"mixed, {Decodes} decodes + {Chunk} tokens",
    };

    /// <summary>Tokens that are computed.</summary>
    public int Tokens => (Decodes + Chunk) * Steps;

    public int Sequences => Decodes + (Chunk > 0 ? 1 : 0);

    /// <summary>Most tokens that one sequence comes to have.</summary>
    public int Length => Math.Max(Decodes > 0 ? From + Steps : 0, Chunk * Steps);

    /// <summary>Rows of a step, those included that fill the decoding sequences before.</summary>
    public int Rows => Math.Max(Decodes + Chunk, From);

    /// <summary>The work as described by its parts, with fewer steps where a model is large.</summary>
    /// <param name="decodes">Sequences that decode.</param>
    /// <param name="chunk">Tokens of a prompt.</param>
    /// <param name="steps">Steps of decoding. Beside a chunk there are half as many, and of a prompt alone 512 tokens for <see cref="UsualSteps"/>.</param>
    public static Workload Of(int decodes, int chunk, int steps) => (decodes, chunk) switch
    {
        (_, 0) => new(decodes, 0, steps),
        (0, _) => new(0, chunk, Math.Max(1, PrefillTokens * steps / UsualSteps / chunk)),
        _ => new(decodes, chunk, Math.Max(1, steps / 2)),
    };
}
