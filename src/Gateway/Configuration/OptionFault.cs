namespace Penstock.Gateway.Configuration;

/// <summary>A setting that cannot be used.</summary>
/// <param name="Key">The setting: <c>tenants[0].keys[1].sha256</c>, <c>--urls</c>.</param>
/// <param name="Given">What was given; a secret is never repeated.</param>
/// <param name="Allowed">What is allowed.</param>
/// <param name="Remedy">What to do.</param>
public sealed record OptionFault(string Key, string Given, string Allowed, string Remedy)
{
    public override string ToString() => $"{Key}: {Given}; {Allowed}. {Remedy}";
}
