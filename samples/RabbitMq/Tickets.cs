using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Penstock.Samples.RabbitMq;

/// <summary>What this consumer does: every ticket gets one reply from the model, and that is stored.</summary>
internal static class Tickets
{
    /// <summary>The question about a ticket, made from the ticket alone: the same bytes at every delivery.</summary>
    public static string Ask(string model, string text) => JsonSerializer.Serialize(new { model, messages = new[] { new { role = "user", content = text } } });

    /// <summary>Stores the reply.</summary>
    public static async Task StoreAsync(SqliteTransaction transaction, string eventId, string answer)
    {
        using var json = JsonDocument.Parse(answer);
        var reply = json.RootElement.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString() ?? "";
        await using var command = transaction.Connection!.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "INSERT INTO ticket (event_id, reply) VALUES ($id, $reply)";
        command.Parameters.AddWithValue("$id", eventId);
        command.Parameters.AddWithValue("$reply", reply);
        await command.ExecuteNonQueryAsync();
    }
}
