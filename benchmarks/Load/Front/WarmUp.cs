using Penstock.Benchmarks.Load.Clients;

namespace Penstock.Benchmarks.Load.Front;

/// <summary>Lets everybody's compiler finish before anything counts.</summary>
internal static class WarmUp
{
    public static async Task RunAsync(Field field, TimeSpan duration)
    {
        foreach (var contender in field.Contenders)
        {
            await ClosedLoop.RunAsync(contender.Port, 32, Requests.Chat("mock-instant", stream: false), duration / 2);
            await ClosedLoop.RunAsync(contender.Port, 32, Requests.Chat("mock-instant", stream: true), duration / 2);
        }
    }
}
