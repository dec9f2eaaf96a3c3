using Penstock.Benchmarks.Prefixes;
using Penstock.Engine.KvCache;

// Prompt tokens found in the prefix cache, by its size and by what it evicts.
var trace = TraceRequest.Read(args.Length > 0 ? args[0] : throw new ArgumentException("Name a trace in Mooncake's JSONL format."));
int[] capacities = [1_000, 5_000, 10_000, 30_000, 50_000, 100_000];
Row("% of prompt tokens found, by blocks of 512 kept", capacities.Select(capacity => $"{capacity:N0}"));
Row("---", capacities.Select(_ => "---:"));
Percents("plain LRU: a flat list of blocks", capacity => Replay.InList(trace, capacity));
Percents("our tree, LRU by leaf, every block", capacity => Replay.InTree(trace, capacity, new LeastRecentlyUsed(), wholeBlocksOnly: false));
Percents("our tree, LRU by leaf, whole blocks", capacity => Replay.InTree(trace, capacity, new LeastRecentlyUsed(), wholeBlocksOnly: true));
Percents("our tree, decaying value, every block", capacity => Replay.InTree(trace, capacity, Ours(), wholeBlocksOnly: false));
Percents("our tree, decaying value, whole blocks (as served)", capacity => Replay.InTree(trace, capacity, Ours(), wholeBlocksOnly: true));

// Depths are in the tree's own unit, here blocks.
static DecayingValue Ours() => new(DecayingValue.AttentionTokens / TraceRequest.BlockTokens);

void Percents(string name, Func<int, double> rate) => Row(name, capacities.Select(capacity => $"{100 * rate(capacity):0.00}"));

static void Row(string name, IEnumerable<string> cells) => Console.WriteLine($"| {name} | {string.Join(" | ", cells)} |");
