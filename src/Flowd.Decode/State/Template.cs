using System;
using System.Collections.Generic;
using Flowd.Decode.Rewriting;
using Flowd.Decode.Sets;

namespace Flowd.Decode.State;

/// <summary>A template as we keep it. Its layout never changes: a redefinition puts another in its place.</summary>
internal sealed class Template
{
    private RewritePlan? _rewritePlan;
    private OtherPlan? _otherPlan;

    public Template(TemplateKey key, TemplateShape shape, TemplateField[] fields, TemplatePlan plan)
    {
        Key = key;
        Shape = shape;
        Fields = fields;
        Plan = plan;
        ByUse = new LinkedListNode<Template>(this);
        InDomain = new LinkedListNode<Template>(this);
    }

    public TemplateKey Key { get; }
    public TemplateShape Shape { get; }

    /// <summary>The layout as it was announced, the scope of an options template first.</summary>
    public TemplateField[] Fields { get; }

    public TemplatePlan Plan { get; }

    /// <summary>Records of flows that were read by it.</summary>
    public ulong Records { get; set; }

    /// <summary>When it was last announced, in seconds since 1970-01-01 UTC.</summary>
    public uint AnnouncedSeconds { get; set; }

    /// <summary>How to make its records fit to be seen by others; few are.</summary>
    public RewritePlan RewritePlan => _rewritePlan ??= RewritePlan.Compile(this);

    /// <summary>How to read what has no place of its own; few want that.</summary>
    public OtherPlan OtherPlan => _otherPlan ??= OtherPlan.Compile(Fields);

    /// <summary>Its place in the exporter's list in order of use.</summary>
    public LinkedListNode<Template> ByUse { get; }

    /// <summary>Its place in the list of its domain.</summary>
    public LinkedListNode<Template> InDomain { get; }

    public bool Describes(TemplateShape shape, ReadOnlySpan<TemplateField> fields)
        => Shape == shape && fields.SequenceEqual(Fields);
}

/// <summary>What sort of template it is. ScopeCount: how many of its first fields are the scope, which v9 allows to be none.</summary>
internal readonly record struct TemplateShape(bool IsOptions, int ScopeCount);
