using System.Threading.Channels;
using Penstock.Contracts.Errors;
using Penstock.Contracts.Generation;
using Penstock.Contracts.Records;
using Penstock.Engine.Constraining;
using Penstock.Engine.Sampling;
using Penstock.Engine.Scheduling;
using Penstock.Engine.Serving.Gaps;
using Penstock.Engine.Serving.Loop;
using Penstock.Engine.Serving.Text;
using Penstock.Models.Tokenization;

namespace Penstock.Engine.Serving.Requests;

/// <summary>A chat or completion in the engine.</summary>
/// <remarks>
/// The channel has no capacity of its own: what it can ever hold is bounded at admission, by choices x (most output tokens + 2)
/// events. So a slow reader neither blocks the loop nor loses a token, and costs memory only for what it has not read.
/// </remarks>
internal sealed class GenerationRequest : EngineRequest
{
    private readonly Channel<GenerationEvent> events = Channel.CreateUnbounded<GenerationEvent>(
        new UnboundedChannelOptions { SingleReader = true, SingleWriter = true, AllowSynchronousContinuations = false });

    private readonly RequestGroup group;
    private readonly GenerationSettings settings;
    private readonly GenerationChoice[] choices;
    private readonly TextArena arena;
    private readonly GapTally gaps = new();
    private FinishCause cause = FinishCause.Model;
    private FinishReason reason = FinishReason.Stop;
    private long firstTokenAt;
    private int discardedCancelled;

    public GenerationRequest(int[] prompt, GenerationSettings settings, ITokenizer tokenizer, TextSegmentPool pool, GroupTerms? terms = null)
    {
        this.settings = settings;
        arena = new TextArena(pool);
        group = new RequestGroup(this, 0, prompt, settings.MaxOutputTokens, settings.Choices, terms ?? GroupTerms.Default);
        Groups = [group];
        choices = new GenerationChoice[settings.Choices];
        for (var i = 0; i < choices.Length; i++)
        {
            choices[i] = new GenerationChoice(
                new SamplingState(settings.Sampling, settings.Seed, i, prompt, settings.MaxOutputTokens, tokenizer.VocabularySize),
                new ChoiceText(tokenizer, arena, settings.Stops, settings.StartsText, settings.Sampling.TopLogProbs is not null, settings.ShownTokens),
                settings.Constraint is null ? null : new ConstrainedSampling(settings.Constraint, settings.MaxOutputTokens));
        }
    }

    public override IReadOnlyList<RequestGroup> Groups { get; }

    public ChannelReader<GenerationEvent> Events => events.Reader;

    /// <summary>The most that can be sampled, over all choices.</summary>
    public int MostOutputTokens => settings.MaxOutputTokens * settings.Choices;

    public override int LeastOutputTokens => settings.IgnoreEndOfGeneration && settings.Stops.Count == 0 ? settings.MaxOutputTokens : 1;

    public override bool Complete => Array.TrueForAll(choices, choice => choice.Done);

    /// <summary>Gives the text buffers back, once nobody reads events any more.</summary>
    public void ReturnBuffers() => arena.Return();

    public override PenstockError? Take(PlannedSlice slice, StepContext step)
    {
        if (slice.Samples == 0)
            return null;

        if (!slice.IsPrefill)
            return Take(slice.Choice, step.Runner.Logits(slice.Output), step);

        for (var choice = 0; choice < choices.Length; choice++)
        {
            // The choices begin with the same logits, and sampling overwrites them.
            var logits = choices.Length == 1 ? step.Runner.Logits(slice.Output) : step.CopyLogits(slice.Output);
            if (Take(choice, logits, step) is { } error)
                return error;
        }

        return null;
    }

    protected override GenerationSummary Summarize(long now)
    {
        if (Ending.Error is not null)
            Fail(Ending.Error, now);
        else if (Ending.Reason == FinishReason.Cancelled)
            Cancel(now);
        else if (Ending.Reason == FinishReason.Deadline)
            StopLate(now);

        events.Writer.Complete();
        return new GenerationSummary
        {
            Tokens = PromptCounts() with
            {
                Sampled = choices.Sum(choice => choice.Sampled),
                DiscardedTrimmed = choices.Sum(choice => choice.Text.TrimmedTokens),
                DiscardedCancelled = discardedCancelled,
            },
            ScheduledAt = ScheduledAt(),
            FirstTokenAt = firstTokenAt,
            EndedAt = now,
            LargestGap = gaps.Largest == TimeSpan.Zero ? null : gaps.Largest,
            Gaps = gaps.ToRecord(),
            Digest = firstTokenAt == 0 ? null : TokenDigest.Join(Array.ConvertAll(choices, choice => choice.Digest)),
            Preemptions = group.Preemptions,
            Resistance = Resistance(),
            FinishReason = reason,
            FinishCause = cause,
            FinishPhase = firstTokenAt != 0 ? RequestPhase.Decode : Admitted ? RequestPhase.Prefill : RequestPhase.Schedule,
        };
    }

    private ConstraintResistance? Resistance()
    {
        var total = default(ResistanceTally);
        foreach (var choice in choices)
        {
            if (choice.Constrained is { } constrained)
                total.Add(constrained.Resistance);
        }

        return total.Total();
    }

    protected override void Abandon(Exception fault) => events.Writer.TryComplete(fault);

