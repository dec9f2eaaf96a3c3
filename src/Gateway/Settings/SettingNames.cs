using System.Reflection;
using System.Text.Json;
using Penstock.Gateway.Hosting;

namespace Penstock.Gateway.Settings;

/// <summary>Which of a server's options may change while it runs. What is not named here needs a restart, so that a new option is never half changed.</summary>
internal static class SettingNames
{
    private static readonly string[] LiveNames =
    [
        nameof(ServeOptions.ApiKeys), nameof(ServeOptions.Tenants), nameof(ServeOptions.Prices), nameof(ServeOptions.Unpriced),
        nameof(ServeOptions.Targets), nameof(ServeOptions.Routes), nameof(ServeOptions.Retries),
    ];

    private static readonly PropertyInfo[] All = [.. typeof(ServeOptions).GetProperties().Where(option => option.CanWrite)];

    /// <summary>Those that take effect with a reload.</summary>
    public static IReadOnlyList<PropertyInfo> Live { get; } = [.. All.Where(option => LiveNames.Contains(option.Name))];

    /// <summary>What differs and does not take effect before the next start, as <c>penstock.yaml</c> names it.</summary>
    public static IReadOnlyList<string> NeedRestart(ServeOptions running, ServeOptions wanted) =>
    [
        .. from option in All
           where !Live.Contains(option) && Print(option.GetValue(running)) != Print(option.GetValue(wanted))
           select option.Name == nameof(ServeOptions.Urls) ? "listen" : JsonNamingPolicy.SnakeCaseLower.ConvertName(option.Name),
    ];

    private static string Print(object? value) => JsonSerializer.Serialize(value);
}
