namespace Penstock.Constraints.Masks;

/// <summary>The states that a loop comes to after 0, 1, 2... characters of its set: always the same one where it has no limit. Found as they are asked for.</summary>
internal sealed class LoopChain
{
    private readonly List<ConstraintState> states = [];
    private byte representative;
    private int most;

    public bool IsUnbounded { get; private set; }

    /// <summary>Whether a character more than there may be leads on after all, so that the loop is not all that there is to know.</summary>
    public bool GoesOnBeyond => !IsUnbounded && this[most]?.Step(representative) is not null;

    public void Begin(ConstraintState loop, LoopHint hint, byte anyCharacter)
    {
        states.Clear();
        states.Add(loop);
        (representative, most, IsUnbounded) = (anyCharacter, hint.Most, hint.IsUnbounded);
    }

    /// <summary>The state after so many characters; null where there may not be as many.</summary>
    public ConstraintState? this[int characters]
    {
        get
        {
            if (IsUnbounded)
                return states[0];
            if (characters > most)
                return null;
            while (states.Count <= characters)
            {
                if (states[^1].Step(representative) is not { } next)
                    return null;
                states.Add(next);
            }

            return states[characters];
        }
    }
}
