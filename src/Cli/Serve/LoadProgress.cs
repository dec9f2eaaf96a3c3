using Penstock.Cli.Output;
using Penstock.Gateway.Hosting;

namespace Penstock.Cli.Serve;

/// <summary>Shows how far models are loaded, when that takes long enough to be noticed.</summary>
internal static class LoadProgress
{
    /// <summary>Below this a model is there before the line could be read.</summary>
    private const long NoticeableBytes = 128L << 20;

    /// <param name="terminal">Where to; never on standard output.</param>
    /// <param name="notes">Its standard error.</param>
    /// <param name="time">The clock.</param>
    public static Func<ModelOptions, IProgress<double>?> On(Terminal terminal, TextWriter notes, TimeProvider time) => model =>
    {
        var file = new FileInfo(model.Path);
        return file.Exists && file.Length >= NoticeableBytes
            ? new LoadBar(notes, terminal.Notes.Profile.Out.IsTerminal, model.Path, file.Length, time).Begin()
            : null;
    };
}
