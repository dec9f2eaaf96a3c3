using System.CommandLine;
using Penstock.Cli.Output;
using Penstock.Gateway.Configuration;
using Penstock.Gateway.Settings;

namespace Penstock.Cli.Serve;

/// <summary>The settings of a server that runs, read again from the files that its command line names.</summary>
internal sealed class ServeSettings(ServeArguments arguments, ParseResult result) : ISettingsSource
{
    public IReadOnlyList<string> Files { get; } = arguments.Files(result);

    public SettingsReading Read()
    {
        var faults = new List<OptionFault>();
        try
        {
            var options = arguments.Read(result, faults);
            return new(faults.Count == 0 ? options : null, faults);
        }
        catch (CommandException unreadable)
        {
            return new(null, [new("--config", unreadable.Message, "the files can be read", "Put them back; the settings stay until then.")]);
        }
    }
}
