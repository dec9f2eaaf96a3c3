using Penstock.Contracts;
using Penstock.Contracts.Errors;

namespace Penstock.Gateway.Hosting;

/// <summary>Where a secret of the server itself is: configuration has the place, never the secret.</summary>
/// <param name="IsFile">Whether the place is a file, whose text it is; else an environment variable.</param>
/// <param name="Place">The variable's name or the file's path.</param>
public sealed record SecretPlace(bool IsFile, string Place)
{
    /// <summary>Reads the secret, without white space around it. An error names the place, never what was found there.</summary>
    public Outcome<string> Read()
    {
        string? text;
        try
        {
            text = (IsFile ? File.ReadAllText(Place) : Environment.GetEnvironmentVariable(Place))?.Trim();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            text = null;
        }

        return string.IsNullOrEmpty(text)
            ? new PenstockError(ErrorCode.InvalidRequest, $"The {(IsFile ? "file" : "environment variable")} '{Place}', which store.postgres names, is empty or cannot be read. Put the connection string there.", "store.postgres")
            : text;
    }
}
