namespace Penstock.ProcessOnce;

/// <summary>What a gateway said.</summary>
/// <param name="Verdict">What it means for the event.</param>
/// <param name="Body">The answer's body: the same, byte for byte, for every delivery of the event.</param>
/// <param name="RetryAfter">How long to wait at least, where it says so.</param>
public sealed record GatewayAnswer(GatewayVerdict Verdict, string Body, TimeSpan? RetryAfter = null);
