using System.Collections.Frozen;

namespace Penstock.Models.Tokenization.PreTokenization;

/// <summary>The rules by their names in <c>tokenizer.ggml.pre</c>. What each cuts was learned from llama.cpp, whose tokens ours must equal.</summary>
internal static class PreTokenizerRules
{
    private const string AnyCaseContraction = "'(?:[sStTmMdD]|[rR][eE]|[vV][eE]|[lL][lL])";
    private const string Gpt2Words = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)";
    private const string Spaces = @"\s*[\r\n]+|\s+(?!\S)|\s+";
    private const string SymbolsAndSpaces = @" ?[^\s\p{L}\p{N}]+[\r\n]*|" + Spaces;
    private const string WordsStart = AnyCaseContraction + @"|[^\r\n\p{L}\p{N}]?\p{L}+|";

    /// <summary>Words that keep capitals and small letters apart, with their contraction: Tekken's and o200k's.</summary>
    private const string Prefix = @"[^\r\n\p{L}\p{N}]?";
    private const string Capitals = @"[\p{L}-[a-z]]";
    private const string Smalls = @"[\p{L}-[A-Z]]";
    private const string SymbolsWithSlash = @" ?[^\s\p{L}\p{N}]+[\r\n/]*|" + Spaces;
    private const string CasedWords = Prefix + Capitals + "*" + Smalls + "+(?:" + AnyCaseContraction + ")?|" + Prefix + Capitals + "+" + Smalls + "*(?:" + AnyCaseContraction + ")?|";
    private const string CasedMarkedWords = Prefix + @"[\p{L}\p{M}-[a-z]]*[\p{L}\p{M}-[A-Z]]+(?:" + AnyCaseContraction + ")?|" + Prefix + @"[\p{L}\p{M}-[a-z]]+[\p{L}\p{M}-[A-Z]]*(?:" + AnyCaseContraction + ")?|";
    private const string MarkedWords = Prefix + @"[\p{L}\p{M}]+(?:" + AnyCaseContraction + ")?|";

    private const string PunctuationWords = @"[!""#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|" + Spaces;
    private const string FinnishWords = @" ?[^(\s|.,!?…。，、।۔،)]+";
    private const string HanAndKana = "[一-龥぀-ゟ゠-ヿ]+";
    private const string Han = @"[\u4E00-\u9FFF\u3400-\u4DBF\uF900-\uFAFF]";
    private const string HanAndHangul = @"[一-龥ࠀ-一가-퟿-[\s]]+";

    /// <summary>DeepSeek's letters: those of the bicameral scripts, written out. The stand-in for the astral ones is among them.</summary>
    private const string BicameralLetters = "A-Za-zµÀ-ÖØ-öø-ƺƼ-ƿǄ-ʓʕ-ʯͰ-ͳͶͷͻ-ͽͿΆΈ-ΊΌΎ-ΡΣ-ϵϷ-ҁҊ-ԯԱ-ՖႠ-ჅᎠ-Ᏽᏸ-ᏽᲐ-ᲺᲽ-Ჿᴀ-ᴫᵫ-ᵷᵹ-ᶚḀ-ἕἘ-Ἕἠ-ὅὈ-Ὅὐ-ὗὙὛὝὟ-\u1F7Dᾀ-ᾴᾶ-ᾼ\u1FBEῂ-ῄῆ-ῌῐ-\u1FD3ῖ-\u1FDBῠ-Ῥῲ-ῴῶ-ῼℂℇℊ-ℓℕℙ-ℝℤ\u2126ℨ\u212A-ℭℯ-ℴℹℼ-ℿⅅ-ⅉⅎↃↄⰀ-ⱻⱾ-ⳤⳫ-ⳮⳲⳳꙀ-ꙭꚀ-ꚛꜢ-ꝯꝱ-ꞇꞋ-ꞎꭰ-ꮿﬀ-ﬆﬓ-ﬗＡ-Ｚａ-ｚ";

    private static readonly PreTokenizerRule Gpt2 = new(Gpt2Words);
    private static readonly PreTokenizerRule DigitsThenGpt2 = new(@"\p{N}", Gpt2Words);
    private static readonly PreTokenizerRule Llama3 = new(WordsStart + @"\p{N}{1,3}|" + SymbolsAndSpaces) { IgnoresMerges = true, AddsBos = true };
    private static readonly PreTokenizerRule Llama3WithMerges = Llama3 with { IgnoresMerges = false, AddsBos = false };
    private static readonly PreTokenizerRule Qwen2 = new(WordsStart + @"\p{N}|" + SymbolsAndSpaces);
    private static readonly PreTokenizerRule DeepSeek3 = new(@"\p{N}{1,3}", HanAndKana, PunctuationWords);
    private static readonly PreTokenizerRule Finnish = new(FinnishWords);
    private static readonly PreTokenizerRule Gpt4O = new(CasedWords + @"\p{N}{1,3}|" + SymbolsWithSlash);
    private static readonly PreTokenizerRule TinyAya = new(MarkedWords + @"\p{N}{1,3}|" + SymbolsWithSlash) { Digits = DigitGrouping.BehindGroups };
    private static readonly PreTokenizerRule Bailing = new(WordsStart + @"\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+");

    private static readonly FrozenDictionary<string, PreTokenizerRule> Rules = new Dictionary<string, PreTokenizerRule>(StringComparer.Ordinal)
    {
        ["default"] = new(@"[\p{P}\$\+<=>\^~\|]+", Gpt2Words, @"\p{N}+", "[0-9][0-9][0-9]"),
        ["gpt-2"] = Gpt2,
        ["phi-2"] = Gpt2,
        ["mpt"] = Gpt2,
        ["olmo"] = Gpt2,
        ["jais"] = Gpt2,
        ["exaone4"] = Gpt2,
        ["jina-es"] = Gpt2,
        ["jina-de"] = Gpt2,
        ["jina-v1-en"] = Gpt2,
        ["jina-v2-es"] = Gpt2,
        ["jina-v2-de"] = Gpt2,
        ["jina-v2-code"] = Gpt2,
        ["roberta-bpe"] = Gpt2,
        ["modern-bert"] = Gpt2,
        ["gigachat"] = Gpt2,
        ["a.x-4.0"] = Gpt2,
        ["mellum"] = Gpt2,
        ["trillion"] = Gpt2,
        ["granite-docling"] = Gpt2,
        ["starcoder"] = DigitsThenGpt2,
        ["refact"] = DigitsThenGpt2,
        ["command-r"] = DigitsThenGpt2,
        ["smollm"] = DigitsThenGpt2,
        ["codeshell"] = DigitsThenGpt2,
        ["exaone"] = DigitsThenGpt2,
        ["minerva-7b"] = DigitsThenGpt2,
        ["mellum2"] = DigitsThenGpt2,
        ["falcon"] = new(@"[\p{P}\$\+<=>\^~\|`]+", Gpt2Words, "[0-9][0-9][0-9]"),
        ["llama3"] = Llama3,
        ["llama-v3"] = Llama3,
        ["llama-bpe"] = Llama3,
        ["falcon3"] = Llama3,
        ["falcon-h1"] = Llama3,
        ["pixtral"] = Llama3,
        ["midm-2.0"] = Llama3,
        ["lfm2"] = Llama3,
        ["jina-v5-nano"] = Llama3,
        ["dbrx"] = Llama3WithMerges,
        ["smaug-bpe"] = Llama3WithMerges,
        ["glm4"] = Llama3WithMerges with { HasNoBos = true },
        ["chatglm-bpe"] = Llama3WithMerges with { HasNoBos = true },
        ["minicpm5"] = new(@"\p{N}{1,3}", WordsStart + @"\p{N}+|" + SymbolsAndSpaces) { IgnoresMerges = true },
        ["jais-2"] = new(WordsStart + @"\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s{512}(?!\S)|\s{256}(?!\S)|\s{128}(?!\S)|\s{64}(?!\S)|\s{32}(?!\S)|\s{16}(?!\S)|\s{8}(?!\S)|\s{4}(?!\S)|\s{1,2}(?!\S)|\s"),
        ["qwen2"] = Qwen2,
        ["deepseek-r1-qwen"] = Qwen2,
        ["kormo"] = Qwen2,
        ["f2llmv2"] = Qwen2,
        ["megrez"] = Qwen2,
        ["stablelm2"] = Qwen2,
        ["hunyuan"] = Qwen2,
        ["solar-open"] = Qwen2,
        ["grok-2"] = Qwen2,
        ["qwen35"] = new(AnyCaseContraction + @"|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|" + Spaces),
        ["laguna"] = new(@"[^\n]+|[\n]+", Qwen2.Passes[0]),
        ["seed-coder"] = new(WordsStart + @"\p{N}| ?[^\s\p{L}\p{N}\r\n]+|" + Spaces),
        ["bailingmoe"] = Bailing,
        ["bailingmoe2"] = Bailing,
        ["llada-moe"] = Bailing,
        ["exaone-moe"] = new(AnyCaseContraction + @"|[^\r\n\p{L}\p{N}]?\p{L}(?:[\p{L}\p{M}]| \p{L})*|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]?|\s*[\r\n]|\s+(?!\S)|\s+"),
        ["deepseek-llm"] = new("[\r\n]", $@"\s?[{BicameralLetters}]+", @"\s?[!-/:-~！-／：-～‘-‟、-。]+", @"(?<!\s)\s+\z", HanAndHangul, @"\p{N}+"),
        ["deepseek-coder"] = new("[\r\n]", @"\s?\p{L}+", @"\s?\p{P}+", HanAndHangul, @"\p{N}"),
        ["deepseek-v3"] = DeepSeek3,
        ["hunyuan-dense"] = DeepSeek3,
        ["joyai-llm"] = DeepSeek3,
        ["youtu"] = new(
            "[가-힣ㄱ-ㆎ]+|[！…“”‘’—：；，、-〿︰-﹏]+|[ㄅ-ㄯ]+|[一-龥぀-ゟ゠-ヿ]+",
            MarkedWords + @"\p{N}|" + SymbolsWithSlash)
        { IgnoresMerges = true },
        ["poro-chat"] = Finnish,
        ["bloom"] = Finnish,
        ["gpt3-finnish"] = Finnish,
        ["viking"] = new(FinnishWords, @"\p{N}"),
        ["tekken"] = new(Prefix + Capitals + "*" + Smalls + "+|" + Prefix + Capitals + "+" + Smalls + @"*|\p{N}|" + SymbolsWithSlash) { IgnoresMerges = true, AddsBos = true },
        ["chameleon"] = new("<sentinel:[0-9]+>", "(?:IMGIMG)(?:[A-I]{1,4})Z", @"[\t\n]|    |  ", @"\p{N}", @"[\p{P}!-/:-@\[-`{-~]", Gpt2Words) { AddsBos = true },
        ["gpt-4o"] = Gpt4O,
        ["llama4"] = Gpt4O,
        ["kanana2"] = Gpt4O,
        ["talkie"] = Gpt4O,
        ["minimax-m2"] = Gpt4O,
        ["granite-embed-multi-97m"] = new(CasedMarkedWords + @"\p{N}{1,3}|" + SymbolsWithSlash) { IgnoresMerges = true },
        ["tiny_aya"] = TinyAya,
        ["cohere2moe"] = TinyAya,
        ["superbpe"] = new(@"\p{N}+") { Digits = DigitGrouping.BeforeGroups },
        ["kimi-k2"] = new($@"{Han}+|[^\r\n\p{{L}}\p{{N}}]?[\p{{L}}-{Han}]+(?:{AnyCaseContraction})?|\p{{N}}{{1,3}}|" + SymbolsAndSpaces) { AstralHan = '一' },
        ["afmoe"] = new("[一-鿿㐀-䶿\u8C48-﫿぀-ゟ゠-ヿ･-ﾟ⼀-⿟เ-๿຀-໿ក-៿က-႟ꩠ-ꩿꧠ-꧿가-힯ᄀ-ᇿ]+", PunctuationWords) { Digits = DigitGrouping.BehindGroups },
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The names that are known, in order.</summary>
    public static IEnumerable<string> Names => Rules.Keys.Order(StringComparer.Ordinal);

    /// <summary>The rule of that name, or null.</summary>
    public static PreTokenizerRule? Find(string name) => Rules.GetValueOrDefault(name);
}
