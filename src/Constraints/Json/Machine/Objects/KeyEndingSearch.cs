using Penstock.Constraints.Json.Machine.Texts;

namespace Penstock.Constraints.Json.Machine.Objects;

/// <summary>Looks for a short way to end a document from within a property's name.</summary>
internal sealed class KeyEndingSearch
{
    /// <summary>Names that are tried for each way in which the object may stand: what it needs anyway, or the first ones.</summary>
    private const int MostCandidates = 8;

    private readonly MachineContext context;
    private readonly ProgressSet progresses;
    private readonly ObjectFrame[] frames;
    private KeyEnding? best;
    private long cost = long.MaxValue;

    /// <param name="frame">The object's, or several joined: one for each of <paramref name="progresses"/>.</param>
    public KeyEndingSearch(MachineContext context, ProgressSet progresses, Frame frame)
    {
        (this.context, this.progresses) = (context, progresses);
        frames = [.. (frame is JoinedFrame joined ? joined.Members : [frame]).Cast<ObjectFrame>().OrderBy(open => open.Progress.Id)];
    }

    public KeyEnding Find(int low, int high, int length, OtherName[] others, byte[]? before)
    {
        for (var member = 0; member < progresses.Members.Length; member++)
            TryNames(member, low, high, length);

        foreach (var other in others)
        {
            var rest = TextSearch.ShortestRest(context, other.State, other.Taken);
            byte[] whole = [.. before ?? [], .. rest];
            foreach (var owner in other.Owners.Groups)
            {
                var (member, group) = progresses.Groups[owner];
                Try(member, rest, progresses.Members[member].StartsOf(group, whole));
            }
        }

        return best ?? throw new InvalidOperationException("A name that exists has no ending.");
    }

    private void TryNames(int member, int low, int high, int length)
    {
        var progress = progresses.Members[member];
        var tried = 0;
        foreach (var required in (bool[])[true, false])
        {
            for (var name = low; name < high && tried < MostCandidates; name++)
            {
                var property = progresses.PropertyOf(member, name);
                if (property < 0 || progress.Plan[property].IsRequired != required || !progress.Allows(property))
                    continue;

                Try(member, progresses.Names[name][length..], progress.StartsOf(property));
                tried++;
            }
        }
    }

    private void Try(int member, byte[] rest, PropertyStart[] starts)
    {
        if (starts is [var start, ..] && rest.Length + start.Value.ShortestLength + start.Next.EndLength + frames[member].Parent!.EndLength is var total && total < cost)
            (best, cost) = (new(rest, start, frames[member]), total);
    }
}
