namespace Penstock.Models.Templates.Syntax;

/// <summary>Whether a macro's body reads <c>varargs</c> or <c>kwargs</c> before it declares a variable of that name.</summary>
internal sealed class SpareArguments
{
    private readonly HashSet<string> declared = new(StringComparer.Ordinal);

    public bool ReadsVarargs { get; private set; }

    public bool ReadsKwargs { get; private set; }

    public void Declare(string name) => declared.Add(name);

    public void Read(string name)
    {
        ReadsVarargs |= name == "varargs" && !declared.Contains(name);
        ReadsKwargs |= name == "kwargs" && !declared.Contains(name);
    }
}
