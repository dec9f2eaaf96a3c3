using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Penstock.Constraints.Json.Machine;
using Penstock.Constraints.Json.Schemas;
using Penstock.Constraints.Masks;
using Penstock.Models.Gguf;
using Penstock.Models.Tokenization;
using Penstock.Tools.Fuzz;

// Documents that a hostile model writes under constraints, judged by another validator: every one must parse and be valid.
if (args is not [var data, var vocabularyPath, .. var rest])
{
    Console.Error.WriteLine("Usage: fuzz SCHEMAS.tar.gz VOCABULARY.gguf [schemas, default 500] [documents a schema, default 200]. Once: npm ci in tools/fuzz/judge.");
    return 2;
}

var schemas = rest is [var some, ..] ? int.Parse(some) : 500;
var documents = rest is [_, var each, ..] ? int.Parse(each) : 200;
using var gguf = GgufFile.Open(vocabularyPath);
var tokenizer = TokenizerFactory.FromGguf(gguf);
var vocabulary = new VocabularyTrie(tokenizer);
using var judge = new Judge(Path.Combine(AppContext.BaseDirectory, "judge"));
var (written, refused, stuck, tokens, cut) = (0, 0, 0, 0L, 0);
var clock = Stopwatch.StartNew();

foreach (var (file, index) in SchemaFile.Spread(data, schemas).Select((file, index) => (file, index)))
{
    var compiled = JsonSchemaCompiler.Compile(file.Schema);
    if (!compiled.Ok)
    {
        refused++;
        continue;
    }

    judge.Open(file);
    var masks = new MaskBuilder(vocabulary);
    var start = JsonMachine.Start(compiled.Value);
    for (var number = 0; number < documents; number++)
    {
        var text = Write(new ConstraintCursor(start, masks), Adversary.Of(number, tokenizer), new Random(number));
        if (text is null)
            stuck++;
        else
            judge.Take(text);
        written++;
    }

    if (index % 10 == 9)
        Console.Error.Write($"\r{index + 1} of {schemas} schemas, {written} documents, {clock.Elapsed.TotalSeconds:0} s ");
}

var verdicts = await judge.EndAsync();
Console.Error.WriteLine();
foreach (var verdict in verdicts.SkipLast(1))
    Console.WriteLine(verdict);
Console.WriteLine(JsonSerializer.Serialize(new { written, refused_by_us = refused, stuck, cut, tokens, seconds = clock.Elapsed.TotalSeconds, judge = JsonSerializer.Deserialize<JsonElement>(verdicts[^1]) }));
return stuck == 0 && !verdicts.Any(verdict => verdict.Contains("\"why\"", StringComparison.Ordinal)) ? 0 : 1;

// One document, cut after a random number of tokens; null where no token may follow and the text is not whole.
string? Write(ConstraintCursor cursor, Adversary adversary, Random random)
{
    var bytes = new List<byte>();
    var left = cursor.EndingTokens + random.Next(1, 200);
    while (left > 0 && !cursor.IsComplete)
    {
        if (cursor.IsStuck)
            return null;

        var wanted = cursor.IsEnding ? 0 : adversary.Choose(cursor.Mask);
        if (!cursor.IsEnding && tokenizer.EndsGeneration(wanted))
            break;

        var token = cursor.Take(wanted, left--);
        if (token == ConstraintCursor.NoToken)
            break;

        bytes.AddRange(tokenizer.Bytes(token));
        tokens++;
    }

    cut += cursor.IsEnding ? 1 : 0;
    return cursor.IsAccepting ? Encoding.UTF8.GetString([.. bytes]) : null;
}
