using System.Diagnostics;
using System.Text.Json;
using Penstock.Constraints;
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
var adversary = new Adversary(tokenizer);
var (written, refused, deadEnds, stopped) = (0, 0, 0, 0);
var clock = Stopwatch.StartNew();
var slow = TimeSpan.FromSeconds(10);

foreach (var (file, index) in SchemaFile.Spread(data, schemas).Select((file, index) => (file, index)))
{
    var compiled = JsonSchemaCompiler.Compile(file.Schema);
    if (!compiled.Ok)
    {
        refused++;
        continue;
    }

    judge.Open(file);
    var before = (DeadEnds: deadEnds, Stopped: stopped);
    var began = clock.Elapsed;
    var masks = new MaskBuilder(vocabulary);
    var start = JsonMachine.Start(compiled.Value);
    for (var number = 0; number < documents; number++)
    {
        try
        {
            var text = adversary.Write(new ConstraintCursor(start, masks), number);
            if (text is null)
                deadEnds++;
            else
                judge.Take(text);
            written++;
        }
        catch (ConstraintLimitException)
        {
            // As a server would: the request ends with an error, and no document.
            stopped++;
        }
    }

    if (before != (deadEnds, stopped))
        Console.WriteLine(JsonSerializer.Serialize(new { id = file.Name, dead_ends = deadEnds - before.DeadEnds, stopped = stopped - before.Stopped }));
    if (clock.Elapsed - began > slow)
        Console.Error.WriteLine($"\n{file.Name} took {(clock.Elapsed - began).TotalSeconds:0} s");
    if (index % 10 == 9)
        Console.Error.Write($"\r{index + 1} of {schemas} schemas, {written} documents, {clock.Elapsed.TotalSeconds:0} s ");
}

var verdicts = await judge.EndAsync();
Console.Error.WriteLine();
foreach (var verdict in verdicts.SkipLast(1))
    Console.WriteLine(verdict);
Console.WriteLine(JsonSerializer.Serialize(new { written, refused_by_us = refused, dead_ends = deadEnds, stopped, cut = adversary.Cut, tokens = adversary.Tokens, seconds = clock.Elapsed.TotalSeconds, judge = JsonSerializer.Deserialize<JsonElement>(verdicts[^1]) }));
return deadEnds == 0 && !verdicts.Any(verdict => verdict.Contains("\"why\"", StringComparison.Ordinal)) ? 0 : 1;
