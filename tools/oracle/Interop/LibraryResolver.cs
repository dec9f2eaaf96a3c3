using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Penstock.Engine.Llama;

namespace Penstock.Tools.Oracle.Interop;

/// <summary>Lets this assembly's own entry points find the libraries that Engine.Llama has loaded.</summary>
internal static class LibraryResolver
{
    [ModuleInitializer]
    internal static void Set() => NativeLibrary.SetDllImportResolver(typeof(LibraryResolver).Assembly, static (name, _, _) => LlamaLibrary.Handle(name));
}
