using System.Net;
using Penstock.Gateway.Tenancy;

namespace Penstock.Providers.Tests.Settings;

/// <summary>Settings are replaced while streams run.</summary>
public sealed class ReloadTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Reload_InAnyOrderUnderStreams_CutsNoneAndNoRequestSeesHalfOfTwo(int seed)
    {
        await using var front = await ReloadingFront.StartAsync("even");
        var hold = new TaskCompletionSource();
        foreach (var name in (string[])["even", "odd"])
        {
            front.StandIn(name).BeforeToken = call => call.Tokens == 1 ? hold.Task : Task.CompletedTask;
        }

        var random = new Random(seed);
        var (current, streams) = ("even", new List<(string Key, Task<HttpResponseMessage> Response)>());
        for (var step = 0; step < 40; step++)
        {
            switch (random.Next(4))
            {
                case 0:
                    current = current == "even" ? "odd" : "even";
                    front.Settings.Say(front.Options(current));
                    Assert.True((await front.Reloader.ReloadAsync("test", TestContext.Current.CancellationToken)).Applied);
                    break;
                case 1:
                    front.Settings.SayNonsense();
                    Assert.Equal(2, (await front.Reloader.ReloadAsync("test", TestContext.Current.CancellationToken)).Faults.Count);
                    break;
                case 2:
                    using (var refused = await front.PostAsync(current == "even" ? "odd" : "even"))
                    {
                        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
                    }

                    break;
                default:
                    var response = front.PostAsync(current);
                    streams.Add((current, response));

                    // Its headers come with its first event: it is under way, and stays so.
                    await response;
                    break;
            }
        }

        hold.SetResult();
        foreach (var (_, response) in streams)
        {
            var answer = await (await response).Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.EndsWith("data: [DONE]\n\n", answer);
            Assert.DoesNotContain("\"error\"", answer);
        }

        using var reader = front.Read();
        var records = reader.Tail(1000).Select(entry => entry.Record).ToList();
        Assert.Equal(streams.Select(stream => stream.Key), records.Select(record => record.ApiKeyId));
        Assert.All(records, record => Assert.Equal(($"{record.ApiKeyId}/mock-instant", ReloadingFront.PriceOf(record.ApiKeyId!)), (record.Target, record.CostUsd)));
        var usage = Assert.Single(await front.Store.Budgets.ReadAsync("acme"));
        Assert.Equal((records.Sum(record => record.Tokens.Cached + record.Tokens.Prefilled + record.Tokens.Sampled), 0L), (usage.Used, usage.Reserved));
    }

    [Fact]
    public async Task Reload_WithAFault_ChangesNothingAndSaysAllOfIt()
    {
        await using var front = await ReloadingFront.StartAsync("even");
        var before = front.Live.Current;
        var wrong = front.Options("odd");
        wrong.Tenants = [new TenantOptions("acme") { Parent = "nobody" }];
        wrong.ApiKeys = [.. wrong.ApiKeys, wrong.ApiKeys[0] with { Tenant = "other" }];
        front.Settings.Say(wrong);

        var outcome = await front.Reloader.ReloadAsync("test", TestContext.Current.CancellationToken);

        Assert.False(outcome.Applied);
        Assert.True(outcome.Faults.Count >= 3, string.Join('\n', outcome.Faults));
        Assert.Same(before, front.Live.Current);
        Assert.Equal((outcome, true), (front.Reloader.Latest, front.Reloader.Applied.Applied));
        Assert.Equal(HttpStatusCode.OK, (await front.PostAsync("even")).StatusCode);
    }

    [Fact]
    public async Task Reload_OfWhatCannotChangeWhileRunning_NamesItAndTakesTheRest()
    {
        await using var front = await ReloadingFront.StartAsync("even");
        var wanted = front.Options("odd");
        (wanted.Urls, wanted.Threads, wanted.MaxBodyBytes) = (["http://127.0.0.1:1"], 3, 2048);
        front.Settings.Say(wanted);

        var outcome = await front.Reloader.ReloadAsync("test", TestContext.Current.CancellationToken);

        Assert.Equal(["listen", "max_body_bytes", "threads"], outcome.NeedRestart.Order());
        Assert.Equal(HttpStatusCode.OK, (await front.PostAsync("odd")).StatusCode);
    }

    [Fact]
    public async Task Replaced_SettingsWithoutRequests_LetTheirTargetsGo()
    {
        await using var front = await ReloadingFront.StartAsync("even");
        front.Settings.Say(front.Options("odd"));
        await front.Reloader.ReloadAsync("test", TestContext.Current.CancellationToken);
        var replaced = front.Live.Enter();
        front.Settings.Say(front.Options("even"));
        await front.Reloader.ReloadAsync("test", TestContext.Current.CancellationToken);

        replaced.Hold();
        replaced.Release();
        replaced.Release();

        Assert.Throws<ObjectDisposedException>(replaced.Hold);
    }
}
