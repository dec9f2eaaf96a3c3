using Penstock.Constraints.Json.Machine.Arrays;
using Penstock.Constraints.Json.Machine.Numbers;
using Penstock.Constraints.Json.Machine.Objects;
using Penstock.Constraints.Json.Machine.Texts;
using Penstock.Constraints.Json.Shapes;
using Penstock.Constraints.Text;

namespace Penstock.Constraints.Json.Machine;

/// <summary>What all states of one machine share.</summary>
internal sealed class MachineContext
{
    private readonly Stack<List<JsonThread>> lists = [];
    private readonly Dictionary<ValueShape, object> plans = new(ReferenceEqualityComparer.Instance);

    public MachineContext(LanguagePool texts, JsonLayout layout, int storeBound)
    {
        Texts = texts;
        Layout = layout;
        Store = new(storeBound);
        States = new(Store);
    }

    public LanguagePool Texts { get; }

    public JsonLayout Layout { get; }

    /// <summary>The bottom of every stack.</summary>
    public DocumentFrame Bottom { get; } = new();

    public StateStore Store { get; }

    public StateTable States { get; }

    public T Intern<T>(T candidate)
        where T : Interned => Store.Intern(candidate);

    public ObjectPlan PlanOf(ObjectShape shape) => plans.TryGetValue(shape, out var plan) ? (ObjectPlan)plan : Add(shape, new ObjectPlan(this, shape));

    public ArrayPlan PlanOf(ArrayShape shape) => plans.TryGetValue(shape, out var plan) ? (ArrayPlan)plan : Add(shape, new ArrayPlan(this, shape));

    /// <param name="taken">The numbers that an array with unique items already has.</param>
    public NumberPlan PlanOf(NumberShape shape, TextSet taken) =>
        taken.Count > 0 ? Intern(new NumberPlan(shape, taken))
        : plans.TryGetValue(shape, out var plan) ? (NumberPlan)plan
        : Add(shape, new NumberPlan(shape, taken));

    /// <summary>An empty list that is used again; nested uses take further ones.</summary>
    public List<JsonThread> RentList() => lists.TryPop(out var list) ? list : [];

    public void Return(List<JsonThread> list)
    {
        list.Clear();
        lists.Push(list);
    }

    private T Add<T>(ValueShape shape, T plan)
        where T : class
    {
        plans.Add(shape, plan);
        return plan;
    }
}
