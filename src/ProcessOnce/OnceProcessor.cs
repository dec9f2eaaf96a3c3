namespace Penstock.ProcessOnce;

/// <summary>
/// One decision and one effect for every event, however often it is delivered and wherever its consumer dies: the decision is the gateway's, kept under the event's key; the effect
/// and the note that it happened are one transaction of the consumer's database. Thread-safe.
/// </summary>
/// <typeparam name="TTransaction">The transaction in which effects are applied.</typeparam>
/// <param name="consumer">The consumer's name, part of every key.</param>
/// <param name="inbox">Which events have had their effect.</param>
public sealed class OnceProcessor<TTransaction>(string consumer, IInbox<TTransaction> inbox)
{
    /// <summary>Told at every step, for traces, and for tests that die there.</summary>
    public Func<ProcessingStep, Task> OnStep { get; init; } = _ => Task.CompletedTask;

    /// <summary>Processes one delivery. Acknowledge it unless the answer is <see cref="Processed.TryAgain"/>, or this throws.</summary>
    /// <param name="eventId">The event's id, the same at every delivery.</param>
    /// <param name="ask">Asks the gateway under the key that it is given.</param>
    /// <param name="apply">Applies the decision through the transaction, and only through it.</param>
    /// <param name="cancellationToken">Gives up; the event is as it was, or done.</param>
    public async Task<Processed> ProcessAsync(
        string eventId, Func<string, CancellationToken, Task<GatewayAnswer>> ask, Func<TTransaction, string, Task> apply, CancellationToken cancellationToken)
    {
        await OnStep(ProcessingStep.Received);

        // Saves the question for most duplicates; what slips through here is stopped by the transaction.
        if (await inbox.HasAsync(eventId, cancellationToken))
        {
            return Processed.Duplicate;
        }

        await OnStep(ProcessingStep.Asking);
        var answer = await ask(EventKey.Of(consumer, eventId), cancellationToken);
        if (answer.Verdict != GatewayVerdict.Decided)
        {
            return answer.Verdict == GatewayVerdict.Refused ? Processed.Poison : Processed.TryAgain;
        }

        await OnStep(ProcessingStep.Decided);
        var applied = await inbox.ApplyAsync(
            eventId,
            async transaction =>
            {
                await apply(transaction, answer.Body);
                await OnStep(ProcessingStep.Applied);
            },
            cancellationToken);
        await OnStep(ProcessingStep.Committed);
        return applied ? Processed.Applied : Processed.Duplicate;
    }
}
