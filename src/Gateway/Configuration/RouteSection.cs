namespace Penstock.Gateway.Configuration;

/// <summary>An entry of <c>routes</c> in <c>penstock.yaml</c>.</summary>
internal static class RouteSection
{
    public static RouteOptions? Read(YamlNodeReader route)
    {
        route.Allow(["model", "use", "hedging", "continue"], notYet: []);
        var model = route.RequiredString("model");
        var use = route.Strings("use").ToArray();
        if (use.Length == 0)
        {
            route.Faults.Add(new(route.PathOf("use"), "none", "who answers is needed, as target/model or the name of a model that is served here", "Write use: [target/model]."));
        }

        return model is null || use.Length == 0 ? null : new RouteOptions(model, use) { Hedging = HedgeSection.Read(route), Continue = route.Switch("continue") };
    }
}
