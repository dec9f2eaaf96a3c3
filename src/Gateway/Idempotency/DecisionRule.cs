using Microsoft.AspNetCore.Http;

namespace Penstock.Gateway.Idempotency;

/// <summary>Which answers are decisions (the table in <c>docs/idempotency.md</c>).</summary>
internal static class DecisionRule
{
    /// <param name="status">The answer's status.</param>
    /// <param name="completed">Whether its last bytes were written after a generation that ended well.</param>
    public static AnswerOutcome Of(int status, bool completed) => status switch
    {
        < 400 => completed ? AnswerOutcome.Decision : AnswerOutcome.Passing,
        // Another key or scope, another moment: what they say may be cured without another body.
        StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden or StatusCodes.Status408RequestTimeout or StatusCodes.Status409Conflict
            or 425 or StatusCodes.Status429TooManyRequests => AnswerOutcome.Passing,
        < 500 => AnswerOutcome.Decision,
        _ => AnswerOutcome.Passing,
    };
}
