using Penstock.Gateway.Configuration;
using Penstock.Gateway.Hosting;

namespace Penstock.Gateway.Settings;

/// <summary>What a reading of the settings found.</summary>
/// <param name="Options">The options; null where there are faults.</param>
/// <param name="Faults">All that is wrong.</param>
public sealed record SettingsReading(ServeOptions? Options, IReadOnlyList<OptionFault> Faults);
