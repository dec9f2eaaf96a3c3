using RabbitMQ.Client;

namespace Penstock.Samples.RabbitMq;

/// <summary>The queues: <c>tickets</c>, and <c>tickets.dead</c> for what will never be done. Both survive the broker.</summary>
internal static class Topology
{
    public const string Queue = "tickets";

    public const string Dead = "tickets.dead";

    public static async Task DeclareAsync(IChannel channel, CancellationToken cancellationToken)
    {
        await channel.QueueDeclareAsync(Dead, durable: true, exclusive: false, autoDelete: false, cancellationToken: cancellationToken);
        await channel.QueueDeclareAsync(
            Queue,
            durable: true,
            exclusive: false,
            autoDelete: false,
            new Dictionary<string, object?> { ["x-dead-letter-exchange"] = "", ["x-dead-letter-routing-key"] = Dead },
            cancellationToken: cancellationToken);
    }
}
