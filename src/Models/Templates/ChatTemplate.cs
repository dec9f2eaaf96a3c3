using Penstock.Contracts;
using Penstock.Contracts.Errors;
using Penstock.Models.Templates.Evaluation;
using Penstock.Models.Templates.Syntax;

namespace Penstock.Models.Templates;

/// <summary>
/// A chat template in Jinja, as GGUF files carry them, that turns a chat into a prompt. Immutable and thread-safe: parse once, render often.
/// </summary>
/// <remarks>
/// A sandbox: a template computes over its input and nothing else, within <see cref="TemplateLimits"/>. The dialect is that of
/// <c>@huggingface/jinja</c>, where it has an answer, else Python's; see <c>docs/chat-templates.md</c>.
/// </remarks>
public sealed class ChatTemplate
{
    private readonly Block body;
    private readonly TemplateLimits limits;

    private ChatTemplate(string name, string source, Block body, TemplateLimits limits) => (Name, Source, this.body, this.limits) = (name, source, body, limits);

    /// <summary>What errors call this template: the model's name, usually.</summary>
    public string Name { get; }

    /// <summary>The Jinja text.</summary>
    public string Source { get; }

    /// <summary>Reads a template. Fails with <see cref="ErrorCode.TemplateFailed"/>, naming template, line and reason.</summary>
    /// <param name="source">Jinja text; blocks are trimmed and stripped as Hugging Face's environment does (<c>trim_blocks</c>, <c>lstrip_blocks</c>).</param>
    /// <param name="name">What errors call this template.</param>
    /// <param name="limits">Bounds of this template; null for <see cref="TemplateLimits.Default"/>.</param>
    public static Outcome<ChatTemplate> Parse(string source, string name, TemplateLimits? limits = null)
    {
        limits ??= TemplateLimits.Default;
        if (source.Length > limits.SourceCharacters)
        {
            return Failure(name, 1, $"the source has {source.Length} characters; at most {limits.SourceCharacters} are read");
        }

        try
        {
            return new ChatTemplate(name, source, Parser.Parse(Lexer.Tokenize(source), limits.Depth), limits);
        }
        catch (TemplateFault fault)
        {
            return Failure(name, fault.Line, fault.Message);
        }
    }

    /// <summary>Renders a chat. Fails with <see cref="ErrorCode.TemplateFailed"/>, naming template, line and reason.</summary>
    /// <remarks>A reason that the template itself gives (<c>raise_exception</c>) may quote the chat: send it to the client, do not log it.</remarks>
    public Outcome<RenderedPrompt> Render(ChatTemplateInput input)
    {
        var outcome = RenderOnce(input);
        if (outcome.Ok || input.Messages.All(message => message.Content is not null)) return outcome;

        // Clients send null content beside tool calls, and many templates were only ever given text there.
        var second = RenderOnce(input with { Messages = [.. input.Messages.Select(message => message with { Content = message.Content ?? "" })] });
        return second.Ok ? second : outcome;
    }

    private Outcome<RenderedPrompt> RenderOnce(ChatTemplateInput input)
    {
        var context = new RenderContext(new Budget(limits));
        try
        {
            return new RenderedPrompt(new Interpreter(context).Render(body, TemplateVariables.For(input, context)));
        }
        catch (TemplateFault fault)
        {
            return Failure(Name, Math.Max(fault.Line, 1), fault.Message);
        }
    }

    private static PenstockError Failure(string name, int line, string reason) =>
        new(ErrorCode.TemplateFailed, $"The chat template '{name}' failed at line {line}: {reason}.", Param: "messages");
}
