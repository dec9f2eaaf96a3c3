using System.CommandLine;
using Penstock.Cli.Admin;

namespace Penstock.Cli.Prices;

/// <summary><c>penstock prices</c>: what models cost on a running gateway, and since when.</summary>
public static class PricesCommand
{
    private static readonly string[] Rates = ["input", "cached", "output", "reasoning", "request"];

    public static Command Create()
    {
        var verbs = new AdminVerbs();
        var name = new Argument<string>("name") { Description = "The entry's name." };
        var model = new Option<string>("--model") { Description = "The model, or a pattern.", HelpName = "name", Required = true };
        var target = new Option<string?>("--target") { Description = "The target. Default: any.", HelpName = "name" };
        var from = new Option<string?>("--from") { Description = "Since when. Default: always.", HelpName = "2027-01-01" };
        var at = new Option<string>("--at") { Description = "Until when.", HelpName = "2027-01-31", Required = true };
        var rates = Rates.Select(rate => new Option<decimal?>($"--{rate}") { Description = rate == "request" ? "US dollars for each request." : $"US dollars for a million {rate} tokens.", HelpName = "usd" }).ToArray();
        return new Command("prices", "Look at and change the prices of a running gateway.")
        {
            verbs.Make("list", "Every entry, those of the file too.", [], (_, admin) => admin.AskAsync(HttpMethod.Get, "prices"), (terminal, answer) => AdminTable.Write(
                terminal,
                answer,
                ("price", item => AdminTable.Text(item, "name")),
                ("model", item => AdminTable.Text(item, "definition", "model")),
                ("target", item => AdminTable.Text(item, "definition", "target")),
                ("from", item => AdminTable.Text(item, "definition", "from")),
                ("until", item => AdminTable.Text(item, "definition", "until")),
                ("input", item => AdminTable.Text(item, "definition", "input")),
                ("cached", item => AdminTable.Text(item, "definition", "cached")),
                ("output", item => AdminTable.Text(item, "definition", "output")),
                ("request", item => AdminTable.Text(item, "definition", "request")),
                ("source", item => AdminTable.Text(item, "source")))),
            verbs.Make("add", "Add an entry, or change it (penstock prices add mini-2027 --model gpt-4o-mini --from 2027-01-01 --input 0.15 --output 0.60).", [name, model, target, from, .. rates], (result, admin) =>
                admin.ChangeAsync(Path(result.GetRequiredValue(name)), definition =>
                {
                    definition["model"] = result.GetRequiredValue(model);
                    foreach (var (field, text) in new[] { ("target", result.GetValue(target)), ("from", result.GetValue(from)) })
                    {
                        if (text is not null)
                            definition[field] = text;
                    }

                    foreach (var (rate, option) in Rates.Zip(rates))
                    {
                        if (result.GetValue(option) is { } usd)
                            definition[rate] = usd;
                    }
                }), AdminTable.Line("is in force")),
            verbs.Make("end", "Say until when an entry counts (penstock prices end mini-2027 --at 2027-06-30).", [name, at], (result, admin) =>
                admin.ChangeAsync(Path(result.GetRequiredValue(name)), definition => definition["until"] = result.GetRequiredValue(at), mustBe: true), AdminTable.Line("ends then")),
            verbs.Make("remove", "Remove an entry as if it had never been; records keep their cost.", [name], (result, admin) => admin.AskAsync(HttpMethod.Delete, Path(result.GetRequiredValue(name))), AdminTable.Line("is removed")),
        };
    }

    private static string Path(string name) => $"prices/{AdminConnection.Escape(name)}";
}
