using System.Collections.Generic;
using Flowd.Decode.State;

namespace Flowd.Decode.Pending;

/// <summary>The pending sets of one exporter. <see cref="PendingSets"/> is the only one to change it.</summary>
internal sealed class PendingOfExporter
{
    private readonly Dictionary<TemplateKey, LinkedList<PendingSet>> _byTemplate = [];

    public LinkedList<PendingSet> ByAge { get; } = new();

    public int Charge { get; private set; }

    public LinkedList<PendingSet>? WaitingFor(TemplateKey key) => _byTemplate.GetValueOrDefault(key);

    public void Add(PendingSet set)
    {
        if (!_byTemplate.TryGetValue(set.Key, out LinkedList<PendingSet>? waiting))
            _byTemplate.Add(set.Key, waiting = new LinkedList<PendingSet>());
        waiting.AddLast(set.ByAgeOfTemplate);
        ByAge.AddLast(set.ByAgeOfExporter);
        Charge += set.Charge;
    }

    public void Remove(PendingSet set)
    {
        LinkedList<PendingSet> waiting = _byTemplate[set.Key];
        waiting.Remove(set.ByAgeOfTemplate);
        if (waiting.Count == 0)
            _byTemplate.Remove(set.Key);
        ByAge.Remove(set.ByAgeOfExporter);
        Charge -= set.Charge;
    }
}
