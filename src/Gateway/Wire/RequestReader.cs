using Penstock.Contracts.Requests;
using Penstock.Gateway.Hosting;

namespace Penstock.Gateway.Wire;

/// <summary>
/// Chooses how a body is read by who may answer it: strictly for what is computed here or translated, since a field that is not known might change the answer;
/// leniently for what is relayed.
/// </summary>
internal static class RequestReader
{
    /// <param name="models">Who may answer.</param>
    /// <param name="body">The body.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="form">What it is written in.</param>
    /// <param name="strict">Reads it into the canonical request.</param>
    public static ParsedRequest Read(ModelCatalog models, WireObject body, Caller caller, WireForm form, Func<WireObject, Caller, ParsedRequest> strict)
    {
        // A model that is no text is the strict reader's to refuse.
        var model = new WireObject(body.Json, body.Path, new WireFaults()).Text("model");
        if (model is null || !models.Relays(model, form))
        {
            return strict(body, caller);
        }

        var relayed = RelayParser.Parse(body, caller, form);
        if (models.OnlyRelays(model, form) && !models.Continues(model))
        {
            return relayed;
        }

        // Some who may answer need the canonical request. What cannot be said in it is for the others alone.
        var faults = new WireFaults();
        var parsed = strict(new WireObject(body.Json, body.Path, faults), caller);
        return faults.First is null
            ? parsed with { Request = parsed.Request with { Wire = relayed.Request.Wire, PromptTokensEstimate = relayed.Request.PromptTokensEstimate, Pictures = relayed.Request.Pictures } }
            : relayed;
    }
}
