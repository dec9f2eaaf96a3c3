namespace Penstock.Gateway.Tests.Fakes;

/// <summary>Places at which a target can break its promise not to throw.</summary>
public enum ThrowsAt
{
    Prepare,
    Start,
    Embed,
    FirstWait,
    Read,
    LaterWait,
    Completion,
    Cancel,
    Dispose,
}
