namespace Penstock.Engine.Scheduling;

/// <summary>
/// What the scheduler schedules: one prompt and the sequences (choices) that continue it. The prompt is computed once, in the
/// first choice's sequence; the others share its KV. Changed by the <see cref="Scheduler"/> only.
/// </summary>
public class SequenceGroup
{
    private readonly Line[] lines;

    /// <param name="prompt">Token ids, at least one.</param>
    /// <param name="maxOutputTokens">Most tokens to sample for each choice; 0 = nothing is sampled, the prompt's hidden states are wanted.</param>
    /// <param name="choices">Number of choices, at least 1.</param>
    /// <param name="terms">On whose account and how urgently it runs; null = <see cref="GroupTerms.Default"/>.</param>
    public SequenceGroup(ReadOnlyMemory<int> prompt, int maxOutputTokens, int choices, GroupTerms? terms = null)
    {
        ArgumentOutOfRangeException.ThrowIfZero(prompt.Length);
        ArgumentOutOfRangeException.ThrowIfNegative(maxOutputTokens);
        ArgumentOutOfRangeException.ThrowIfLessThan(choices, 1);
        (Prompt, MaxOutputTokens, lines, Terms) = (prompt, maxOutputTokens, new Line[choices], terms ?? GroupTerms.Default);
    }

    public ReadOnlyMemory<int> Prompt { get; }

    public int MaxOutputTokens { get; }

    public GroupTerms Terms { get; }

    public int Choices => lines.Length;

    /// <summary>Whether the prompt's hidden states are wanted and no token is sampled.</summary>
    public bool WantsHidden => MaxOutputTokens == 0;

    public SequenceGroupState State { get; internal set; }

    /// <summary>Prompt tokens computed so far.</summary>
    public int Prefilled { get; internal set; }

    /// <summary>The <c>now</c> of the first step that computed something for it; 0 before.</summary>
    public long ScheduledAt { get; internal set; }

    /// <summary>Choices that still hold a sequence number.</summary>
    public int LiveChoices { get; internal set; }

    /// <summary>KV blocks that all choices together hold when each has got its most tokens: whole prompt blocks are shared, the rest is each choice's own. The last token sampled is never stored.</summary>
    public int WorstCaseBlocks(int blockTokens) => SharedBlocks(blockTokens) + (Choices * OwnBlocks(blockTokens));

    /// <summary>Tokens of a choice's sequence at its longest.</summary>
    internal int FinalLength => Prompt.Length + Math.Max(0, MaxOutputTokens - 1);

    internal int OwnBlocks(int blockTokens) => ((FinalLength + blockTokens - 1) / blockTokens) - SharedBlocks(blockTokens);

    internal ref Line At(int choice) => ref lines[choice];

    private int SharedBlocks(int blockTokens) => Prompt.Length / blockTokens;

    /// <summary>One choice.</summary>
    internal struct Line
    {
        /// <summary>The sequence number, while <see cref="Live"/>.</summary>
        public int Sequence;

        /// <summary>The token to compute next.</summary>
        public int NextToken;

        /// <summary>Tokens sampled; all but the last are stored.</summary>
        public int Sampled;

        public bool Live;
    }
}
