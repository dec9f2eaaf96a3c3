using Penstock.Contracts.Targets;
using Penstock.Models.Tokenization;

namespace Penstock.Gateway.Hosting;

/// <summary>A model that this server answers for.</summary>
/// <param name="Target">What runs it.</param>
/// <param name="Tokenizer">Its tokenizer, or null where tokens are the target's own business.</param>
public sealed record ServedModel(IInferenceTarget Target, ITokenizer? Tokenizer)
{
    public string Name => Target.Description.Name;
}