    private PenstockError? Take(int index, Span<float> logits, StepContext step)
    {
        var choice = choices[index];
        var outcome = choice.Sample(logits, step, gaps, group.Preemptions, out var token, out var logProb);
        if (outcome == SampleOutcome.Whole)
        {
            Finish(index, FinishReason.Length, FinishCause.Request, tokens: 0, step.Now);
            step.Result.End(group, index);
            return null;
        }

        if (outcome != SampleOutcome.Sampled)
            return NoToken(outcome);

        step.Sampled++;
        if (firstTokenAt == 0)
            firstTokenAt = step.Now;
        if (Membership.Cancelled)
        {
            // The client left while the step ran: the token is the price of it and is shown to nobody.
            discardedCancelled++;
            Decide(index, token, ends: choice.Sampled == settings.MaxOutputTokens, step);
            return null;
        }

        var ends = step.Tokenizer.EndsGeneration(token) && !settings.IgnoreEndOfGeneration;
        if (ends)
            Finish(index, FinishReason.Stop, FinishCause.Model, tokens: 1, step.Now);
        else
            ends = Show(index, token, logProb, step.Now);

        Decide(index, token, ends, step);
        while (!ends && choice.TryForce(out token))
        {
            (step.Sampled, step.Forced) = (step.Sampled + 1, step.Forced + 1);
            ends = Show(index, token, null, step.Now);
            if (ends)
                step.Result.End(group, index);
            else
                step.Result.Append(group, index, token);
        }

        return null;
    }

    // True when the choice has ended with this token.
    private bool Show(int index, int token, TokenLogProb? logProb, long now)
    {
        var choice = choices[index];
        var release = choice.Text.Append(token, logProb);
        Say(index, release, now);
        if (release.Stopped)
            Close(index, FinishReason.Stop, FinishCause.Request, tokens: 0, now);
        else if (choice.Constrained is { IsCut: false, IsComplete: true })
            Finish(index, FinishReason.Stop, FinishCause.Model, tokens: 0, now);
        else if (choice.Sampled == settings.MaxOutputTokens || choice.Constrained is { IsCut: true })
            Finish(index, FinishReason.Length, FinishCause.Request, tokens: 0, now);
        return choice.Done;
    }

    private static PenstockError NoToken(SampleOutcome why) => why switch
    {
        SampleOutcome.Stuck => new PenstockError(
            ErrorCode.UnsupportedValue, "The model's vocabulary has no tokens for what the constraint needs next. Change the constraint, or use another model."),
        SampleOutcome.Exhausted => new PenstockError(
            ErrorCode.UnsupportedValue, "The constraint took more time or memory for a token than one may. Make it simpler, or bound its lengths."),
        _ => new PenstockError(ErrorCode.RunnerFailed, "The model's output was not a number. Try again; if it happens again the model file or the backend is damaged."),
    };

    private void Decide(int index, int token, bool ends, StepContext step)
    {
        if (ends)
            step.Result.End(group, index);
        else
            step.Result.Continue(group, index, token);
    }

    // Shows what was withheld, and ends.
    private void Finish(int index, FinishReason why, FinishCause who, int tokens, long now)
    {
        var last = choices[index].Text.Finish();
        Say(index, last, now);
        if (last.Stopped && why == FinishReason.Length)
            why = FinishReason.Stop;
        Close(index, why, who, tokens, now);
    }

    private void Close(int index, FinishReason why, FinishCause who, int tokens, long now)
    {
        choices[index].Done = true;
        (reason, cause) = Worse(why, who);
        events.Writer.TryWrite(new GenerationEvent
        {
            Kind = GenerationEventKind.Finish,
            Choice = index,
            Tokens = tokens,
            Timestamp = now,
            FinishReason = why,
            FinishCause = who,
            StopText = choices[index].Text.StopText,
        });
    }

    private void Say(int index, TextRelease release, long now)
    {
        if (release.Tokens == 0 && release.Text.Length == 0)
            return;

        events.Writer.TryWrite(new GenerationEvent
        {
            Kind = GenerationEventKind.Text,
            Choice = index,
            Tokens = release.Tokens,
            Text = release.Text,
            LogProbs = release.LogProbs,
            Timestamp = now,
        });
    }

    // What was withheld is legitimate text: no stop string was completed. It is shown before the error is told.
    private void Fail(PenstockError error, long now)
    {
        for (var i = 0; i < choices.Length; i++)
        {
            if (!choices[i].Done)
                Say(i, choices[i].Text.Finish(), now);
        }

        (reason, cause) = (Ending.Reason, Ending.By);
        events.Writer.TryWrite(new GenerationEvent { Kind = GenerationEventKind.Error, Error = error, Timestamp = now });
    }

    // What was withheld is legitimate text here too.
    private void StopLate(long now)
    {
        for (var i = 0; i < choices.Length; i++)
        {
            if (!choices[i].Done)
                Finish(i, Ending.Reason, Ending.By, tokens: 0, now);
        }
    }

    private void Cancel(long now)
    {
        for (var i = 0; i < choices.Length; i++)
        {
            if (choices[i].Done)
                continue;

            discardedCancelled += choices[i].Text.WithheldTokens;
            Close(i, Ending.Reason, Ending.By, tokens: 0, now);
        }
    }

    // The reasons are declared from the best to the worst.
    private (FinishReason Reason, FinishCause Cause) Worse(FinishReason why, FinishCause who) => why >= reason ? (why, who) : (reason, cause);
}
