namespace Penstock.Gateway.Tenancy;

/// <summary>What an agent run has used so far. Guarded by its <see cref="RunBook"/>.</summary>
/// <param name="begun">When its first call came.</param>
internal sealed class RunState(DateTimeOffset begun)
{
    /// <summary>Calls by what their children may call them: the request's id and the client's own step.</summary>
    private readonly Dictionary<string, int> depths = new(StringComparer.Ordinal);

    public DateTimeOffset Begun { get; } = begun;

    public DateTimeOffset LastCall { get; set; } = begun;

    public int Calls { get; set; }

    /// <summary>Calls that have not ended.</summary>
    public int Running { get; set; }

    /// <summary>Tokens of calls that have ended.</summary>
    public long Tokens { get; set; }

    /// <summary>The worst case of those that have not.</summary>
    public long Reserved { get; set; }

    /// <summary>How deep a call with this parent is; a parent that this run does not know is itself at the top.</summary>
    public int DepthBelow(string? parent) => parent is null ? 1 : depths.GetValueOrDefault(parent, 1) + 1;

    public void Name(string? name, int depth)
    {
        if (name is not null)
        {
            depths[name] = depth;
        }
    }
}
