using System.Text;
using Microsoft.Data.Sqlite;
using Penstock.ProcessOnce;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Penstock.Samples.RabbitMq;

/// <summary>Takes tickets off the queue. A delivery is acknowledged when its effect is committed, goes to the dead letters when it can never be done, and back to the queue otherwise.</summary>
internal sealed class Consumer(IChannel channel, OnceProcessor<SqliteTransaction> once, GatewayClient gateway, string model)
{
    /// <summary>Deliveries that are under way at one time.</summary>
    private const ushort Prefetch = 8;

    /// <summary>Before a ticket that nobody could decide goes back to the queue, which gives it out again at once.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await channel.BasicQosAsync(0, Prefetch, global: false, cancellationToken);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, delivery) => TakeAsync(delivery, cancellationToken);
        await channel.BasicConsumeAsync(Topology.Queue, autoAck: false, consumer, cancellationToken);
    }

    private async Task TakeAsync(BasicDeliverEventArgs delivery, CancellationToken cancellationToken)
    {
        // The client's buffer is its own again after the first await.
        var text = Encoding.UTF8.GetString(delivery.Body.Span);
        switch (await ProcessAsync(delivery.BasicProperties.MessageId, text, cancellationToken))
        {
            case Processed.Applied or Processed.Duplicate:
                await channel.BasicAckAsync(delivery.DeliveryTag, multiple: false, cancellationToken);
                await FaultPoint.ReachAsync("Acknowledged");
                break;
            case Processed.Poison:
                await channel.BasicNackAsync(delivery.DeliveryTag, multiple: false, requeue: false, cancellationToken);
                break;
            default:
                await Task.Delay(Pause, cancellationToken);
                await channel.BasicNackAsync(delivery.DeliveryTag, multiple: false, requeue: true, cancellationToken);
                break;
        }
    }

    // Without an id every delivery would be an event of its own.
    private async Task<Processed> ProcessAsync(string? eventId, string text, CancellationToken cancellationToken) => string.IsNullOrEmpty(eventId)
        ? Processed.Poison
        : await once.ProcessAsync(
            eventId,
            (key, cancellation) => gateway.AskAsync("/v1/chat/completions", Tickets.Ask(model, text), key, cancellation),
            (transaction, answer) => Tickets.StoreAsync(transaction, eventId, answer),
            cancellationToken);
}
