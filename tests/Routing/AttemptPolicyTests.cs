using Penstock.Contracts.Errors;
using Penstock.Routing.Attempts;

namespace Penstock.Routing.Tests;

public sealed class AttemptPolicyTests
{
    private static readonly RetryPolicy Policy = RetryPolicy.Default;

    [Theory]
    [InlineData(FaultKind.RateLimited)]
    [InlineData(FaultKind.Overloaded)]
    [InlineData(FaultKind.FirstTokenTimeout)]
    [InlineData(FaultKind.Credential)]
    [InlineData(FaultKind.UnknownModel)]
    public void Decide_AnotherTargetIsLeft_FallsBackAtOnce(FaultKind kind) =>
        Assert.Equal((AttemptStep.FallBack, TimeSpan.Zero), Step(Facts(kind) with { HasAnother = true }));

    [Theory]
    [InlineData(FaultKind.ServerError)]
    [InlineData(FaultKind.Connect)]
    [InlineData(FaultKind.Reset)]
    public void Decide_ABlipWithAnotherTarget_RetriesOnceThenFallsBack(FaultKind kind)
    {
        Assert.Equal(AttemptStep.Retry, Step(Facts(kind) with { HasAnother = true }).Step);
        Assert.Equal(AttemptStep.FallBack, Step(Facts(kind) with { HasAnother = true, Attempts = 2, AttemptsOfTarget = 2 }).Step);
    }

    [Theory]
    [InlineData(FaultKind.ContextLength)]
    [InlineData(FaultKind.ContentFilter)]
    public void Decide_RefusalOfTheContent_IsNotRoutedAround(FaultKind kind) => Assert.Equal(AttemptStep.GiveUp, Step(Facts(kind) with { HasAnother = true }).Step);

    [Theory]
    [InlineData(FaultKind.Credential)]
    [InlineData(FaultKind.Refused)]
    [InlineData(FaultKind.UnknownModel)]
    [InlineData(FaultKind.FirstTokenTimeout)]
    public void Decide_WhatWouldHappenAgain_IsNotRetried(FaultKind kind) => Assert.Equal(AttemptStep.GiveUp, Step(Facts(kind)).Step);

    [Theory]
    [InlineData(FaultKind.Cut, true, true, AttemptStep.Continue)]
    [InlineData(FaultKind.Stall, true, true, AttemptStep.Continue)]
    [InlineData(FaultKind.ContentFilter, true, true, AttemptStep.GiveUp)]
    [InlineData(FaultKind.Cut, false, true, AttemptStep.GiveUp)]
    [InlineData(FaultKind.Cut, true, false, AttemptStep.GiveUp)]
    public void Decide_BrokeOffInMidAnswer_GoesOnWhereThatIsAllowedAndCertain(FaultKind kind, bool allowed, bool resumable, AttemptStep expected) => Assert.Equal(
        expected, AttemptPolicy.Decide(Facts(kind) with { Delivered = true, Resumable = resumable }, Policy with { Continue = allowed }).Step);

    [Fact]
    public void Decide_DeliveredOrProduced_GivesUpWhateverTheFault()
    {
        foreach (var kind in Enum.GetValues<FaultKind>())
        {
            Assert.Equal(AttemptStep.GiveUp, Step(Facts(kind) with { HasAnother = true, Delivered = true }).Step);
            Assert.Equal(AttemptStep.GiveUp, Step(Facts(kind, produced: true) with { HasAnother = true }).Step);
            Assert.Equal(AttemptStep.GiveUp, AttemptPolicy.Decide(Facts(kind) with { HasAnother = true, Delivered = true }, Policy with { RetryBilled = true }).Step);
        }
    }

    [Fact]
    public void Decide_ProducedAndThePolicyAllowsIt_FallsBack() => Assert.Equal(
        AttemptStep.FallBack, AttemptPolicy.Decide(Facts(FaultKind.Cut, produced: true) with { HasAnother = true }, Policy with { RetryBilled = true }).Step);

    [Fact]
    public void Decide_RetryAfter_IsHonouredUpToTheLongestWait()
    {
        Assert.Equal((AttemptStep.Retry, TimeSpan.FromSeconds(3)), Step(Facts(FaultKind.RateLimited) with { RetryAfter = TimeSpan.FromSeconds(3) }));
        Assert.Equal(AttemptStep.GiveUp, Step(Facts(FaultKind.RateLimited) with { RetryAfter = TimeSpan.FromSeconds(30) }).Step);
    }

    [Fact]
    public void Decide_WaitBeyondTheDeadline_GivesUp() =>
        Assert.Equal(AttemptStep.GiveUp, Step(Facts(FaultKind.Overloaded) with { RetryAfter = TimeSpan.FromSeconds(3), TimeLeft = TimeSpan.FromSeconds(2) }).Step);

    [Theory]
    [InlineData(1, 0.0, 125)]
    [InlineData(1, 1.0, 250)]
    [InlineData(2, 1.0, 500)]
    public void Decide_NoRetryAfter_WaitsLongerEachTime(int attempts, double jitter, double milliseconds) => Assert.Equal(
        (AttemptStep.Retry, TimeSpan.FromMilliseconds(milliseconds)),
        Step(Facts(FaultKind.Overloaded) with { Attempts = attempts, AttemptsOfTarget = attempts, Jitter = jitter }));

    [Fact]
    public void Decide_Lasting_GivesUpAfterTheTargetsRetriesAndAfterAllAttempts()
    {
        Assert.Equal(AttemptStep.GiveUp, Step(Facts(FaultKind.Overloaded) with { Attempts = 3, AttemptsOfTarget = 3 }).Step);
        Assert.Equal(AttemptStep.GiveUp, Step(Facts(FaultKind.Overloaded) with { Attempts = 4, AttemptsOfTarget = 1, HasAnother = true }).Step);
    }

    [Fact]
    public void Decide_BreakerOpened_DoesNotRetryTheTarget()
    {
        Assert.Equal(AttemptStep.GiveUp, Step(Facts(FaultKind.ServerError) with { MayRetry = false }).Step);
        Assert.Equal(AttemptStep.FallBack, Step(Facts(FaultKind.ServerError) with { MayRetry = false, HasAnother = true }).Step);
    }

    private static (AttemptStep Step, TimeSpan Wait) Step(AttemptFacts facts)
    {
        var decision = AttemptPolicy.Decide(facts, Policy);
        Assert.NotEmpty(decision.Reason);
        return (decision.Step, decision.Wait);
    }

    private static AttemptFacts Facts(FaultKind kind, bool produced = false) =>
        new() { Fault = new(kind, Produced: produced), Attempts = 1, AttemptsOfTarget = 1, MayRetry = true };
}
