using System.Runtime.ExceptionServices;
using Penstock.Engine.Running;
using Penstock.Models.Fingerprints;
using Penstock.Models.Gguf;

namespace Penstock.Gateway.Hosting;

/// <summary>A file's runner and fingerprint. Both read the whole file: beside each other, what one has brought from the disk is there for the other.</summary>
internal sealed record LoadedFile(IModelRunner Runner, string Fingerprint)
{
    /// <exception cref="GgufException">No runner takes the file, or it cannot be read.</exception>
    public static LoadedFile Load(GgufFile file, Func<IModelRunner> load)
    {
        using var refused = new CancellationTokenSource();
        IModelRunner? runner = null;
        string? fingerprint = null;
        ExceptionDispatchInfo? fault = null;
        try
        {
            Parallel.Invoke(() => fingerprint = ModelFingerprint.Compute(file, cancellationToken: refused.Token), LoadRunner);
        }
        catch (AggregateException failed)
        {
            runner?.Dispose();
            fault?.Throw();
            ExceptionDispatchInfo.Throw(failed.InnerExceptions[0]);
        }

        return new LoadedFile(runner!, fingerprint!);

        void LoadRunner()
        {
            try
            {
                runner = load();
            }
            catch (Exception refusal)
            {
                // Nobody needs the fingerprint of a model that does not run.
                fault = ExceptionDispatchInfo.Capture(refusal);
                refused.Cancel();
                throw;
            }
        }
    }
}
