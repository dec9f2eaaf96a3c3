using Penstock.Gateway.Configuration;

namespace Penstock.Gateway.Settings;

/// <summary>What became of an attempt to put other settings in place. They are taken whole or not at all.</summary>
/// <param name="Cause">Why it was made: <c>SIGHUP</c>, <c>the file changed</c>.</param>
/// <param name="At">When.</param>
/// <param name="Faults">Why they were refused, all of it; empty when they are in place.</param>
/// <param name="NeedRestart">What differs from the running server's and takes effect with its next start.</param>
public sealed record SettingsOutcome(string Cause, DateTimeOffset At, IReadOnlyList<OptionFault> Faults, IReadOnlyList<string> NeedRestart)
{
    public bool Applied => Faults.Count == 0;
}
