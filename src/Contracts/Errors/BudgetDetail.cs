namespace Penstock.Contracts.Errors;

/// <summary>The limit for which a request was refused, for programs to read. Amounts are in <paramref name="Unit"/>.</summary>
/// <param name="Node">Whose limit: a tenant, a key, a run.</param>
/// <param name="Window"><c>now</c>, <c>1m</c>, <c>1h</c>, <c>day</c>, <c>month</c>, <c>run</c>.</param>
/// <param name="Unit"><c>tokens</c>, <c>requests</c>, <c>usd</c>, <c>concurrency</c>, <c>calls</c>, <c>depth</c>, <c>seconds</c>.</param>
/// <param name="Limit">The limit at this moment.</param>
/// <param name="Used">What was spent of it.</param>
/// <param name="Reserved">The worst case of what is under way, and what is kept for others.</param>
/// <param name="Asked">What this request could spend at worst.</param>
/// <param name="ResetsAt">When the window ends; null where it does not.</param>
public sealed record BudgetDetail(string Node, string Window, string Unit, decimal Limit, decimal Used, decimal Reserved, decimal Asked, DateTimeOffset? ResetsAt);
