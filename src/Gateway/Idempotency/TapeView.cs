using Penstock.Contracts.Errors;
using Penstock.Ledger.Decisions;

namespace Penstock.Gateway.Idempotency;

/// <summary>What a tape has for a reader at one moment.</summary>
/// <param name="Head">Status and headers; null while they are not known or not yet the readers'.</param>
/// <param name="Chunk">The chunk at the reader's position; null where there is none (yet).</param>
/// <param name="Stored">Whether the reader's segment is in the store only.</param>
/// <param name="Ended">Whether nothing more comes.</param>
/// <param name="Elsewhere">Whether another gateway makes the answer.</param>
/// <param name="Error">What the readers are told instead of the rest.</param>
/// <param name="Changed">Completes when there is more to see than this.</param>
internal readonly record struct TapeView(Decision? Head, ReadOnlyMemory<byte>? Chunk, bool Stored, bool Ended, bool Elsewhere, PenstockError? Error, Task Changed);
