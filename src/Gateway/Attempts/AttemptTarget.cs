using Penstock.Contracts;
using Penstock.Contracts.Errors;
using Penstock.Contracts.Requests;
using Penstock.Contracts.Targets;

namespace Penstock.Gateway.Attempts;

/// <summary>
/// Several targets behind one name: a target itself, so that whoever runs requests knows nothing of retries. The first candidate that can take the request is asked
/// first, the others when it fails, as <see cref="Routing.Attempts.AttemptPolicy"/> decides.
/// </summary>
/// <param name="description">The public name, and the first candidate as its owner.</param>
/// <param name="candidates">At least one, in the order in which they are asked.</param>
/// <param name="terms">How they are asked.</param>
internal sealed class AttemptTarget(TargetDescription description, IReadOnlyList<Candidate> candidates, AttemptTerms terms) : IInferenceTarget
{
    public TargetDescription Description => description;

    public Outcome<IPreparedRequest> Prepare(InferenceRequest request)
    {
        PenstockError? first = null;
        for (var index = 0; index < candidates.Count; index++)
        {
            var prepared = candidates[index].Target.Prepare(request);
            if (prepared.Ok)
            {
                return Outcome.Of<IPreparedRequest>(new PreparedAttempts(candidates, index, prepared.Value, request, terms));
            }

            first ??= prepared.Error;
        }

        return first!;
    }
}
