using Penstock.Contracts.Requests;

namespace Penstock.Engine.Scheduling;

/// <summary>
/// What the scheduler schedules: one prompt and the sequences (choices) that continue it. The prompt is computed once, in the
/// sequence of the first choice that goes on; the others share its KV. Changed by the <see cref="Scheduler"/> only.
/// </summary>
public class SequenceGroup
{
    private readonly Line[] lines;

    // Places in the heaps of the admission order.
    private int queuePlace;
    private int patiencePlace;

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
        (Remaining, Class) = (choices, Terms.Class);
    }

    public ReadOnlyMemory<int> Prompt { get; }

    public int MaxOutputTokens { get; }

    public GroupTerms Terms { get; }

    public int Choices => lines.Length;

    /// <summary>Whether the prompt's hidden states are wanted and no token is sampled.</summary>
    public bool WantsHidden => MaxOutputTokens == 0;

    public SequenceGroupState State { get; internal set; }

    /// <summary>The class that it is served in: that of its terms, or a higher one once it has waited too long.</summary>
    public ServiceClass Class { get; internal set; }

    /// <summary>Prompt tokens computed for it so far; what had to be computed again after a preemption counts once.</summary>
    public int Prefilled => Reached - Cached;

    /// <summary>Prompt tokens whose KV was there already.</summary>
    public int Cached { get; internal set; }

    /// <summary>The <c>now</c> of the first step that computed something for it; 0 before.</summary>
    public long ScheduledAt { get; internal set; }

    /// <summary>How often it gave way to a higher class.</summary>
    public int Preemptions { get; internal set; }

    /// <summary>Choices that still hold a sequence number.</summary>
    public int LiveChoices { get; internal set; }

    /// <summary>Choices that have not ended.</summary>
    public int Remaining { get; internal set; }

    /// <summary>KV blocks that the choices that go on hold together when each has got its most tokens: whole prompt blocks are shared, the rest is each choice's own. The last token sampled is never stored.</summary>
    public int WorstCaseBlocks(int blockTokens) => SharedBlocks(blockTokens) + (Remaining * OwnBlocks(blockTokens));

    /// <summary>Counts the prompt as outstanding, from whichever thread hands it in. Idempotent, but by one thread at a time.</summary>
    internal void Announce()
    {
        if (Announced)
            return;

        Announced = true;
        Terms.Tenant?.AddOutstanding(Terms.Class, Prompt.Length);
    }

    /// <summary>Who is charged.</summary>
    internal TenantAccount Tenant { get; set; } = null!;

    /// <summary>Order of submission.</summary>
    internal long Number { get; set; }

    /// <summary>Prompt tokens whose KV there has been, before preemptions too.</summary>
    internal int Reached { get; set; }

    /// <summary>Prompt tokens that the tenant has been charged for.</summary>
    internal int ChargedTo { get; set; }

    /// <summary>Whether its prompt is among what the tenant has outstanding.</summary>
    internal bool Announced { get; set; }

    /// <summary>Whether every choice that goes on has its own reservation.</summary>
    internal bool Forked { get; set; }

    /// <summary>Whether a step has decided more than one token for one of its choices, so that a sequence may lack more than its last.</summary>
    internal bool DecidedSeveral { get; set; }

    /// <summary>Whether it has advanced since it was admitted last; only then may it be preempted.</summary>
    internal bool Advanced { get; set; }

    /// <summary>Whether it wants prompt tokens: see <see cref="Order.IAdmissionOrder"/>.</summary>
    internal bool Contends { get; set; }

    /// <summary>Whether it goes before everything of its tenant that is not as old.</summary>
    internal bool Aged { get; set; }

    /// <summary>When it is lifted to the next class.</summary>
    internal long PatientUntil { get; set; } = GroupTerms.Never;

    /// <summary>When its deadline comes near.</summary>
    internal long UrgentFrom { get; set; } = GroupTerms.Never;

    /// <summary>Its KV while it is preempted; null = it is computed again.</summary>
    internal Preemption.SavedKv? Saved { get; set; }

    /// <summary>What it holds of the prefix cache; null = nothing.</summary>
    internal KvCache.PrefixNode? Prefix { get; set; }

    /// <summary>Blocks that it need not get, since they are cached and held by others; of the cache's version <see cref="SparedVersion"/>.</summary>
    internal int SparedBlocks { get; set; }

    internal long SparedVersion { get; set; } = -1;

    /// <summary>Whose prompt begins alike and is being computed, so that this one waits for it; null = it waits for nobody.</summary>
    internal SequenceGroup? Leader { get; set; }

    /// <summary>The leader's tokens that are worth waiting for.</summary>
    internal int LeaderUntil { get; set; }

    /// <summary>How far the leader was when it was looked at last.</summary>
    internal int LeaderSeen { get; set; }

    /// <summary>Plans that it goes on waiting although the leader does not advance.</summary>
    internal int Forbearance { get; set; }

    internal ref int QueuePlace => ref queuePlace;

    internal ref int PatiencePlace => ref patiencePlace;

    /// <summary>The choice in whose sequence the prompt is computed: the first that goes on.</summary>
    internal int Lead
    {
        get
        {
            var lead = 0;
            while (lead < lines.Length - 1 && lines[lead].Ended)
                lead++;
            return lead;
        }
    }

    /// <summary>Tokens of a choice's sequence at its longest.</summary>
    internal int FinalLength => Prompt.Length + Math.Max(0, MaxOutputTokens - 1);

    internal int OwnBlocks(int blockTokens) => ((FinalLength + blockTokens - 1) / blockTokens) - SharedBlocks(blockTokens);

    internal ref Line At(int choice) => ref lines[choice];

    /// <summary>Tokens that the choice's sequence stores once everything but its last token is computed.</summary>
    internal int StoredWhenDecoding(int choice) => Prompt.Length + Math.Max(0, lines[choice].Sampled - 1);

    private int SharedBlocks(int blockTokens) => Prompt.Length / blockTokens;

    /// <summary>One choice.</summary>
    internal struct Line
    {
        /// <summary>The sequence number, while <see cref="Live"/>.</summary>
        public int Sequence;

        /// <summary>The tokens sampled, in a pooled array; null before the first.</summary>
        public int[]? Tokens;

        /// <summary>Tokens decided; all but the last are stored, or all but the last few where several were decided at once.</summary>
        public int Sampled;

        /// <summary>Whether it holds a sequence.</summary>
        public bool Live;

        /// <summary>Whether it will not go on.</summary>
        public bool Ended;
    }
}
