namespace Penstock.Ledger.Budgets;

/// <summary>The arithmetic and the names of windows.</summary>
public static class BudgetWindows
{
    private static readonly string[] Names = ["now", "1m", "1h", "day", "month"];

    /// <summary>All that begin and end: every window but <see cref="BudgetWindow.Now"/>.</summary>
    public static IReadOnlyList<BudgetWindow> Timed { get; } = [BudgetWindow.Minute, BudgetWindow.Hour, BudgetWindow.Day, BudgetWindow.Month];

    /// <summary>As in configuration and refusals: <c>now</c>, <c>1m</c>, <c>1h</c>, <c>day</c>, <c>month</c>.</summary>
    public static string Name(this BudgetWindow window) => Names[(int)window];

    /// <summary>The window of that name, or null.</summary>
    public static BudgetWindow? Find(string name) => Array.IndexOf(Names, name) is var index and >= 0 ? (BudgetWindow)index : null;

    /// <summary>When the window began that holds this moment, in UTC ticks; 0 for <see cref="BudgetWindow.Now"/>.</summary>
    public static long StartOf(this BudgetWindow window, DateTimeOffset moment)
    {
        var ticks = moment.UtcTicks;
        return window switch
        {
            BudgetWindow.Now => 0,
            BudgetWindow.Minute => ticks - (ticks % TimeSpan.TicksPerMinute),
            BudgetWindow.Hour => ticks - (ticks % TimeSpan.TicksPerHour),
            BudgetWindow.Day => ticks - (ticks % TimeSpan.TicksPerDay),
            _ => new DateTime(moment.UtcDateTime.Year, moment.UtcDateTime.Month, 1, 0, 0, 0, DateTimeKind.Utc).Ticks,
        };
    }

    /// <summary>When the window that began then ends, in UTC ticks: the first tick that is no longer in it.</summary>
    public static long EndOf(this BudgetWindow window, long start) => window switch
    {
        BudgetWindow.Now => long.MaxValue,
        BudgetWindow.Minute => start + TimeSpan.TicksPerMinute,
        BudgetWindow.Hour => start + TimeSpan.TicksPerHour,
        BudgetWindow.Day => start + TimeSpan.TicksPerDay,
        _ => new DateTime(start, DateTimeKind.Utc).AddMonths(1).Ticks,
    };
}
