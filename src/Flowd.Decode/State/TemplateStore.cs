using System;
using System.Collections.Generic;

namespace Flowd.Decode.State;

/// <summary>
/// The templates of one exporter, in order of use. What an operation costs depends on how many templates it
/// removes, not on how many there are.
/// <see cref="ExporterTable"/> sees to the limits that go over several exporters, and is the only one to change a store.
/// </summary>
internal sealed class TemplateStore(FieldBudget budget, ChangeCounter changes)
{
    private const int SmallCapacity = 32;

    private readonly Dictionary<TemplateKey, Template> _templates = [];
    private readonly Dictionary<TemplateScope, TemplateDomain> _domains = [];
    private readonly LinkedList<Template> _byUse = new();
    private readonly LinkedList<TemplateDomain> _domainsByUse = new();

    /// <summary>Elements of its templates that have no place of their own.</summary>
    public UnstoredElements Unstored { get; } = new();

    /// <summary>All templates, the most recently used first.</summary>
    public LinkedList<Template> ByUse => _byUse;

    public int Count => _templates.Count;
    public int DomainCount => _domains.Count;
    public ulong Evicted { get; private set; }
    public ulong Expired { get; private set; }

    public Template? Find(TemplateKey key) => _templates.GetValueOrDefault(key);

    /// <summary>Finds a template and makes it, and its domain, the last that will be evicted.</summary>
    public Template? Use(TemplateKey key)
    {
        if (!_templates.TryGetValue(key, out Template? template))
            return null;
        _byUse.MoveToFront(template.ByUse);
        _domainsByUse.MoveToFront(_domains[key.Scope].ByUse);
        return template;
    }

    /// <summary>Adds a template whose key is not there yet.</summary>
    public void Add(Template template)
    {
        if (!_domains.TryGetValue(template.Key.Scope, out TemplateDomain? domain))
        {
            domain = new TemplateDomain(template.Key.Scope);
            _domains.Add(domain.Key, domain);
            _domainsByUse.AddFirst(domain.ByUse);
        }

        _templates.Add(template.Key, template);
        _byUse.AddFirst(template.ByUse);
        domain.TemplatesOf(template.Shape.IsOptions).AddLast(template.InDomain);
        _domainsByUse.MoveToFront(domain.ByUse);
        budget.Add(template);
        changes.Count++;
    }

    public void Remove(TemplateKey key)
    {
        if (!_templates.Remove(key, out Template? template))
            return;
        Unstored.Add(template);
        _byUse.Remove(template.ByUse);
        budget.Remove(template);
        changes.Count++;
        if (_templates.Capacity > SmallCapacity && _templates.Count < _templates.Capacity / 4)
            _templates.TrimExcess(_templates.Count * 2); // or thousands of exporters that had thousands once would keep the room for them

        TemplateDomain domain = _domains[key.Scope];
        domain.TemplatesOf(template.Shape.IsOptions).Remove(template.InDomain);
        if (!domain.IsEmpty)
            return;
        _domains.Remove(domain.Key);
        _domainsByUse.Remove(domain.ByUse);
    }

    /// <summary>Removes the data templates, or the options templates, of a domain (RFC 7011 section 8.1).</summary>
    public void RemoveAll(TemplateScope key, bool options)
    {
        if (!_domains.TryGetValue(key, out TemplateDomain? domain))
            return;
        while (domain.TemplatesOf(options).First is { } node)
            Remove(node.Value.Key);
    }

    /// <summary>Removes what was defined in transport sessions that have ended.</summary>
    public void RemoveSessions(Predicate<ulong> hasEnded)
    {
        LinkedListNode<TemplateDomain>? next;
        for (LinkedListNode<TemplateDomain>? node = _domainsByUse.First; node is not null; node = next)
        {
            next = node.Next;
            if (hasEnded(node.Value.Key.Session))
                Remove(node.Value.Key);
        }
    }

    public void Clear()
    {
        while (_byUse.Last is { } oldest)
            Remove(oldest.Value.Key);
    }

    /// <summary>Removes a template that was not announced again in time.</summary>
    public void Expire(TemplateKey key)
    {
        Remove(key);
        Expired++;
    }

    /// <summary>Evicts the template that was used least recently.</summary>
    public void EvictOldest()
    {
        if (_byUse.Last is not { } oldest)
            return;
        Remove(oldest.Value.Key);
        Evicted++;
    }

    /// <summary>Evicts until there is room for a template in that domain.</summary>
    public void MakeRoomFor(TemplateScope domain, DecodeLimits limits)
    {
        if (!_domains.ContainsKey(domain))
            Shrink(domains: Math.Max(limits.Domains, 1) - 1, templates: int.MaxValue);
        Shrink(domains: int.MaxValue, templates: Math.Max(limits.Templates, 1) - 1);
    }

    /// <summary>Evicts the domains and then the templates that were used least recently, down to these numbers.</summary>
    public void Shrink(int domains, int templates)
    {
        while (_domains.Count > domains)
            EvictOldestDomain();
        while (_templates.Count > templates)
            EvictOldest();
    }

    private void Remove(TemplateScope domain)
    {
        RemoveAll(domain, options: false);
        RemoveAll(domain, options: true);
    }

    private void EvictOldestDomain()
    {
        int before = Count;
        Remove(_domainsByUse.Last!.Value.Key);
        Evicted += (ulong)(before - Count);
    }
}
