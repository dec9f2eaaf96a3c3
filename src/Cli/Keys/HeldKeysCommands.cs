using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Penstock.Cli.Admin;
using Penstock.Cli.Output;

namespace Penstock.Cli.Keys;

/// <summary>The keys of a running gateway: list, create, expire, rotate, revoke.</summary>
internal static class HeldKeysCommands
{
    public static IEnumerable<Command> Create()
    {
        var verbs = new AdminVerbs();
        var id = new Argument<string>("id") { Description = "The key's public name." };
        var tenant = new Option<string?>("--tenant") { Description = "Only this tenant's.", HelpName = "tenant" };
        var owner = new Option<string>("--tenant") { Description = "Who pays.", HelpName = "tenant", Required = true };
        var expires = new Option<string?>("--expires") { Description = "From then on it is refused.", HelpName = "2027-01-31" };
        var models = new Option<string[]>("--model") { Description = "A model, or a pattern, that it may use; may be given several times. Default: all.", HelpName = "name" };
        var surfaces = new Option<string[]>("--surface") { Description = "A surface that it may use: chat, embeddings, ...; may be given several times. Default: all.", HelpName = "surface" };
        var isOperator = new Option<bool>("--operator") { Description = "It may see what concerns all tenants." };
        var at = new Option<string>("--at") { Description = "From then on it is refused.", HelpName = "2027-01-31T18:00:00Z", Required = true };
        var overlap = new Option<double?>("--overlap-seconds") { Description = "How long the former secret is taken yet. Default: a day.", HelpName = "seconds" };

        yield return verbs.Make("list", "Every key of a running gateway, without its secret.", [tenant], (result, admin) =>
            admin.AskAsync(HttpMethod.Get, result.GetValue(tenant) is { } only ? $"keys?tenant={AdminConnection.Escape(only)}" : "keys"), (terminal, answer) => AdminTable.Write(
                terminal,
                answer,
                ("key", item => AdminTable.Text(item, "name")),
                ("tenant", item => AdminTable.Text(item, "definition", "tenant")),
                ("expires", item => AdminTable.Text(item, "definition", "expires")),
                ("models", item => AdminTable.Text(item, "definition", "models")),
                ("surfaces", item => AdminTable.Text(item, "definition", "surfaces")),
                ("source", item => AdminTable.Text(item, "source"))));
        yield return verbs.Make("create", "Make a key on a running gateway; it is shown once (penstock keys create ada-1 --tenant acme --model \"gpt-*\").", [id, owner, expires, models, surfaces, isOperator], (result, admin) =>
            admin.ChangeAsync(Path(result.GetRequiredValue(id)), definition =>
            {
                definition["tenant"] = result.GetRequiredValue(owner);
                Set(definition, "expires", result.GetValue(expires));
                Set(definition, "models", result.GetValue(models));
                Set(definition, "surfaces", result.GetValue(surfaces));
                if (result.GetValue(isOperator))
                    definition["operator"] = true;
            }), ShowSecret);
        yield return verbs.Make("expire", "Say when a key ends (penstock keys expire ada-1 --at 2027-01-31).", [id, at], (result, admin) =>
            admin.ChangeAsync(Path(result.GetRequiredValue(id)), definition => definition["expires"] = result.GetRequiredValue(at), mustBe: true), AdminTable.Line("ends then"));
        yield return verbs.Make("rotate", "Give a key another secret, shown once; the former one is taken for a while yet (penstock keys rotate ada-1 --overlap-seconds 3600).", [id, overlap], (result, admin) =>
            admin.AskAsync(HttpMethod.Post, $"{Path(result.GetRequiredValue(id))}/rotate", result.GetValue(overlap) is { } seconds ? new JsonObject { ["overlap_s"] = seconds } : []), ShowSecret);
        yield return verbs.Make("revoke", "Refuse a key from the next request on (penstock keys revoke ada-1).", [id], (result, admin) =>
            admin.AskAsync(HttpMethod.Delete, Path(result.GetRequiredValue(id))), AdminTable.Line("is revoked"));
    }

    private static string Path(string id) => $"keys/{AdminConnection.Escape(id)}";

    private static void Set(JsonObject definition, string field, string? value)
    {
        if (value is not null)
            definition[field] = value;
    }

    private static void Set(JsonObject definition, string field, string[]? values)
    {
        if (values is { Length: > 0 })
            definition[field] = new JsonArray([.. values.Select(value => (JsonNode)value)]);
    }

    private static void ShowSecret(Terminal terminal, JsonElement answer)
    {
        if (AdminTable.Text(answer, "key") is { Length: > 0 } key)
        {
            terminal.WriteLine(key);
            terminal.WriteNote("That is the key; it is not kept anywhere.");
        }
        else
        {
            terminal.WriteLine($"{AdminTable.Text(answer, "name")} is in force; its secret is as it was.");
        }
    }
}
