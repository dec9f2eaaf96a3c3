using Penstock.Engine.Running;
using Penstock.Engine.Scheduling;
using Penstock.Gateway.Configuration;
using Penstock.Gateway.Hosting;

namespace Penstock.Gateway.Tests;

public sealed class ConfigurationTests
{
    private const string Digest = "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b";

    [Fact]
    public void ConfigFile_ThatIsRight_IsRead()
    {
        var faults = new List<OptionFault>();
        var config = ConfigFile.Parse(
            $$"""
            listen: http://127.0.0.1:9000
            models:
              - { name: chat, path: models/pebble.gguf, runner: llama, kv_type: q8_0, adapter_type: file, gap_target_ms: 80.5, pinned_prefixes: ["Be kind."], deterministic: true, adapters: [{ name: formal, path: formal.gguf, scale: 0.7 }, { name: json, path: json.gguf }] }
              - path: other.gguf
                policy: unchunked
                queue: 9
                tenant_queue: 3
                patience_s: { standard: 5, batch: 60.5 }
                prefill_every: 2
                step_tokens: 128
                saved_kv_mib: 0.5
                prefix_cache: false
                prefix_tenant_share: 0.25
            llama_libraries: native/libraries
            policy: fcfs
            affinity: 2-3,0
            adapter_folders: [adapters, /srv/adapters]
            tenants:
              - name: acme
                weight: 2.5
                keys: [{ id: acme-1, sha256: "{{Digest}}" }]
            store: { sqlite: data/other.db }
            """,
            faults);

        Assert.Empty(faults);
        Assert.Equal(["http://127.0.0.1:9000"], config.Listen);
        var model = config.Models[0];
        Assert.Equal(["Be kind."], model.PinnedPrefixes);
        Assert.Equal(new ModelOptions("models/pebble.gguf", "chat", RunnerChoice.Llama, TimeSpan.FromMilliseconds(80.5)) { KvType = KvType.Q8_0, AdapterType = AdapterType.File, PinnedPrefixes = model.PinnedPrefixes, Deterministic = true, Adapters = model.Adapters }, model);
        Assert.Equal([new AdapterOptions("formal", "formal.gguf", 0.7f), new AdapterOptions("json", "json.gguf")], model.Adapters);
        Assert.Equal(
            new ModelScheduling
            {
                Policy = SchedulingPolicy.Unchunked,
                QueueCapacity = 9,
                TenantQueueCapacity = 3,
                StandardPatience = TimeSpan.FromSeconds(5),
                BatchPatience = TimeSpan.FromSeconds(60.5),
                PrefillEvery = 2,
                StepTokenBudget = 128,
                SavedKvBytes = 1 << 19,
                PrefixCaching = false,
                PrefixTenantShare = 0.25,
            },
            config.Models[1].Scheduling);
        Assert.Equal("native/libraries", config.LlamaLibraries);
        Assert.Equal([2, 3, 0], config.Affinity);
        Assert.Equal(["adapters", "/srv/adapters"], config.AdapterFolders);
        Assert.Equal("acme", config.ApiKeys.Single().Tenant);
        Assert.Equal(new StoreOptions("data/other.db"), config.Store);
        Assert.Equal(SchedulingPolicy.FirstComeFirstServed, config.Policy);
        Assert.Equal(2.5, config.TenantWeights["acme"]);
    }

    [Theory]
    [InlineData("store: { postgres: { env: PENSTOCK_POSTGRES } }", false, "PENSTOCK_POSTGRES", null)]
    [InlineData("store: { postgres: { file: secrets/postgres, lease_s: 60 } }", true, "secrets/postgres", 60)]
    public void ConfigFile_WithAPostgresStore_HasThePlaceOfItsConnectionString(string text, bool isFile, string place, int? lease)
    {
        var faults = new List<OptionFault>();
        var store = ConfigFile.Parse(text, faults).Store;

        Assert.Empty(faults);
        Assert.Equal(new SecretPlace(isFile, place), store?.Postgres);
        Assert.Equal(lease, store?.Lease?.TotalSeconds);
    }

    [Theory]
    [InlineData("store: { sqlite: a.db, postgres: { env: NAME } }")]
    [InlineData("store: { postgres: { env: NAME, file: place } }")]
    [InlineData("store: { postgres: { lease_s: 5 } }")]
    [InlineData("store: { postgres: { env: NAME, lease_s: 0 } }")]
    [InlineData("store: { postgres: \"Host=db;Password=hush\" }")]
    public void ConfigFile_WithAStoreThatIsNotOne_SaysSoWithoutASecret(string text)
    {
        var faults = new List<OptionFault>();
        ConfigFile.Parse(text, faults);

        Assert.NotEmpty(faults);
        Assert.DoesNotContain("hush", string.Join('\n', faults), StringComparison.Ordinal);
    }

    [Fact]
    public void ConfigFile_WithManyFaults_ReportsAllWithTheirPlace()
    {
        var faults = new List<OptionFault>();
        ConfigFile.Parse(
            """
            lisen: http://127.0.0.1:9000
            telemetry: {}
            models:
              - { name: chat, gap_target_ms: 0, draft: x.gguf, runner: vllm }
            policy: lifo
            tenants:
              - name: acme
                keys: [{ id: acme-1, sha256: "my secret key" }]
                weight: -1
                limits: [{ window: week, tokens: 5 }]
            """,
            faults);

        Assert.Equal(
            ["lisen", "telemetry", "models[0].draft", "models[0].runner", "models[0].gap_target_ms", "models[0].path", "tenants[0].keys[0].sha256", "policy", "tenants[0].weight", "tenants[0].limits[0].window", "tenants[0].limits[0].window"],
            faults.Select(fault => fault.Key));
        Assert.DoesNotContain(faults, fault => fault.ToString().Contains("my secret key", StringComparison.Ordinal));
        Assert.Contains("not supported yet", faults[1].ToString());
    }

