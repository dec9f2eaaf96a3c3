using Penstock.Constraints;
using Penstock.Constraints.Composition;
using Penstock.Models.Answers;

namespace Penstock.Engine.Constraining;

/// <summary>Puts an answer together: the thinking that a model does first, its text, its calls.</summary>
/// <param name="syntax">How the model marks them.</param>
internal sealed class AnswerPattern(AnswerSyntax syntax)
{
    /// <summary>Text as the model likes, with calls that fit their tools.</summary>
    public ConstraintState FreeText(IReadOnlyList<CallableTool> tools, bool several)
    {
        ConstraintState text = null!;
        var forms = CallForm.Of(syntax);
        text = FreeTextState.Until(mayEnd: true, [.. forms.Where(form => form.Open.Length > 0).Select(form => ((ReadOnlyMemory<byte>)Bytes(form.Open), After(form)))]);
        return forms.FirstOrDefault(form => form.Open.Length == 0) is { } bare
            ? OpeningState.Of(BareBeginning.All, Blanks(() => BareCalls(bare, tools, several), BareBeginning.MostBlanks), text)
            : text;

        Func<ConstraintState> After(CallForm form) => () => form.Calls(tools, several, () => several ? text : EndState.Instance);
    }

    /// <summary>At least one call and nothing else.</summary>
    public ConstraintState Calls(IReadOnlyList<CallableTool> tools, bool several)
    {
        var form = CallForm.Of(syntax)[0];
        if (form.Open.Length == 0)
            return BareCalls(form, tools, several);

        ConstraintState first = null!, after = EndState.Instance;
        first = form.Marked(tools, several, () => after);
        if (several && form.Layout != CallLayout.List)
            after = ChoiceState.OrGoOn(EndState.Instance, Blanks(() => first));
        return first;
    }

    /// <summary>The thinking that may come first or, where the prompt has begun it, must.</summary>
    /// <param name="answer">What comes after it.</param>
    /// <param name="stage">How the prompt leaves the answer.</param>
    /// <param name="mayEnd">Whether the answer is free text, which may end while it thinks.</param>
    public ConstraintState AfterThinking(ConstraintState answer, ThinkingStage stage, bool mayEnd)
    {
        if (syntax.Thinking is not { } marks || stage == ThinkingStage.None)
            return answer;

        // What begins with thinking is thinking, and no free text that happens to look like it: a call behind it would be free, too.
        var thinking = FreeTextState.Until(mayEnd, (Bytes(marks.Close!), () => mayEnd ? answer : Blanks(() => answer, BareBeginning.MostBlanks)));
        var opened = LiteralState.Of(Bytes(marks.Open), thinking);
        return stage == ThinkingStage.Begun ? thinking : mayEnd ? OpeningState.Of([Bytes(marks.Open)], opened, answer) : ChoiceState.Of(answer, opened);
    }

    private static ConstraintState BareCalls(CallForm form, IReadOnlyList<CallableTool> tools, bool several)
    {
        ConstraintState first = null!;
        ConstraintState after = several ? ChoiceState.OrGoOn(EndState.Instance, LiteralState.Of(Bytes(";"), () => Blanks(() => first))) : EndState.Instance;
        return first = form.Calls(tools, several, () => after);
    }

    private static ConstraintState Blanks(Func<ConstraintState> then, int most = 1)
    {
        if (most == 0)
            return then();

        ConstraintState? rest = null;
        return ChoiceState.Of(then(), LiteralState.Of(Bytes("\n"), Rest), LiteralState.Of(Bytes(" "), Rest));

        ConstraintState Rest() => rest ??= Blanks(then, most - 1);
    }

    private static byte[] Bytes(string text) => System.Text.Encoding.UTF8.GetBytes(text);
}
