using System.Runtime.CompilerServices;

namespace Penstock.Models.Templates.Evaluation;

/// <summary>What one render may still spend. Whoever makes text or copies items pays here before doing it.</summary>
internal sealed class Budget(TemplateLimits limits)
{
    private long steps;
    private long characters;
    private int depth;

    public void Step(long count = 1)
    {
        if ((steps += count) > limits.Steps) throw new TemplateFault($"it takes more than {limits.Steps} steps");
    }

    public void Characters(long count)
    {
        if (count < 0 || (characters += count) > limits.Characters)
            throw new TemplateFault($"it makes more than {limits.Characters} characters of text");
    }

    /// <summary>Checks the prompt's length before more is added to it.</summary>
    public void Output(long length)
    {
        if (length > limits.OutputCharacters) throw new TemplateFault($"the prompt is longer than {limits.OutputCharacters} characters");
    }

    public void Enter()
    {
        if (++depth > limits.Depth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw new TemplateFault($"nested deeper than {limits.Depth} levels");
    }

    public void Leave() => depth--;
}
