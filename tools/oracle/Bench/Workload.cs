namespace Penstock.Tools.Oracle.Bench;

/// <summary>Steps that are measured together.</summary>
/// <param name="Decodes">Sequences that decode a token in each step, from <see cref="DecodeFrom"/> tokens on.</param>
/// <param name="Chunk">Tokens of a prompt in each step, from its start on; 0 = none.</param>
/// <param name="Steps">How many steps.</param>
internal sealed record Workload(int Decodes, int Chunk, int Steps)
{
    /// <summary>Tokens in a decoding sequence before the first step.</summary>
    public const int DecodeFrom = 64;

    private const int DecodeSteps = 24;
    private const int PrefillTokens = 512;
    private const int MixedSteps = 12;

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
    public int Length => Math.Max(Decodes > 0 ? DecodeFrom + Steps : 0, Chunk * Steps);

    /// <summary>Rows of a step, those included that fill the decoding sequences before.</summary>
    public int Rows => Math.Max(Decodes + Chunk, DecodeFrom);

    public static Workload Decode(int batch) => new(batch, 0, DecodeSteps);

    public static Workload Prefill(int chunk) => new(0, chunk, Math.Max(1, PrefillTokens / chunk));

    public static Workload Mixed(int decodes, int chunk) => new(decodes, chunk, MixedSteps);
}
