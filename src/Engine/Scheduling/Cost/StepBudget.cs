namespace Penstock.Engine.Scheduling.Cost;

/// <summary>
/// Turns the gap target into what one step may carry: a step is the gap that every stream in it sees. Two sides hold: streams are in
/// every step, and prompts have a turn every few steps, however long the streams alone take.
/// </summary>
/// <remarks>The chunk may at most double from one step to the next largest: a prediction is trusted only near what has been measured.</remarks>
public sealed class StepBudget
{
    private const int StepsToKnow = 4;
    private const double Lateness = 1.15;

    private readonly StepCostModel model;
    private readonly double gapTarget;
    private readonly double loneTarget;
    private readonly int prefillEvery;
    private readonly int blockTokens;
    private double coefficientMargin = 1;
    private int promptSteps;
    private double largestPrompt;
    private int stepsSinceTurn;

    /// <param name="model">What steps cost.</param>
    /// <param name="gapTarget">Seconds that a step with streams may take; infinite = rows alone bound it.</param>
    /// <param name="loneTarget">Seconds that a step without streams may take, so that who arrives meanwhile is started soon.</param>
    /// <param name="prefillEvery">Steps after which a prompt that waits gets a block of tokens in any case.</param>
    /// <param name="blockTokens">Tokens of a block.</param>
    public StepBudget(StepCostModel model, double gapTarget, double loneTarget, int prefillEvery, int blockTokens)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(gapTarget);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(loneTarget);
        ArgumentOutOfRangeException.ThrowIfLessThan(prefillEvery, 1);
        (this.model, this.gapTarget, this.loneTarget, this.prefillEvery, this.blockTokens) = (model, gapTarget, loneTarget, prefillEvery, blockTokens);
        largestPrompt = blockTokens / 2.0;
    }

    /// <summary>What the step being planned has to do so far.</summary>
    public StepWork Work { get; private set; }

    /// <summary>Seconds that the step being planned is predicted to take.</summary>
    public double Predicted => model.Predict(Work);

    /// <summary>Whether prompts have been measured often enough for predictions to mean anything.</summary>
    public bool Known => promptSteps >= StepsToKnow;

    /// <summary>Begins another step.</summary>
    /// <param name="movedTokens">Tokens whose KV was moved to make room for it.</param>
    public void Begin(int movedTokens)
    {
        Work = default(StepWork).AndMoved(movedTokens);

        // Twice the mean error: one step in twenty is longer than the target where errors are normally distributed.
        coefficientMargin = 1 + Math.Min(0.25, 2 * model.Error);
    }

    public void AddDecode(int position) => Work = Work.AndDecode(position);

    public void AddPrompt(int start, int rows) => Work = Work.AndPrompt(start, rows);

    public void AddMoved(int tokens) => Work = Work.AndMoved(tokens);

    /// <summary>Whether a decode row that need not be in this step still fits the target.</summary>
    public bool HasRoomForDecode(int position) => Fits(Work.AndDecode(position));

    /// <summary>Prompt tokens that the step may still carry.</summary>
    /// <param name="start">Position of the first of them.</param>
    /// <param name="most">Most that are wanted or possible.</param>
    /// <param name="mayForce">Whether it gets its turn every few steps even when that takes a little longer than the target.</param>
    /// <returns>0 to <paramref name="most"/>.</returns>
    public int PromptTokens(int start, int most, bool mayForce)
    {
        if (most <= 0 || double.IsPositiveInfinity(gapTarget))
            return Math.Max(0, most);

        // What must come of constrained answers is computed like a prompt, whatever is left of the step: more of it than a chunk may have leaves nothing.
        var tokens = (int)Math.Min(most, Math.Min(WithinTarget(start), Math.Max(0, (2 * largestPrompt) - Work.PromptTokens)));
        if (tokens < most && tokens >= 4 * blockTokens)
            tokens -= (start + tokens) % blockTokens;

        var turn = mayForce && Work.PromptTokens == 0 && (Work.DecodeRows == 0 || stepsSinceTurn + 1 >= prefillEvery);
        return turn && tokens < Math.Min(most, blockTokens) ? Math.Min(most, Math.Max(tokens, OnItsTurn(start))) : tokens;
    }

    /// <summary>The step has been planned.</summary>
    /// <param name="promptsWait">Whether a prompt that could have been in it is not done.</param>
    public void End(bool promptsWait) =>
        stepsSinceTurn = Work.PromptTokens >= (double)blockTokens / prefillEvery || !promptsWait ? 0 : (stepsSinceTurn + 1) % prefillEvery;

    /// <summary>The step has been computed.</summary>
    /// <param name="work">What it did.</param>
    /// <param name="seconds">What it took; 0 = not measured.</param>
    public void Learn(in StepWork work, double seconds)
    {
        model.Learn(work, seconds);
        largestPrompt = Math.Max(largestPrompt, work.PromptTokens);
        promptSteps += work.PromptTokens > 0 && promptSteps < StepsToKnow ? 1 : 0;
    }

    /// <summary>Seconds that each token of a prompt takes beside the streams of the step being planned, in steps as full as they may be.</summary>
    public double SecondsPerPromptToken(int maxRows)
    {
        var streams = Work with { PromptTokens = 0, PromptContext = 0, MovedTokens = 0 };
        var alone = model.Predict(streams);
        var target = (streams.DecodeRows > 0 ? gapTarget : loneTarget) / coefficientMargin;
        var tokens = Math.Clamp((target - alone) / Math.Max(1e-12, model.Coefficients.PromptToken), Math.Min(maxRows, (double)blockTokens / prefillEvery), maxRows);
        return model.Coefficients.PromptToken + (alone / tokens);
    }

    private double Target => Work.DecodeRows > 0 ? gapTarget : loneTarget;

    private bool Fits(in StepWork work) => model.Predict(work) * coefficientMargin <= Target;

    private double WithinTarget(int start) => Within((Target / coefficientMargin) - model.Predict(Work), start);

    // A step that is the prompt's turn may be a little late, and by as much more as the streams alone are; but a block is enough, and one token the least.
    private int OnItsTurn(int start)
    {
        if (Work.DecodeRows == 0)
            return blockTokens;

        var streams = model.Predict(Work);
        var late = Math.Max(0, streams - gapTarget);
        var tokens = Within((Lateness * Math.Max(gapTarget, streams)) + late - streams, start);
        return (int)Math.Clamp(tokens, 1, late > 0 ? Math.Max(blockTokens, 2 * largestPrompt) : blockTokens);
    }

    // PromptToken x + PromptContext (start x + x²/2) = the time that is left.
    private double Within(double left, int start)
    {
        if (left <= 0)
            return 0;

        var coefficients = model.Coefficients;
        var linear = coefficients.PromptToken + (coefficients.PromptContext * start);
        var root = linear + Math.Sqrt((linear * linear) + (2 * coefficients.PromptContext * left));
        return root > 0 ? 2 * left / root : double.MaxValue;
    }
}
