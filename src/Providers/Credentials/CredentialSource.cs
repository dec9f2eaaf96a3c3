using System.ComponentModel;
using System.Diagnostics;
using Penstock.Contracts;
using Penstock.Contracts.Errors;

namespace Penstock.Providers.Credentials;

/// <summary>Where a target's key is: the configuration has the place, never the key.</summary>
/// <param name="Kind">What kind of place.</param>
/// <param name="Place">The variable's name, the file's path, or the command line.</param>
public sealed record CredentialSource(CredentialKind Kind, string Place)
{
    private static readonly TimeSpan CommandLimit = TimeSpan.FromSeconds(10);

    /// <summary>Reads the key, without white space around it. An error names the place, never what was found there.</summary>
    public async ValueTask<Outcome<Credential>> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            var text = Kind switch
            {
                CredentialKind.Environment => Environment.GetEnvironmentVariable(Place),
                CredentialKind.File => await File.ReadAllTextAsync(Place, cancellationToken),
                _ => await RunAsync(cancellationToken),
            };
            var key = text?.Trim();
            return key is { Length: > 0 } && key.All(character => character is > ' ' and <= '~')
                ? new Credential(key)
                : Fault(string.IsNullOrEmpty(key) ? "is empty" : "holds more than one word of printable ASCII");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or Win32Exception or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return Fault(Kind == CredentialKind.Command ? "does not run, or not to its end in 10 s" : "cannot be read");
        }
    }

    private async Task<string?> RunAsync(CancellationToken cancellationToken)
    {
        var shell = OperatingSystem.IsWindows() ? ("cmd", "/c") : ("/bin/sh", "-c");
        using var process = Process.Start(new ProcessStartInfo(shell.Item1, [shell.Item2, Place]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardInput = true })!;
        process.StandardInput.Close();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(CommandLimit);
        try
        {
            var output = await process.StandardOutput.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return process.ExitCode == 0 ? output : null;
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    private PenstockError Fault(string what) => new(
        ErrorCode.InvalidRequest,
        $"The credential's {(Kind == CredentialKind.Environment ? "environment variable" : Kind == CredentialKind.File ? "file" : "command")} '{Place}' {what}. Set it, or correct the target's credential.");
}
