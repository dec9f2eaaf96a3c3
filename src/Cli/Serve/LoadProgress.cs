using Penstock.Cli.Output;
using Penstock.Gateway.Hosting;
using Spectre.Console;

namespace Penstock.Cli.Serve;

/// <summary>Says what is being loaded when that takes long enough to be noticed.</summary>
internal static class LoadProgress
{
    /// <summary>Below this a model is there before the line could be read.</summary>
    private const long NoticeableBytes = 256L << 20;

    public static Func<ModelOptions, IProgress<double>?> On(Terminal terminal) => model =>
    {
        var file = new FileInfo(model.Path);
        if (file.Exists && file.Length >= NoticeableBytes)
            terminal.Notes.WriteLine($"Loading {model.Path} ({Amount.Bytes(file.Length)}) ...");
        return null;
    };
}
