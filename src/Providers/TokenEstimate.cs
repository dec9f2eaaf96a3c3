namespace Penstock.Providers;

/// <summary>How many tokens a text has, where nobody counts them: English text has about four bytes a token in the vocabularies of current models.</summary>
public static class TokenEstimate
{
    private const int BytesPerToken = 4;
    private const int LeastBytesPerToken = 3;

    /// <summary>
    /// What an estimate may turn out to be, for those who must not promise too little: source code and most languages in other alphabets have at least three bytes a token.
    /// The syntax of the messages, which is in the estimate too, covers what a chat template adds.
    /// </summary>
    public static int AtMost(int estimate) => (int)Math.Min(int.MaxValue, ((long)estimate * BytesPerToken / LeastBytesPerToken) + 1);

    /// <summary>A text's tokens and those of the pictures beside it.</summary>
    public static int WithPictures(int text, int pictures, int tokensAPicture) => (int)Math.Min(int.MaxValue, text + ((long)pictures * tokensAPicture));

    /// <summary>At least 1 for any text at all.</summary>
    public static int OfBytes(int bytes) => (bytes + BytesPerToken - 1) / BytesPerToken;
}
