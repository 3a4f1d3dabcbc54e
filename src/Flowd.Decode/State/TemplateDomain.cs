using System.Collections.Generic;

namespace Flowd.Decode.State;

/// <summary>The templates of one space of identifiers.</summary>
internal sealed class TemplateDomain
{
    // Two lists, so that withdrawing all templates of one kind touches no other: a datagram has room for 16,000 withdrawals.
    private readonly LinkedList<Template> _data = new();
    private readonly LinkedList<Template> _options = new();

    public TemplateDomain(TemplateScope key)
    {
        Key = key;
        ByUse = new LinkedListNode<TemplateDomain>(this);
    }

    public TemplateScope Key { get; }

    public bool IsEmpty => _data.Count + _options.Count == 0;

    public LinkedList<Template> TemplatesOf(bool isOptions) => isOptions ? _options : _data;

    /// <summary>Its place in the exporter's list in order of use.</summary>
    public LinkedListNode<TemplateDomain> ByUse { get; }
}
