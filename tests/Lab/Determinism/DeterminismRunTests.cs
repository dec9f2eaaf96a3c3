using Penstock.Lab.Determinism;
using Penstock.Lab.Subjects;
using Penstock.Lab.Tests.Fakes;

namespace Penstock.Lab.Tests.Determinism;

public sealed class DeterminismRunTests
{
    [Fact]
    public async Task Run_AnswersThatDiffer_AreCountedFromTheFirstToken()
    {
        string[] answers = ["a b c d", "a b c d", "a b x d", "a b c d", "a b c"];
        var subject = new ScriptedSubject((_, index) => ScriptedSubject.Words(answers[index]));

        var report = await ReportAsync(subject, new DeterminismOptions { N = 5, Load = NeighbourLoad.None });

        Assert.Equal((5, 3, 2), (report.N, report.Distinct, report.FirstDivergenceToken));
        Assert.Equal((1 + 1 + 0.5 + 1 + 0.75) / 5, report.Agreement, 1e-12);
        Assert.Equal("token", report.Unit);
        Assert.Null(report.Crowd);
    }

    [Fact]
    public async Task Run_ServerThatTellsNoTokens_ComparesCharacters()
    {
        var subject = new ScriptedSubject((question, index) => ScriptedSubject.Words(index == 2 ? "aé" : "a😀", tokens: false));

        var report = await ReportAsync(subject, new DeterminismOptions { N = 3, Load = NeighbourLoad.None });

        Assert.Equal(("character", 2, 1), (report.Unit, report.Distinct, report.FirstDivergenceToken));
    }

    [Fact]
    public async Task Run_SameTextWithOtherMargins_ReceiptsTellThemApart()
    {
        var subject = new ScriptedSubject((_, index) => ScriptedSubject.Words("a b", digest: $"d{index % 2}"));

        var report = await ReportAsync(subject, new DeterminismOptions { N = 4, Load = NeighbourLoad.None });

        Assert.Equal((1, 2, null), (report.Distinct, report.DistinctReceipts, report.FirstDivergenceToken));
    }

    [Fact]
    public async Task Run_ServerThatRefusesForeignFields_IsAskedWithoutThem()
    {
        var subject = new ScriptedSubject((question, _) =>
            question.Extended ? new Answer { End = AnswerEnd.Refused, Problem = "unknown field" } : ScriptedSubject.Words("a", digest: null));

        var report = await ReportAsync(subject, new DeterminismOptions { N = 3, Load = NeighbourLoad.None });

        Assert.Equal((3, null), (report.N, report.DistinctReceipts));
        Assert.All(subject.Asked[^2..], question => Assert.False(question.Extended));
    }

    [Fact]
    public async Task Run_ServerThatIgnoresReceipts_IsAskedWithoutExtensions()
    {
        var subject = new ScriptedSubject((question, _) => ScriptedSubject.Words("a", digest: null));

        await ReportAsync(subject, new DeterminismOptions { N = 3, Load = NeighbourLoad.None });

        Assert.All(subject.Asked[^3..], question => Assert.False(question.Extended));
    }

    [Fact]
    public async Task Run_DeterminismRefused_SaysWhatTheServerSaid()
    {
        var subject = new ScriptedSubject((question, _) =>
            question.Deterministic ? new Answer { End = AnswerEnd.Refused, Problem = "Leave deterministic out." } : ScriptedSubject.Words("a"));

        var outcome = await new DeterminismRun(subject, new DeterminismOptions { N = 3, Deterministic = true }, TimeProvider.System).RunAsync(null, default);

        Assert.Contains("Leave deterministic out.", outcome.Error!.Message);
    }

    [Fact]
    public async Task Run_BusyServer_IsAskedAgainAndAFailureIsCounted()
    {
        var subject = new ScriptedSubject((_, index) => index switch
        {
            1 => new Answer { End = AnswerEnd.Busy, RetryAfter = TimeSpan.Zero },
            3 => new Answer { End = AnswerEnd.Failed, Problem = "The runner failed." },
            _ => ScriptedSubject.Words("a b"),
        });

        var report = await ReportAsync(subject, new DeterminismOptions { N = 4, Load = NeighbourLoad.None });

        Assert.Equal((3, 1, "The runner failed."), (report.N, report.Failed, report.Problem));
    }

    [Fact]
    public async Task Run_CostRounds_AskWithAndWithoutInPairs()
    {
        var subject = new ScriptedSubject((_, _) => ScriptedSubject.Words("a b"));

        var report = await ReportAsync(subject, new DeterminismOptions { N = 2, Load = NeighbourLoad.None, Deterministic = true, CostRounds = 4, Concurrency = 3 });

        Assert.Equal(4, report.Lane!.Rounds);
        Assert.Equal(4 * 3, subject.Asked.Count(question => !question.Deterministic));
    }

    [Fact]
    public async Task Run_CostRoundsWithoutDeterminism_NeverAskForIt()
    {
        var subject = new ScriptedSubject((_, _) => ScriptedSubject.Words("a b"));

        var report = await ReportAsync(subject, new DeterminismOptions { N = 2, Load = NeighbourLoad.None, CostRounds = 2 });

        Assert.True(report.Lane is { PlainTokensPerS: > 0, LaneTokensPerS: null, Ratio: null });
        Assert.All(subject.Asked, question => Assert.False(question.Deterministic));
    }

    private static async Task<DeterminismReport> ReportAsync(ISubject subject, DeterminismOptions options) =>
        (await new DeterminismRun(subject, options, TimeProvider.System).RunAsync(null, TestContext.Current.CancellationToken)).OrThrow();
}
