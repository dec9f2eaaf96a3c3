namespace Penstock.Contracts.Records;

/// <summary>The steps of a request's life. The numbers are those of <c>docs/request-life.md</c>, of the trace spans and of the dashboard.</summary>
public enum RequestPhase
{
    Receive = 1,
    Authorize = 2,
    Route = 3,
    Admit = 4,
    Schedule = 5,
    Prefill = 6,
    Decode = 7,
    Deliver = 8,
    Finish = 9,
    Settle = 10,
    Record = 11,
}
