using Penstock.Contracts.Generation;

namespace Penstock.Engine.Serving.Text;

/// <summary>What may be shown now.</summary>
/// <param name="Text">Whole characters, possibly none.</param>
/// <param name="Tokens">Tokens that this accounts for; 0 with text = the rest of a token that was accounted for before, 0 without = nothing to say.</param>
/// <param name="LogProbs">One a token when asked for, else null.</param>
/// <param name="Stopped">Whether a stop string was reached: the choice ends with this text.</param>
internal readonly record struct TextRelease(ReadOnlyMemory<byte> Text, int Tokens, IReadOnlyList<TokenLogProb>? LogProbs, bool Stopped);
