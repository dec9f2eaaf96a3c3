using System.Text;

namespace Penstock.Models.Answers;

/// <summary>
/// Passes calls on while they are written: each one's name as soon as that is there, then its arguments as they come. For answers in which nothing
/// but calls of declared tools can follow the marker, since nothing is taken back.
/// </summary>
/// <param name="tools">Names of the declared tools; no other is passed on.</param>
/// <remarks>Knows the forms that <c>docs/chat-templates.md</c> lists, with the name before the arguments; a call in another order is passed on once it is whole.</remarks>
internal sealed class CallProgress(IReadOnlySet<string> tools)
{
    private JsonExtent extent;
    private Part part;
    private int at;
    private int shown;
    private int whole;

    private enum Part
    {
        Name,
        BeforeArguments,
        Arguments,
    }

    /// <summary>Whether a name has been passed on.</summary>
    public bool Begun => part != Part.Name || whole > 0;

    /// <summary>Bytes behind the marker that have been passed on, or belong to what has.</summary>
    public int Passed => Begun ? at + shown : 0;

    public void Reset() => (extent, part, at, shown, whole) = (default, Part.Name, 0, 0, 0);

    /// <summary>Passes on what has come.</summary>
    /// <param name="text">From behind the marker on; longer with each try.</param>
    /// <param name="pieces">Gets it.</param>
    public void Advance(ReadOnlyMemory<byte> text, ICollection<AnswerPiece> pieces)
    {
        while (true)
        {
            if (part == Part.Name)
            {
                var behind = at;
                if (CallHeader.Name(text.Span, ref behind) is not { } name || !tools.Contains(name))
                    return;
                pieces.Add(new AnswerPiece(AnswerPart.Call, default, new WrittenCall(null, name, "")));
                (part, at) = (Part.BeforeArguments, behind);
            }

            if (part == Part.BeforeArguments)
            {
                if (!CallHeader.TryFindArguments(text.Span, ref at))
                    return;
                (part, extent) = (Part.Arguments, default);
            }

            var arguments = text[at..];
            var length = extent.Scan(arguments.Span);
            Say(arguments[..(length > 0 ? length : length < 0 ? shown : arguments.Length)], pieces);
            if (length <= 0)
                return;
            (part, at, shown, whole) = (Part.Name, at + length, 0, whole + 1);
        }
    }

    /// <summary>Passes on the rest of calls that are whole.</summary>
    public void Finish(IReadOnlyList<WrittenCall> calls, ICollection<AnswerPiece> pieces)
    {
        for (var i = whole; i < calls.Count; i++)
        {
            if (i == whole && part != Part.Name)
                Say(Encoding.UTF8.GetBytes(calls[i].Arguments), pieces);
            else
                pieces.Add(new AnswerPiece(AnswerPart.Call, default, calls[i]));
        }

        Reset();
    }

    private void Say(ReadOnlyMemory<byte> arguments, ICollection<AnswerPiece> pieces)
    {
        if (arguments.Length > shown)
            pieces.Add(new AnswerPiece(AnswerPart.Call, arguments[shown..].ToArray(), null));
        shown = arguments.Length;
    }
}
