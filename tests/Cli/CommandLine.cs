namespace Penstock.Cli.Tests;

/// <summary>Runs command lines in this process, in a folder of their own.</summary>
public sealed class CommandLine : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("penstock-cli-");

    public string File(string name) => Path.Combine(folder.FullName, name);

    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] args)
    {
        await using var output = new StringWriter();
        await using var error = new StringWriter();
        var exitCode = await PenstockCommand.RunAsync(args, output, error);
        return (exitCode, output.ToString(), error.ToString());
    }

    public void Dispose() => folder.Delete(recursive: true);
}