    [Theory]
    [InlineData("kv_type", "q4_0", "a KV type is one of f32, f16, q8_0")]
    [InlineData("adapter_type", "f16", "adapters are kept as one of auto, file, q8_0")]
    [InlineData("queue", "0", "a whole number from 1 to 1000000 is needed")]
    [InlineData("tenant_queue", "2.5", "a whole number from 1 to 1000000 is needed")]
    [InlineData("prefill_every", "often", "a whole number from 1 to 1000 is needed")]
    [InlineData("step_tokens", "0", "a whole number from 1 to 65536 is needed")]
    [InlineData("saved_kv_mib", "-1", "a number from 0 to 1048576 is needed")]
    [InlineData("prefix_cache", "maybe", "true or false is needed")]
    [InlineData("prefix_tenant_share", "0", "a number from 0.001 to 1 is needed")]
    [InlineData("policy", "lifo", "a policy is one of fair, fcfs, unchunked")]
    [InlineData("patience_s", "{ batch: 0 }", "a number from 0.001 to 604800 is needed", ".batch", "0")]
    [InlineData("patience_s", "{ urgent: 1 }", "allowed here: interactive, standard, batch", ".urgent", "not known")]
    public void ConfigFile_SchedulingThatCannotBe_IsAFaultWithItsRemedy(string key, string value, string allowed, string below = "", string? given = null)
    {
        var faults = new List<OptionFault>();
        ConfigFile.Parse($"models: [{{ path: m.gguf, {key}: {value} }}]", faults);
        var fault = Assert.Single(faults);
        Assert.Equal(($"models[0].{key}{below}", given ?? value, allowed), (fault.Key, fault.Given, fault.Allowed));
        Assert.NotEmpty(fault.Remedy);
    }

    [Theory]
    [InlineData("0", new[] { 0 })]
    [InlineData("0-2,7", new[] { 0, 1, 2, 7 })]
    [InlineData("3, 1", new[] { 3, 1 })]
    [InlineData("", null)]
    [InlineData("2-1", null)]
    [InlineData("0-1,1", null)]
    [InlineData("-1", null)]
    [InlineData("0-99999999", null)]
    [InlineData("cpu0", null)]
    public void ProcessorList_IsNumbersAndRangesOrRefused(string text, int[]? processors) => Assert.Equal(processors, ProcessorList.Parse(text));

    [Fact]
    public void ConfigFile_AffinityThatIsNone_IsAFault()
    {
        var faults = new List<OptionFault>();
        Assert.Empty(ConfigFile.Parse("affinity: all", faults).Affinity);
        Assert.Equal(("affinity", "all"), (faults.Single().Key, faults.Single().Given));
    }

    [Theory]
    [InlineData("a: [")]
    [InlineData("- a")]
    [InlineData("models: 5")]
    [InlineData("listen: {}")]
    public void ConfigFile_OfTheWrongShape_IsAFault(string text)
    {
        var faults = new List<OptionFault>();
        ConfigFile.Parse(text, faults);
        Assert.NotEmpty(faults);
    }

    [Fact]
    public void ApiKeyFile_Lines_BecomeKeys()
    {
        var faults = new List<OptionFault>();
        var keys = ApiKeyFile.Parse($"# keys\nada {Digest}\nbob {Digest} acme # later\n\nbroken", "keys.txt", faults);

        Assert.Equal([("ada", "default"), ("bob", "acme")], keys.Select(key => (key.Id, key.Tenant)));
        Assert.Equal("keys.txt line 5", faults.Single().Key);
    }

    [Theory]
    [InlineData("http://0.0.0.0:8080")]
    [InlineData("http://[::]:8080")]
    [InlineData("http://192.168.1.5:8080")]
    [InlineData("http://*:8080")]
    public void Validate_OpenAddressWithoutKeys_IsRefusedWithARemedy(string url)
    {
        var faults = ServeOptionsValidator.Validate(new ServeOptions { Urls = [url], Models = [new("m.gguf")] });

        Assert.Contains("--api-key-file", faults.Single().Remedy);
        Assert.Empty(ServeOptionsValidator.Validate(new ServeOptions { Urls = [url], Models = [new("m.gguf")], ApiKeys = [new("a", "t", new byte[32])] }));
    }

    [Theory]
    [InlineData("http://127.0.0.1:8080", true)]
    [InlineData("http://localhost:8080", true)]
    [InlineData("http://[::1]:0", true)]
    [InlineData("https://127.0.0.1:8080", false)]
    [InlineData("http://example.org:8080", false)]
    [InlineData("127.0.0.1:8080", false)]
    [InlineData("http://127.0.0.1:99999", false)]
    [InlineData("http://127.0.0.1:8080/v1", false)]
    [InlineData("", false)]
    public void Validate_Address_IsLoopbackHttpOrRefused(string url, bool allowed) =>
        Assert.Equal(allowed, ServeOptionsValidator.Validate(new ServeOptions { Urls = [url], Models = [new("m.gguf")] }).Count == 0);
}
