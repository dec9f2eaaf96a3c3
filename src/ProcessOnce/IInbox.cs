namespace Penstock.ProcessOnce;

/// <summary>
/// Which events have had their effect, kept in the consumer's own database beside what the effects change. Thread-safe, and safe among any number of consumers of one database.
/// </summary>
/// <typeparam name="TTransaction">The transaction in which an effect is applied.</typeparam>
public interface IInbox<out TTransaction>
{
    /// <summary>Whether the event has had its effect. A no may be out of date when it returns; a yes stays one.</summary>
    Task<bool> HasAsync(string eventId, CancellationToken cancellationToken);

    /// <summary>
    /// In one transaction: notes the event, applies the effect, commits. Where the event is noted already nothing is applied. What the effect throws undoes the note as well.
    /// </summary>
    /// <param name="eventId">The event.</param>
    /// <param name="effect">Changes the consumer's tables through the transaction, and nothing else: only what is in it happens once.</param>
    /// <param name="cancellationToken">Gives up before the commit; nothing has happened then.</param>
    /// <returns>Whether the effect was applied by this call.</returns>
    Task<bool> ApplyAsync(string eventId, Func<TTransaction, Task> effect, CancellationToken cancellationToken);
}
