namespace Penstock.Models.Description;

/// <summary>What the metadata says of a mixture of experts.</summary>
/// <param name="Count">Experts of a layer (<c>expert_count</c>).</param>
/// <param name="Used">Experts that compute a token (<c>expert_used_count</c>); at most <paramref name="Count"/>.</param>
/// <param name="Width">Width of an expert's feed-forward layer (<c>expert_feed_forward_length</c>); null where the file does not say: it depends on the architecture.</param>
public sealed record ExpertDescription(int Count, int Used, int? Width);
