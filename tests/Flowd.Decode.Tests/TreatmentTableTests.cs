using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Flowd.Decode.Rewriting;
using Flowd.Decode.Sampling;
using Flowd.Decode.Sets;
using Flowd.Records;

namespace Flowd.Tests;

/// <summary>The treatment of fields against the IANA registry of IPFIX information elements as of September 2026: number, name, abstract data type.</summary>
public class TreatmentTableTests
{
    private static readonly Dictionary<int, string> Types = File.ReadLines(Path.Combine(SharedData.RepositoryRoot, "src/Flowd.Records/Elements/iana-elements.txt"))
        .Select(line => line.Split(' ')).ToDictionary(parts => int.Parse(parts[0], null), parts => parts[2]);

    /// <summary>Where the type does not decide.</summary>
    private static readonly Dictionary<int, (Treatment Treatment, string Why)> Exceptions = new()
    {
        [95] = (Treatment.Keep, "applicationId is the number of a kind of application"),
        [148] = (Treatment.Erase, "flowId may be made of addresses"),
        [326] = (Treatment.Erase, "digestHashValue is made of the packet"),
        [446] = (Treatment.Erase, "mibSubIdentifier is a part of an index, which may be an address"),
    };

    [Fact]
    public void Every_number_has_the_treatment_of_its_type()
    {
        for (int id = 0; id <= ushort.MaxValue; id++)
        {
            string type = Types.GetValueOrDefault(id, "");
            Treatment wanted = Exceptions.TryGetValue(id, out var exception) ? exception.Treatment : id is >= 70 and <= 79 ? Treatment.Keep : OfType(type);

            Assert.Equal((id, wanted), (id, TreatmentTable.Find(new TemplateField(0, (ushort)id, LengthOf(type)), isNetFlow9Scope: false)));
        }
    }

    [Fact]
    public void What_we_decode_ourselves_is_never_erased_but_for_the_link_layer()
    {
        foreach (Element element in ElementTable.Rows.Where(row => row.Enterprise == 0 && row.Id < TemplateField.EnterpriseBit && row.Sections != LogFields.Layer2 && row.Field != FlowField.Frame))
            Assert.NotEqual((element.Id, Treatment.Erase), (element.Id, TreatmentTable.Find(new TemplateField(0, element.Id, element.Width), false)));
        foreach (SamplingElement element in SamplingElements.Rows)
            Assert.Equal((element.Id, Treatment.Keep), (element.Id, TreatmentTable.Find(new TemplateField(0, element.Id, SamplingElements.MaxWidth), false)));
    }

    [Theory]
    [InlineData(8, 3)]
    [InlineData(8, 5)]
    [InlineData(8, 16)]
    [InlineData(8, TemplateField.VariableLength)]
    [InlineData(27, 4)]
    [InlineData(27, 8)]
    [InlineData(27, 17)]
    [InlineData(1, 9)]
    [InlineData(7, 16)]
    public void A_length_that_is_not_the_types_is_erased(int id, int length)
        => Assert.Equal(Treatment.Erase, TreatmentTable.Find(new TemplateField(0, (ushort)id, (ushort)length), isNetFlow9Scope: false));

    [Theory]
    [InlineData(0, Treatment.Erase)]
    [InlineData(1, Treatment.Erase)]
    [InlineData(2, Treatment.Keep)]
    [InlineData(5, Treatment.Keep)]
    [InlineData(6, Treatment.Erase)]
    [InlineData(8, Treatment.Erase)]
    public void Scopes_of_v9_have_numbers_of_their_own(int type, object treatment)
        => Assert.Equal(treatment, TreatmentTable.Find(new TemplateField(0, (ushort)type, 4), isNetFlow9Scope: true));

    private static Treatment OfType(string type)
    {
        if (type == "ipv4Address")
            return Treatment.MapIPv4;
        if (type == "ipv6Address")
            return Treatment.MapIPv6;
        string[] numbers = ["unsigned", "signed", "float", "boolean", "dateTime"];
        return numbers.Any(number => type.StartsWith(number, StringComparison.Ordinal)) ? Treatment.Keep : Treatment.Erase;
    }

    private static ushort LengthOf(string type) => type switch { "ipv4Address" => 4, "ipv6Address" => 16, "macAddress" => 6, _ => 8 };
}
