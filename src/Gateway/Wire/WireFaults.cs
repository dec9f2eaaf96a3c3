using Penstock.Contracts.Errors;
using Penstock.Contracts.Requests;

namespace Penstock.Gateway.Wire;

/// <summary>Collects what is wrong with a body. The client is told the first fault: OpenAI's error shape has room for one.</summary>
public sealed class WireFaults
{
    private readonly List<Loss> losses = [];

    /// <summary>What the answer will do without, in the order in which it was found.</summary>
    public IReadOnlyList<Loss> Losses => losses;

    /// <summary>The first fault, or null.</summary>
    public PenstockError? First { get; private set; }

    /// <summary>A value that no OpenAI-compatible server would take.</summary>
    public void Invalid(string param, string message) => First ??= new(ErrorCode.InvalidRequest, message, param);

    /// <summary>A legal value that Penstock does not do.</summary>
    public void Unsupported(string param, string message) => First ??= new(ErrorCode.UnsupportedValue, message, param);

    /// <summary>A legal value that is let go, since it does not change what the answer means.</summary>
    public void Lost(string param, string message) => losses.Add(new(param, message));
}
