namespace Penstock.Models.Tokenization.PreTokenization;

/// <summary>How one family of vocabularies cuts text into words before byte-pair encoding. Data only; <see cref="PreTokenizer"/> runs it.</summary>
/// <param name="Passes">
/// Cuts, each applied to the pieces that the one before left: a piece becomes the pattern's matches and the stretches between
/// them. Patterns see one character for each code point (<see cref="CodePointText"/>).
/// </param>
internal sealed record PreTokenizerRule(params string[] Passes)
{
    /// <summary>Cuts digits into threes, counted from the right, before the patterns.</summary>
    public DigitGrouping Digits { get; init; }

    /// <summary>A word that is a token as a whole is that token, whatever its merges would give.</summary>
    public bool IgnoresMerges { get; init; }

    /// <summary>Whether a prompt begins with BOS where the file does not say.</summary>
    public bool AddsBos { get; init; }

    /// <summary>Whether the vocabulary has no BOS unless the file names one.</summary>
    public bool HasNoBos { get; init; }

    /// <summary>The character of the basic plane that stands for Han letters beyond it, where a pattern tells them from other letters.</summary>
    public char AstralHan { get; init; } = CodePointText.Letter;
}
