using System.CommandLine;
using Penstock.Cli.Admin;

namespace Penstock.Cli.Config;

/// <summary><c>penstock config</c>: a configuration file, and what a running gateway has made of it.</summary>
public static class ConfigCommand
{
    public static Command Create()
    {
        var verbs = new AdminVerbs();
        return new Command("config", "Check a configuration file; see and renew what a running gateway has in force.")
        {
            CheckCommand.Create(),
            verbs.Make("reload", "Have a running gateway read its configuration and credentials again. Nothing changes when there is a fault.", [], (_, admin) => admin.AskAsync(HttpMethod.Post, "reload"), AdminTable.WriteFields),
            verbs.Make("status", "What is in force since when, what takes a restart, and why the latest settings were refused.", [], (_, admin) => admin.AskAsync(HttpMethod.Get, "status"), AdminTable.WriteFields),
            verbs.Make("changes", "The log of changes, the newest first.", [], (_, admin) => admin.AskAsync(HttpMethod.Get, "changes"), (terminal, answer) => AdminTable.Write(
                terminal,
                answer,
                ("revision", item => AdminTable.Text(item, "revision")),
                ("at", item => AdminTable.Text(item, "at")),
                ("who", item => AdminTable.Text(item, "who")),
                ("what", item => AdminTable.Text(item, "what")),
                ("name", item => AdminTable.Text(item, "name")))),
        };
    }
}
