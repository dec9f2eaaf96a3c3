namespace Penstock.Gateway.Wire;

/// <summary>
/// What a request in the form of Responses says of stored state. There is none here; and where a provider keeps some, it keeps it for all who share its credential: whoever knows an id could
/// read what another tenant wrote.
/// </summary>
internal static class StatefulFields
{
    private const string Stateless = "The server stores no answers: send the whole conversation in input.";

    private static readonly (string Name, string Why)[] Refused =
    [
        ("previous_response_id", Stateless),
        ("conversation", Stateless),
        ("prompt", "The server stores no prompts: send the text in instructions and input."),
    ];

    public static void Check(WireObject body)
    {
        foreach (var (name, why) in Refused)
        {
            if (body.Field(name) is { } field)
            {
                body.Faults.Unsupported(field.Path, $"{field.Path} is not supported. {why}");
            }
        }

        if (body.Flag("store"))
        {
            body.Faults.Unsupported("store", "store is true, but the server stores no answers. Send store: false, and keep them yourself.");
        }

        if (body.Flag("background"))
        {
            body.Faults.Unsupported("background", "background is not supported: an answer is made while its client waits. Leave it out.");
        }

        if (body.Field("store") is null)
        {
            body.Faults.Lost("store", "It means true when left out, but the server stores no answers. Send store: false.");
        }
    }
}
