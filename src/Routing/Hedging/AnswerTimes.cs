namespace Penstock.Routing.Hedging;

/// <summary>The first-event times of one target's model. What is not streamed begins when it is whole, and so is counted by itself.</summary>
public sealed class AnswerTimes
{
    private readonly FirstEventTimes streamed = new();
    private readonly FirstEventTimes whole = new();

    public FirstEventTimes Of(bool stream) => stream ? streamed : whole;
}
