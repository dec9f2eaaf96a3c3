namespace Penstock.ProcessOnce.Tests;

/// <summary>An inbox whose transaction is a list of lines: all of them are kept, with the event, or none. One user at a time.</summary>
internal sealed class MemoryInbox : IInbox<List<string>>
{
    private readonly HashSet<string> events = [];

    public List<string> Lines { get; } = [];

    /// <summary>Says no once although it has the event, as a look that is out of date does.</summary>
    public bool LooksAreLate { get; set; }

    public Task<bool> HasAsync(string eventId, CancellationToken cancellationToken) => Task.FromResult(!LooksAreLate && events.Contains(eventId));

    public async Task<bool> ApplyAsync(string eventId, Func<List<string>, Task> effect, CancellationToken cancellationToken)
    {
        if (events.Contains(eventId))
        {
            return false;
        }

        var transaction = new List<string>();
        await effect(transaction);
        Lines.AddRange(transaction);
        events.Add(eventId);
        return true;
    }
}
