namespace Penstock.Gateway.Idempotency;

/// <summary>What the run of an answer has led to.</summary>
internal enum AnswerOutcome
{
    /// <summary>It is the decision: whoever asks again gets it.</summary>
    Decision,

    /// <summary>It broke off, or says that another try may help: whoever asks again is answered anew.</summary>
    Passing,
}
