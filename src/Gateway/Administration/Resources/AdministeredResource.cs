using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Penstock.Contracts.Errors;
using Penstock.Gateway.Configuration;
using Penstock.Gateway.Hosting;
using Penstock.Gateway.Settings;
using Penstock.Gateway.Streaming;
using Penstock.Ledger.Administration;

namespace Penstock.Gateway.Administration.Resources;

/// <summary>
/// A kind of thing that is declared in the file, where it is read-only here, or made through this API: list, show, put, remove. A definition has the fields of
/// <c>penstock.yaml</c>. Putting the same again changes nothing.
/// </summary>
/// <typeparam name="T">The thing, as options have it.</typeparam>
/// <param name="reloader">Makes changes.</param>
/// <param name="kind">The store's word for it.</param>
/// <param name="word">What people call it.</param>
internal abstract class AdministeredResource<T>(SettingsReloader reloader, string kind, string word)
    where T : class
{
    protected SettingsReloader Reloader => reloader;

    public async Task ListAsync(HttpContext http)
    {
        var state = await reloader.StateAsync(http.RequestAborted);
        var all = Effective(state);
        await AdminAnswer.OkAsync(http, json =>
        {
            json.WriteStartArray("data");
            foreach (var item in All(all).Where(item => IsListed(http, item)))
            {
                json.WriteStartObject();
                WriteItem(json, item, all, state);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
    }

    public async Task ShowAsync(HttpContext http)
    {
        var state = await reloader.StateAsync(http.RequestAborted);
        await ShowAsync(http, AdminRequest.Name(http), state);
    }

    public virtual async Task PutAsync(HttpContext http)
    {
        var body = await AdminRequest.ReadAsync(http);
        if (body.Ok)
        {
            await ChangeAsync(http, "put", (_, existing, _) => Merge(body.Value.DeepClone().AsObject(), existing));
        }
        else
        {
            await AdminAnswer.RefuseAsync(http, body.Error);
        }
    }

    public async Task RemoveAsync(HttpContext http)
    {
        var name = AdminRequest.Name(http);
        var outcome = await reloader.ChangeAsync(
            state => (Refuse(http, name, state, mustBe: true) ?? RefuseRemoval(Effective(state), name)) is { } refusal
                ? ChangeDecision.Refuse(refusal)
                : ChangeDecision.Make(new(kind, name, null, AdminRequest.Actor(http), $"{word} removed")),
            http.RequestAborted);
        await (outcome.Refusal is { } refused ? AdminAnswer.RefuseAsync(http, refused)
            : outcome.Faults.Count > 0 ? AdminAnswer.RefuseWholeAsync(http, outcome.Faults)
            : AdminAnswer.OkAsync(http, json =>
            {
                json.WriteString("name", name);
                json.WriteBoolean("removed", true);
            }));
    }

    /// <summary>Changes an item to a definition that is made from what is there, and answers with it.</summary>
    /// <param name="http">The request; its path names the item.</param>
    /// <param name="what">What is done, for the log.</param>
    /// <param name="define">The new definition, given all settings, the item as it is (null = there is none) and where to note what is wrong.</param>
    /// <param name="mustBe">Whether it has to be there.</param>
    /// <param name="more">Fields beside the item's own in the answer.</param>
    protected async Task ChangeAsync(HttpContext http, string what, Func<ServeOptions, T?, List<OptionFault>, JsonObject> define, bool mustBe = false, Action<Utf8JsonWriter>? more = null)
    {
        var name = AdminRequest.Name(http);
        var faults = new List<OptionFault>();
        var created = false;
        var outcome = await reloader.ChangeAsync(Decide, http.RequestAborted);
        if (faults.Count > 0 || outcome.Faults.Count > 0)
        {
            await AdminAnswer.RefuseWholeAsync(http, [.. faults, .. outcome.Faults]);
            return;
        }

        await (outcome.Refusal is { } refusal ? AdminAnswer.RefuseAsync(http, refusal) : ShowAsync(http, name, outcome.State, created, more));

        ChangeDecision Decide(AdministeredState state)
        {
            faults.Clear();
            if (Refuse(http, name, state, mustBe) is { } refused)
            {
                return ChangeDecision.Refuse(refused);
            }

            var all = Effective(state);
            var item = state.Find(kind, name);
            created = item is null;
            var existing = created ? null : All(all).FirstOrDefault(one => NameOf(one) == name);
            var definition = Read(JsonDocuments.Read(Named(define(all, existing, faults), name, faults).ToJsonString(), "", faults));
            if (definition is null || faults.Count > 0)
            {
                return ChangeDecision.Nothing;
            }

            if (RefuseDefinition(all, definition) is { } impossible)
            {
                return ChangeDecision.Refuse(impossible);
            }

            var document = Document(definition);
            return document == item?.Document ? ChangeDecision.Nothing : ChangeDecision.Make(new(kind, name, document, AdminRequest.Actor(http), $"{word} {(created ? "made" : what == "put" ? "changed" : what)}"));
        }
    }

    protected abstract IReadOnlyList<T> All(ServeOptions options);

    protected abstract string NameOf(T item);

    /// <summary>The field of a definition that has its name, which is the path's too.</summary>
    protected virtual string NameField => "name";

    /// <summary>A definition as it was put, to be read: with its name, and with what stays as it is.</summary>
    protected abstract JsonObject Merge(JsonObject definition, T? existing);

    protected abstract T? Read(YamlNodeReader definition);

    /// <summary>The definition's fields; with <paramref name="stored"/> all of them, else those that may be shown.</summary>
    protected abstract void Write(Utf8JsonWriter json, T item, bool stored);

    /// <summary>Fields beside the definition.</summary>
    protected virtual void WriteMore(Utf8JsonWriter json, T item, ServeOptions all)
    {
    }

    protected virtual bool IsListed(HttpContext http, T item) => true;

    protected virtual PenstockError? RefuseDefinition(ServeOptions all, T definition) => null;

    protected virtual PenstockError? RefuseRemoval(ServeOptions all, string name) => null;

    private JsonObject Named(JsonObject definition, string name, List<OptionFault> faults)
    {
        if (definition[NameField] is { } given && given.ToString() != name)
        {
            faults.Add(new(NameField, given.ToString(), $"the path names the {word} '{name}'", "Leave it out, or write the same."));
        }

        definition[NameField] = name;
        return definition;
    }

    private ServeOptions Effective(AdministeredState state) => AdministeredSettings.Apply(reloader.Declared, state, []);

    private bool IsDeclared(string name) => All(reloader.Declared).Any(item => NameOf(item) == name);

    private PenstockError? Refuse(HttpContext http, string name, AdministeredState state, bool mustBe) =>
        IsDeclared(name) ? new(ErrorCode.Conflict, $"The {word} '{name}' is declared in the file and is changed there. A reload then puts it in place.")
        : AdminRequest.Mismatch(http, state.Find(kind, name)) ?? (mustBe && state.Find(kind, name) is null ? Missing(name) : null);

    private PenstockError Missing(string name) => new(ErrorCode.NotFound, $"There is no {word} '{name}'.");

    private async Task ShowAsync(HttpContext http, string name, AdministeredState state, bool created = false, Action<Utf8JsonWriter>? more = null)
    {
        var all = Effective(state);
        if (All(all).FirstOrDefault(one => NameOf(one) == name) is not { } item)
        {
            await AdminAnswer.RefuseAsync(http, Missing(name));
            return;
        }

        await AdminAnswer.OkAsync(
            http,
            json =>
            {
                more?.Invoke(json);
                WriteItem(json, item, all, state);
            },
            IsDeclared(name) ? null : state.Find(kind, name)?.Revision,
            created);
    }

    private void WriteItem(Utf8JsonWriter json, T item, ServeOptions all, AdministeredState state)
    {
        var name = NameOf(item);
        json.WriteString("name", name);
        json.WriteString("source", IsDeclared(name) ? "file" : "api");
        if (!IsDeclared(name) && state.Find(kind, name) is { } made)
        {
            json.WriteString("changed_at", made.ChangedAt);
            json.WriteNumber("revision", made.Revision);
        }

        json.WriteStartObject("definition");
        Write(json, item, stored: false);
        json.WriteEndObject();
        WriteMore(json, item, all);
    }

    /// <summary>An item as it is stored: its definition, whole.</summary>
    protected string Document(T item)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, JsonResponse.WriterOptions))
        {
            json.WriteStartObject();
            Write(json, item, stored: true);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
