using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Penstock.Constraints;
using Penstock.Constraints.Composition;
using Penstock.Models.Answers;

namespace Penstock.Engine.Constraining;

/// <summary>How one family of models writes calls after a marker, as a constraint. The families and their forms are listed in <c>docs/chat-templates.md</c>.</summary>
/// <param name="Open">The marker in front of a call; empty for answers that are nothing but calls.</param>
/// <param name="Close">After a call, or null.</param>
/// <param name="Layout">What stands between them.</param>
internal sealed record CallForm(string Open, string? Close, CallLayout Layout)
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The forms of a family, that which it is made to use first.</summary>
    public static IReadOnlyList<CallForm> Of(AnswerSyntax syntax)
    {
        var marked = syntax.Calls.Select(pair => new CallForm(pair.Open, pair.Close, pair.Open switch
        {
            "<tool_call>" => CallLayout.Object,
            "<|python_tag|>" => CallLayout.Parameters,
            _ when syntax.NamesFirst => CallLayout.NameFirst,
            _ => CallLayout.List,
        }));
        return syntax.BareCalls ? [new CallForm("", null, CallLayout.Parameters), .. marked] : [.. marked];
    }

    /// <summary>The marker, then <see cref="Calls"/>.</summary>
    public ConstraintState Marked(IReadOnlyList<CallableTool> tools, bool several, Func<ConstraintState> after) =>
        LiteralState.Of(Encoding.UTF8.GetBytes(Open), Calls(tools, several, after));

    /// <summary>What follows the marker.</summary>
    /// <param name="tools">The tools that may be called, at least one.</param>
    /// <param name="several">Whether more calls may follow the first.</param>
    /// <param name="after">What comes after one that is closed.</param>
    public ConstraintState Calls(IReadOnlyList<CallableTool> tools, bool several, Func<ConstraintState> after)
    {
        switch (Layout)
        {
            case CallLayout.NameFirst:
                return ChoiceState.Of([.. tools.Select(tool => Text(tool.Name + "[ARGS]", () => SequenceState.Of(tool.Arguments, after())))]);
            case CallLayout.List:
                ConstraintState item = null!;
                var end = Text("]", Closed);
                item = Spaced(Call(tools, "arguments", () => Spaced(several ? ChoiceState.OrGoOn(end, Text(",", () => item)) : end)));
                return Spaced(Text("[", () => item));
            case CallLayout.Parameters:
                return Call(tools, "parameters", after);
            default:
                return Spaced(Call(tools, "arguments", () => Spaced(Text(Close!, after))));
        }

        // A closing marker after a list is left out by some of those who know it.
        ConstraintState Closed() => Close is null ? after() : ChoiceState.Of(after(), Text(Close, after));
    }

    private static ConstraintState Call(IReadOnlyList<CallableTool> tools, string arguments, Func<ConstraintState> then)
    {
        var end = Spaced(Text("}", then));
        var named = ChoiceState.Of([.. tools.Select(tool =>
            Text(JsonSerializer.Serialize(tool.Name, Plain) + ",", () => Spaced(Text($"\"{arguments}\":", () => Spaced(SequenceState.Of(tool.Arguments, end))))))]);
        return Text("{", () => Spaced(Text("\"name\":", () => Spaced(named))));
    }

    // Models differ in where they put a blank or a line break, and one model does from call to call.
    private static ConstraintState Spaced(ConstraintState then) => ChoiceState.Of(then, Text(" ", () => then), Text("\n", () => then));

    private static ConstraintState Text(string text, Func<ConstraintState> then) => LiteralState.Of(Encoding.UTF8.GetBytes(text), then);
}
