namespace Penstock.Models.Tokenization.PreTokenization;

/// <summary>Takes the words of a text, in order, as <see cref="PreTokenizer"/> finds them.</summary>
internal interface IWordSink
{
    /// <summary>The next word.</summary>
    /// <param name="codePoints">Its length in code points; the words follow each other without a gap.</param>
    void Word(int codePoints);
}
