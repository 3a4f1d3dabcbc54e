namespace Flowd.Decode.Sets;

/// <summary>
/// One field of a template as announced. IPFIX: the identifier keeps its enterprise bit, so that an element of an enterprise, the reverse
/// ones of RFC 5103 included, is never taken for the one of IANA with the same number. NetFlow v9 has vendor types above 32767.
/// </summary>
internal readonly record struct TemplateField(uint Enterprise, ushort Id, ushort Length)
{
    /// <summary>The length that stands for "each record says" (RFC 7011 section 7); some exporters use it in v9 too.</summary>
    public const ushort VariableLength = 0xFFFF;

    /// <summary>The bit in the identifier that announces an enterprise number.</summary>
    public const ushort EnterpriseBit = 0x8000;

    /// <summary>The number of the element among those of its enterprise.</summary>
    public ushort ElementId => Enterprise == 0 ? Id : (ushort)(Id & ~EnterpriseBit);

    public bool IsVariable => Length == VariableLength;
}
