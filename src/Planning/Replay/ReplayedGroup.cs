using Penstock.Engine.Scheduling;
using Penstock.Planning.Traces;

namespace Penstock.Planning.Replay;

/// <summary>A request of the trace in the scheduler, and how far it got. Times are the clock's ticks; 0 = not reached.</summary>
internal sealed class ReplayedGroup(TraceRequest request, int number, int tenant, GroupTerms terms, long arrival)
    : SequenceGroup(Tokens(request, number), request.OutputTokens, 1, terms)
{
    /// <summary>Number of the tenant, from 0.</summary>
    public int TenantNumber { get; } = tenant;

    public long Arrival { get; } = arrival;

    public long FirstToken { get; set; }

    /// <summary>Tokens sampled so far.</summary>
    public int Output { get; set; }

    /// <summary>Whether something has been computed for it.</summary>
    public bool Started { get; set; }

    // Prompts are equal up to where their blocks are, and from the first token on where nothing is known of them.
    private static int[] Tokens(TraceRequest request, int number)
    {
        var tokens = new int[request.PromptTokens];
        for (var i = 0; i < tokens.Length; i++)
        {
            var offset = i % MooncakeTrace.BlockTokens;
            tokens[i] = offset > 0 ? offset : request.Blocks is { } blocks ? blocks[i / MooncakeTrace.BlockTokens] : number;
        }

        return tokens;
    }
}
