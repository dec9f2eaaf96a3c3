using System.CommandLine;
using Penstock.Cli.Output;
using Penstock.Gateway.Configuration;
using Penstock.Gateway.Hosting;
using Penstock.Ledger;

namespace Penstock.Cli.Ledger;

/// <summary>Which ledger a command reads: that of a data folder, or of the store that <c>penstock.yaml</c> names, which may be in PostgreSQL.</summary>
internal sealed class LedgerPlace
{
    private readonly Option<string> data = LedgerCommand.DataOption();

    private readonly Option<string?> config = new("--config") { Description = "The penstock.yaml of a server: its store is read, also where that is a PostgreSQL database.", HelpName = "file" };

    public void AddTo(Command command)
    {
        command.Options.Add(data);
        command.Options.Add(config);
    }

    /// <exception cref="CommandException">The configuration has faults, or cannot be read.</exception>
    /// <exception cref="LedgerException">There is no such ledger.</exception>
    public LedgerReader Open(ParseResult result)
    {
        if (result.GetValue(config) is not { } file)
            return LedgerCommand.Open(result.GetRequiredValue(data));
        var store = Read(file).Store ?? StoreOptions.Default;
        if (store.Postgres is not { } place)
            return LedgerReader.Open(store.SqliteFile);
        var connection = place.Read();
        return connection.Ok ? LedgerReader.OpenPostgres(connection.Value) : throw new CommandException(connection.Error.Message);
    }

    private static ConfigFile Read(string file)
    {
        string text;
        try
        {
            text = File.ReadAllText(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"{file} (--config) cannot be read: {exception.Message}", ExitCode.WrongUsage);
        }

        var faults = new List<OptionFault>();
        var read = ConfigFile.Parse(text, faults);
        return faults.Count == 0 ? read : throw new CommandException(string.Join($"{Environment.NewLine}error: ", faults), ExitCode.WrongUsage);
    }
}
