namespace Penstock.Gateway.Settings;

/// <summary>Where the settings come from: read at start, and again for each reload.</summary>
public interface ISettingsSource
{
    /// <summary>The files that are read; another content of one is a reason to read again.</summary>
    IReadOnlyList<string> Files { get; }

    /// <summary>What they say now. Never throws for what is wrong with them.</summary>
    SettingsReading Read();
}
