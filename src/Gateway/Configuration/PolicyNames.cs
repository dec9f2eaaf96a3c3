using Penstock.Engine.Scheduling;

namespace Penstock.Gateway.Configuration;

/// <summary>Scheduling policies by the names that people write.</summary>
public static class PolicyNames
{
    private static readonly (string Name, SchedulingPolicy Policy)[] Policies =
    [
        ("fair", SchedulingPolicy.Fair),
        ("fcfs", SchedulingPolicy.FirstComeFirstServed),
        ("unchunked", SchedulingPolicy.Unchunked),
    ];

    public static IReadOnlyList<string> All { get; } = [.. Policies.Select(each => each.Name)];

    /// <summary>The policy of this name, or null.</summary>
    public static SchedulingPolicy? Find(string name)
    {
        foreach (var each in Policies)
        {
            if (each.Name == name)
            {
                return each.Policy;
            }
        }

        return null;
    }

    public static string NameOf(SchedulingPolicy policy) => Policies.Single(each => each.Policy == policy).Name;

    /// <summary>The policy under the key <c>policy</c>; null when there is none, or another (a fault).</summary>
    internal static SchedulingPolicy? Read(YamlNodeReader section)
    {
        if (section.String("policy") is not { } name)
        {
            return null;
        }

        if (Find(name) is { } policy)
        {
            return policy;
        }

        section.Faults.Add(new(section.PathOf("policy"), name, $"a policy is one of {string.Join(", ", All)}", "Leave it out for fair."));
        return null;
    }
}
