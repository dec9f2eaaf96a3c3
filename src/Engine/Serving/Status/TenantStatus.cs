using Penstock.Contracts.Requests;

namespace Penstock.Engine.Serving.Status;

/// <summary>What a tenant has at one engine.</summary>
/// <param name="Name">The tenant.</param>
/// <param name="Weight">Its share relative to the others'.</param>
/// <param name="Service">Service received divided by weight, in weighted tokens.</param>
/// <param name="QueuedByClass">Its requests that wait, one count a <see cref="ServiceClass"/>.</param>
/// <param name="OutstandingPromptTokens">Prompt tokens that it has asked for and that are not computed.</param>
public sealed record TenantStatus(string Name, double Weight, double Service, IReadOnlyList<int> QueuedByClass, long OutstandingPromptTokens);
