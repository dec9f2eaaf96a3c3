using Penstock.Contracts.Errors;

namespace Penstock.Gateway.Wire;

/// <summary>Collects what is wrong with a body. The client is told the first fault: OpenAI's error shape has room for one.</summary>
public sealed class WireFaults
{
    /// <summary>The first fault, or null.</summary>
    public PenstockError? First { get; private set; }

    /// <summary>A value that no OpenAI-compatible server would take.</summary>
    public void Invalid(string param, string message) => First ??= new(ErrorCode.InvalidRequest, message, param);

    /// <summary>A legal value that Penstock does not do.</summary>
    public void Unsupported(string param, string message) => First ??= new(ErrorCode.UnsupportedValue, message, param);
}
