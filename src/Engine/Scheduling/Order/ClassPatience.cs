using Penstock.Contracts.Requests;

namespace Penstock.Engine.Scheduling.Order;

/// <summary>How long a group contends in a class before it is lifted to the next: from interactive, before everything that is not as old.</summary>
public readonly record struct ClassPatience(TimeSpan Interactive, TimeSpan Standard, TimeSpan Batch)
{
    public static ClassPatience Default { get; } = new(TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5));

    public TimeSpan Of(ServiceClass serviceClass) => serviceClass switch
    {
        ServiceClass.Interactive => Interactive,
        ServiceClass.Standard => Standard,
        _ => Batch,
    };
}
