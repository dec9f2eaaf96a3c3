using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Penstock.Contracts.Requests;

namespace Penstock.Gateway.Tests.RoundTrips;

/// <summary>What a writer of a form writes, the form's parser reads, but for what the writer declares.</summary>
public sealed class RoundTripTests
{
    public static TheoryData<string> Forms => [.. WireForms.All];

    public static TheoryData<string, string> Pairs
    {
        get
        {
            var pairs = new TheoryData<string, string>();
            foreach (var first in WireForms.All)
            {
                foreach (var second in WireForms.All.Where(second => second != first))
                {
                    pairs.Add(first, second);
                }
            }

            return pairs;
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void WriteThenParse_AnyChat_DiffersByDeclaredLossesOnly(string form)
    {
        var (sent, whole) = (0, 0);
        ForAll(seed =>
        {
            var request = new RandomRequest(seed).Make();
            var (body, translation) = WireForms.Write(form, request);
            if (translation.Refusal is not null)
            {
                return;
            }

            var back = WireForms.Parse(form, body);

            Assert.Equal(Show(request), Show(DeclaredLosses.Restore(back, request, translation.Losses)));
            Assert.DoesNotContain(back.Losses, loss => loss.Param != "store");
            sent++;
            whole += translation.Losses.Count == 0 ? 1 : 0;
        });

        // Neither property is empty: many chats can be said, some of them wholly.
        Assert.True(sent > 200 && whole > 0, $"{sent} sent, {whole} of them whole");
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void ParseThenWrite_AnyBody_IsTheSameBody(string form) => ForAll(seed =>
    {
        var (body, translation) = WireForms.Write(form, new RandomRequest(seed).Make());
        if (translation.Refusal is null)
        {
            var (again, second) = WireForms.Write(form, WireForms.Parse(form, body));

            Assert.Equal(System.Text.Encoding.UTF8.GetString(body), System.Text.Encoding.UTF8.GetString(again));
            Assert.Empty(second.Losses);
            Assert.Null(second.Refusal);
        }
    });

    [Theory]
    [MemberData(nameof(Pairs))]
    public void ThereAndBack_ThroughAnotherForm_DiffersByDeclaredLossesOnly(string form, string other) => ForAll(seed =>
    {
        var (body, first) = WireForms.Write(form, new RandomRequest(seed).Make());
        if (first.Refusal is not null)
        {
            return;
        }

        var request = WireForms.Parse(form, body);
        var (there, translation) = WireForms.Write(other, request);
        if (translation.Refusal is not null)
        {
            return;
        }

        var back = DeclaredLosses.Restore(WireForms.Parse(other, there), request, translation.Losses);
        var (again, second) = WireForms.Write(form, back);

        Assert.Equal(System.Text.Encoding.UTF8.GetString(body), System.Text.Encoding.UTF8.GetString(again));
        Assert.Empty(second.Losses);
    });

    private static void ForAll(Action<int> property) =>
        Prop.ForAll(Arb.From(Gen.Choose(0, int.MaxValue)), property).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));

    private static string Show(InferenceRequest request) => JsonSerializer.Serialize(request with { Losses = [] });
}
