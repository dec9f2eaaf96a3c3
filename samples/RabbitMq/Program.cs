// Replies to tickets from a RabbitMQ queue, each once. usage: <amqp uri> <gateway's base address> <database file> <model>
using Microsoft.Data.Sqlite;
using Penstock.ProcessOnce;
using Penstock.Samples.RabbitMq;
using RabbitMQ.Client;

SQLitePCL.Batteries_V2.Init();
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, signal) =>
{
    signal.Cancel = true;
    stop.Cancel();
};

var inbox = new SqliteInbox($"Data Source={args[2]};Default Timeout=30");
await inbox.CreateAsync(stop.Token);
using var http = new HttpClient { BaseAddress = new Uri(args[1]) };
var once = new OnceProcessor<SqliteTransaction>("ticket-replies", inbox) { OnStep = step => FaultPoint.ReachAsync(step.ToString()) };

var factory = new ConnectionFactory { Uri = new Uri(args[0]) };
await using var connection = await factory.CreateConnectionAsync(stop.Token);
await using var channel = await connection.CreateChannelAsync(cancellationToken: stop.Token);
await Topology.DeclareAsync(channel, stop.Token);
await new Consumer(channel, once, new GatewayClient(http), args[3]).StartAsync(stop.Token);
Console.WriteLine("ready");
try
{
    await Task.Delay(Timeout.Infinite, stop.Token);
}
catch (OperationCanceledException)
{
    // Asked to stop: what is under way goes back to the queue with the connection.
}
