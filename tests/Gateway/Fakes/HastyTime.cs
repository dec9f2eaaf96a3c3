namespace Penstock.Gateway.Tests.Fakes;

/// <summary>A clock whose timers are due at once: what is waited for with a limit has always taken too long.</summary>
internal sealed class HastyTime : TimeProvider
{
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => System.CreateTimer(callback, state, TimeSpan.Zero, period);
}
