using System.Collections.Generic;

namespace Flowd.Decode.State;

/// <summary>An observation domain (v9: source id) of an exporter that has templates.</summary>
internal sealed class TemplateDomain
{
    public TemplateDomain(DomainKey key)
    {
        Key = key;
        ByUse = new LinkedListNode<TemplateDomain>(this);
    }

    public DomainKey Key { get; }

    public LinkedList<Template> Templates { get; } = new();

    /// <summary>Its place in the exporter's list in order of use.</summary>
    public LinkedListNode<TemplateDomain> ByUse { get; }
}
