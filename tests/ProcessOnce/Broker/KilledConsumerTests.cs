using System.Text;
using Microsoft.Data.Sqlite;
using RabbitMQ.Client;

namespace Penstock.ProcessOnce.Tests.Broker;

/// <summary>The sample against a real broker, a real gateway and a database, killed at every step: one decision and one effect for each event.</summary>
public sealed class KilledConsumerTests : IDisposable
{
    private const string Queue = "tickets";
    private const string Dead = "tickets.dead";
    private const int EventsBeforeEachDeath = 3;

    private static readonly string[] Deaths = [.. Enum.GetNames<ProcessingStep>(), "Acknowledged"];

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("penstock-once-");

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Kill_AtEveryStep_EveryEventIsDecidedAndAppliedOnce()
    {
        Assert.SkipUnless(RabbitServer.IsInstalled, "RabbitMQ is not installed: apt-get install rabbitmq-server.");
        var database = Path.Combine(folder.FullName, "tickets.db");
        await using var broker = await RabbitServer.StartAsync();
        await using var gateway = await DecidingGateway.StartAsync(folder.FullName);
        await using var connection = await new ConnectionFactory { Uri = broker.Uri }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        await DeclareAsync(channel);

        var events = new List<string>();
        foreach (var death in Deaths)
        {
            for (var one = 0; one < EventsBeforeEachDeath; one++)
            {
                events.Add($"event-{events.Count}");
                await PublishAsync(channel, events[^1], $"Ticket {events.Count}");
            }

            using var consumer = SampleConsumer.Start(broker.Uri, gateway.Url, database, death);
            await consumer.DiedAsync();
        }

        // A producer that is not sure publishes again; and some events can never be done.
        await PublishAsync(channel, events[0], "Ticket 1");
        await PublishAsync(channel, "too-long", new string('x', 20_000));
        await PublishAsync(channel, null, "Whose?");
        using (var last = SampleConsumer.Start(broker.Uri, gateway.Url, database, dieAt: null))
        {
            while (await channel.MessageCountAsync(Dead) < 2 || Count(database, "SELECT count(*) FROM inbox") < events.Count)
            {
                await Task.Delay(20);
            }
        }

        Assert.Equal(events.Order(), Events(database));
        Assert.Equal(events.Count, Count(database, "SELECT count(*) FROM inbox"));
        Assert.Equal(events.Count, gateway.Provider.Calls.Count);
        Assert.Equal(2u, await channel.MessageCountAsync(Dead));
    }

    private static async Task DeclareAsync(IChannel channel)
    {
        await channel.QueueDeclareAsync(Dead, durable: true, exclusive: false, autoDelete: false);
        await channel.QueueDeclareAsync(
            Queue, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-dead-letter-exchange"] = "", ["x-dead-letter-routing-key"] = Dead });
    }

    private static async Task PublishAsync(IChannel channel, string? eventId, string text) =>
        await channel.BasicPublishAsync("", Queue, mandatory: true, new BasicProperties { MessageId = eventId, DeliveryMode = DeliveryModes.Persistent }, Encoding.UTF8.GetBytes(text));

    private static List<string> Events(string database)
    {
        using var connection = Open(database);
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT event_id FROM ticket ORDER BY event_id COLLATE BINARY";
        using var rows = command.ExecuteReader();
        var events = new List<string>();
        while (rows.Read())
        {
            events.Add(rows.GetString(0));
        }

        return [.. events.Order()];
    }

    private static long Count(string database, string sql)
    {
        using var connection = Open(database);
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Constants of this class.
        command.CommandText = sql;
#pragma warning restore CA2100
        return (long)command.ExecuteScalar()!;
    }

    private static SqliteConnection Open(string database)
    {
        var connection = new SqliteConnection($"Data Source={database};Default Timeout=30");
        connection.Open();
        return connection;
    }
}
