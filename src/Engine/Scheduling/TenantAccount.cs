using Penstock.Contracts.Requests;
using Penstock.Engine.Scheduling.Order;

namespace Penstock.Engine.Scheduling;

/// <summary>
/// What a tenant has received of one model: its virtual token counter (VTC; Sheng et al., OSDI 2024, algorithm 2). Made by
/// <see cref="TenantAccounts"/> and carried by its requests, so that the loop looks up no names. Belongs to one scheduler.
/// </summary>
public sealed class TenantAccount
{
    private readonly long[] outstanding = new long[3];
    private double service;
    private double cachedShare;
    private int contending;

    internal TenantAccount(string name, double weight, int number) => (Name, Weight, Number) = (name, weight, number);

    public string Name { get; }

    /// <summary>Its share relative to the others', above 0.</summary>
    public double Weight { get; }

    /// <summary>Service received divided by weight, in weighted tokens. Never falls. Readable from any thread.</summary>
    public double Service
    {
        get => Volatile.Read(ref service);
        internal set => Volatile.Write(ref service, value);
    }

    /// <summary>Its number among the accounts: breaks ties, so that equals never take turns by chance.</summary>
    internal int Number { get; }

    /// <summary>Its groups that wait or have started their prompt.</summary>
    internal int Contending
    {
        get => Volatile.Read(ref contending);
        set => Volatile.Write(ref contending, value);
    }

    /// <summary>Its requests of each class that are in the queue. Kept by the gate, under its lock.</summary>
    internal int[] Queued { get; } = new int[3];

    /// <summary>What it has in each class; made when it is first needed.</summary>
    internal TenantQueue?[] Queues { get; } = new TenantQueue?[3];

    /// <summary>Prompt tokens of a class (that of the terms) that it has asked for and that are not computed. Readable from any thread.</summary>
    public long Outstanding(ServiceClass ofClass) => Math.Max(0, Volatile.Read(ref outstanding[(int)ofClass]));

    /// <summary>Share of its prompts' tokens that has been cached, the later ones counting more: what a forecast may leave out. 0 at first. Readable from any thread.</summary>
    public double CachedShare => Volatile.Read(ref cachedShare);

    /// <summary>A prompt begins, of which so many tokens are cached.</summary>
    internal void NoteCached(int cached, int prompt) => Volatile.Write(ref cachedShare, cachedShare + (0.1 * (((double)cached / prompt) - cachedShare)));

    internal void AddOutstanding(ServiceClass ofClass, long tokens) => Interlocked.Add(ref outstanding[(int)ofClass], tokens);

    internal static bool LessServed(TenantAccount first, TenantAccount second) =>
        first.Service != second.Service ? first.Service < second.Service : first.Number < second.Number;
}
