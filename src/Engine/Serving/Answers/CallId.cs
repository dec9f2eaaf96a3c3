using System.Security.Cryptography;
using System.Text;

namespace Penstock.Engine.Serving.Answers;

/// <summary>Ids for calls whose model names none: nine letters and digits, the one form that all templates take back (Mistral's refuse others).</summary>
internal static class CallId
{
    private const int Length = 9;
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    public static string For(string requestId, int choice, int call)
    {
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes($"{requestId}/{choice}/{call}"));
        return string.Create(Length, digest, static (text, bytes) =>
        {
            for (var i = 0; i < text.Length; i++)
                text[i] = Alphabet[BitConverter.ToUInt16(bytes, 2 * i) % Alphabet.Length];
        });
    }
}
