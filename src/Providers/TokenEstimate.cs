namespace Penstock.Providers;

/// <summary>How many tokens a text has, where nobody counts them: English text has about four bytes a token in the vocabularies of current models.</summary>
public static class TokenEstimate
{
    private const int BytesPerToken = 4;

    /// <summary>At least 1 for any text at all.</summary>
    public static int OfBytes(int bytes) => (bytes + BytesPerToken - 1) / BytesPerToken;
}
