namespace Penstock.Models.Templates;

/// <summary>Templates for models whose file carries none.</summary>
public static class BuiltInTemplates
{
    /// <summary>
    /// ChatML: right for a model whose vocabulary has <c>&lt;|im_start|&gt;</c>. A model with neither a template nor that token was not
    /// trained on any chat form that can be known from its file, so its chats are refused instead.
    /// </summary>
    public static ChatTemplate ChatMl { get; } = ChatTemplate.Parse(
        "{% for message in messages %}"
        + "{{ '<|im_start|>' + message['role'] + '\\n' + (message['content'] or '') + '<|im_end|>' + '\\n' }}"
        + "{% endfor %}"
        + "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}",
        "built-in ChatML").OrThrow();
}
