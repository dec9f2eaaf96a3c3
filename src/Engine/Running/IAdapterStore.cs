using Penstock.Models.Adapters;
using Penstock.Models.Gguf;

namespace Penstock.Engine.Running;

/// <summary>The LoRA adapters that a runner has in memory beside its model.</summary>
public interface IAdapterStore
{
    /// <summary>What their weights are kept as; part of the fingerprints of what they compute where it is not <see cref="AdapterType.Auto"/>.</summary>
    AdapterType Type => AdapterType.Auto;

    /// <summary>Bytes that the adapters take.</summary>
    long Bytes { get; }

    /// <summary>
    /// Takes an adapter in. Any thread, one at a time; beside a running step, which it holds up neither long nor wrongly. The file may be closed afterwards.
    /// </summary>
    /// <returns>Its number for <see cref="AdapterUse"/>: at least 1, never given twice.</returns>
    /// <exception cref="GgufException">It does not fit the model, holds NaN or infinities, or cannot be read; the tensor at fault is named. Nothing has changed.</exception>
    int Load(LoraFile file);

    /// <summary>Lets an adapter go. Between steps, by the thread that runs them. No sequence whose KV it has made may be continued afterwards. Unknown numbers are passed over.</summary>
    void Unload(int number);
}
