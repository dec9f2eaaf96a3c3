using Penstock.Gateway.Hosting;

namespace Penstock.Gateway.Configuration;

/// <summary>Checks that targets and routes fit together and reports every fault.</summary>
internal static class TargetsValidator
{
    public static void Check(ServeOptions options, List<OptionFault> faults)
    {
        foreach (var name in options.Targets.GroupBy(target => target.Name).Where(group => group.Count() > 1))
        {
            faults.Add(new("targets", $"two targets have the name '{name.Key}'", "names are unique", "Rename one of them."));
        }

        foreach (var model in options.Routes.GroupBy(route => route.Model).Where(group => group.Count() > 1))
        {
            faults.Add(new("routes", $"two routes have the model '{model.Key}'", "names are unique", "Put what both use into one of them."));
        }

        foreach (var (route, use) in options.Routes.SelectMany(route => route.Use.Select(use => (route, use))))
        {
            var slash = use.IndexOf('/', StringComparison.Ordinal);
            var known = slash > 0 ? options.Targets.Any(target => target.Name == use[..slash]) : options.Models.Any(model => (model.Name ?? use) == use);
            if (!known || slash == use.Length - 1)
            {
                faults.Add(new($"routes '{route.Model}'", use, "what a route uses is target/model with a configured target, or a model that is served here", "Check the target's name."));
            }
        }
    }
}
