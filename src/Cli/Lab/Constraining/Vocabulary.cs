using Penstock.Cli.Output;
using Penstock.Constraints.Masks;
using Penstock.Models.Gguf;
using Penstock.Models.Tokenization;

namespace Penstock.Cli.Lab.Constraining;

/// <summary>The vocabulary of a GGUF file, with or without weights.</summary>
internal static class Vocabulary
{
    public static VocabularyTrie Read(string path)
    {
        if (!File.Exists(path))
            throw new CommandException($"There is no file at {path}.", ExitCode.WrongUsage);

        using var file = GgufFile.Open(path);
        return new VocabularyTrie(TokenizerFactory.FromGguf(file));
    }
}
