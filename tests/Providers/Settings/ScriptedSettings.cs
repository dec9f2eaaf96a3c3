using Penstock.Gateway.Hosting;
using Penstock.Gateway.Settings;

namespace Penstock.Providers.Tests.Settings;

/// <summary>Settings that say what the test puts here.</summary>
internal sealed class ScriptedSettings : ISettingsSource
{
    public IReadOnlyList<string> Files { get; init; } = [];

    public SettingsReading Next { get; set; } = new(null, []);

    /// <summary>How often they were read.</summary>
    public int Readings { get; private set; }

    public SettingsReading Read()
    {
        Readings++;
        return Next;
    }

    public void Say(ServeOptions options) => Next = new(options, []);

    public void SayNonsense() => Next = new(null, [new("tenants[0].name", "missing", "a text is needed", "Add it."), new("targets", "none", "one is needed", "Add one.")]);
}
