using Penstock.Tools.StandIn;

// A provider to test gateways with: dotnet run --project tools/stand-in -- [http://127.0.0.1:9100] [tokens of an answer] [Http1|Http2|Tls]
await using var server = await StandInServer.StartAsync(args.ElementAtOrDefault(0) ?? "http://127.0.0.1:9100", args.Length > 2 ? Enum.Parse<StandInTransport>(args[2], ignoreCase: true) : StandInTransport.Http1);
server.AnswerTokens = args.Length > 1 ? int.Parse(args[1]) : 128;
if (server.CertificatePem is { } pem)
{
    Console.WriteLine(pem);
}

Console.WriteLine($"stand-in listens on {server.BaseUrl}; models: {string.Join(", ", Enum.GetNames<Behaviour>().Select(name => "mock-" + string.Concat(name.Select((letter, at) => char.IsUpper(letter) && at > 0 ? $"-{char.ToLowerInvariant(letter)}" : $"{char.ToLowerInvariant(letter)}"))))}");
var stop = new TaskCompletionSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.TrySetResult();
};
await stop.Task;
