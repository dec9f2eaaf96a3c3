using Penstock.Contracts.Errors;
using Penstock.Contracts.Requests;

namespace Penstock.Wire;

/// <summary>
/// What became of a request on its way into a wire form: what the form cannot say and the answer does without, and why it may not be sent at all. One
/// user at a time. Fields are named in OpenAI's chat form, in which most of them have a name.
/// </summary>
public sealed class Translation
{
    private readonly List<Loss> losses = [];

    /// <summary>In the order in which they were found; each field once.</summary>
    public IReadOnlyList<Loss> Losses => losses;

    /// <summary>Why the request must not be sent in this form: without what it lacks the answer would mean something else. Null when it may.</summary>
    public PenstockError? Refusal { get; private set; }

    /// <summary>The form cannot say it, and the answer means the same without it.</summary>
    public void Lost(string param, string message)
    {
        if (!losses.Exists(loss => loss.Param == param))
        {
            losses.Add(new(param, message));
        }
    }

    /// <summary>The form cannot say it, and the answer would mean something else without it. The first one counts.</summary>
    public void Refuse(string param, string message) => Refusal ??= new(ErrorCode.UnsupportedValue, message, param);
}
