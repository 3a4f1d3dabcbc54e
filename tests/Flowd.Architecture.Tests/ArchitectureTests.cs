using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;

namespace Flowd.Tests;

/// <summary>The dependency rules of docs/architecture.md, checked on the project files and on the built assemblies.</summary>
public class ArchitectureTests
{
    private static readonly Dictionary<string, string[]> MayReference = new()
    {
        ["Flowd.Records"] = [],
        ["Flowd.Rotation"] = [],
        ["Flowd.Anonymize"] = ["Flowd.Records"],
        ["Flowd.Platform"] = ["Flowd.Records"],
        ["Flowd.Privsep"] = ["Flowd.Records", "Flowd.Platform"],
        ["Flowd.Receive"] = ["Flowd.Records", "Flowd.Platform"],
        ["Flowd.Decode"] = ["Flowd.Records"],
        ["Flowd.Filter"] = ["Flowd.Records"],
        ["Flowd.Config"] = ["Flowd.Records", "Flowd.Filter", "Flowd.Rotation"],
        ["Flowd.Store"] = ["Flowd.Records"],
        ["Flowd.Sinks"] = ["Flowd.Records"],
        ["Flowd.Worker"] =
        [
            "Flowd.Records", "Flowd.Platform", "Flowd.Privsep", "Flowd.Receive", "Flowd.Decode", "Flowd.Filter", "Flowd.Config", "Flowd.Store", "Flowd.Sinks",
            "Flowd.Rotation", "Flowd.Anonymize",
        ],
        ["flowd"] = ["Flowd.Records", "Flowd.Rotation", "Flowd.Platform", "Flowd.Privsep"],
        ["flowd-worker"] = ["Flowd.Records", "Flowd.Rotation", "Flowd.Platform", "Flowd.Privsep", "Flowd.Config", "Flowd.Store", "Flowd.Worker"],
        ["flowd-metrics"] = ["Flowd.Platform", "Flowd.Privsep"],
        ["flowd-tcp"] = ["Flowd.Records", "Flowd.Rotation", "Flowd.Platform", "Flowd.Privsep", "Flowd.Receive", "Flowd.Config"],
        ["flowd-reader"] = ["Flowd.Records", "Flowd.Platform", "Flowd.Anonymize", "Flowd.Filter", "Flowd.Config", "Flowd.Store", "Flowd.Sinks"],
    };

    // The checksum and the compression of logs.
    private static readonly Dictionary<string, string[]> Packages = new()
    {
        ["Flowd.Store"] = ["System.IO.Hashing", "ZstdSharp.Port"],
        ["Flowd.Worker"] = ["System.IO.Hashing"],
    };

    // What a pure assembly cannot reach, it cannot do: no files, no sockets, no clock but what it is handed.
    private static readonly string[] Impure =
    [
        "System.IO.File.*", "System.IO.FileStream.*", "System.IO.RandomAccess.*", "System.Net.Sockets.Socket.*", "System.Console.*", "System.Environment.get_TickCount", "System.Environment.get_TickCount64", "System.Environment.GetEnvironmentVariable",
        "System.DateTime.get_Now", "System.DateTime.get_UtcNow", "System.DateTimeOffset.get_Now", "System.DateTimeOffset.get_UtcNow",
        "System.Diagnostics.Stopwatch.*", "System.TimeZoneInfo.get_Local", "System.Runtime.CompilerServices.Unsafe.*",
    ];

    private static readonly string[] PureProjects = ["Flowd.Records", "Flowd.Decode", "Flowd.Filter", "Flowd.Config", "Flowd.Rotation", "Flowd.Anonymize"];

    private static readonly string Source = Path.Combine(SharedData.RepositoryRoot, "src");

    public static TheoryData<string> Projects => [.. MayReference.Keys];

    public static TheoryData<string> Pure => [.. PureProjects];

    [Fact]
    public void Every_project_is_in_the_table()
        => Assert.Equal(
            MayReference.Keys.Order(StringComparer.Ordinal),
            Directory.GetFiles(Source, "*.csproj", SearchOption.AllDirectories).Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal));

    [Theory, MemberData(nameof(Projects))]
    public void References_only_what_it_may(string project)
    {
        IEnumerable<string> references = Items(project, "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path));

        Assert.Empty(references.Except(MayReference[project]));
    }

    [Theory, MemberData(nameof(Projects))]
    public void Uses_few_packages(string project)
        => Assert.Empty(Items(project, "PackageReference").Except(Packages.GetValueOrDefault(project, [])));

    [Theory, MemberData(nameof(Projects))]
    public void Only_the_metrics_are_served_with_the_web_server(string project)
        => Assert.Equal(project == "flowd-metrics" ? ["Microsoft.AspNetCore.App"] : [], Items(project, "FrameworkReference"));

    [Theory, MemberData(nameof(Projects))]
    public void Only_the_platform_calls_native_code(string project)
    {
        using PEReader image = Open(project);
        int imports = image.GetMetadataReader().GetTableRowCount(TableIndex.ImplMap);

        Assert.Equal(project == "Flowd.Platform", imports > 0);
    }

    [Theory, MemberData(nameof(Projects))]
    public void Only_the_platform_allows_unsafe_code(string project)
    {
        bool allows = Load(project).Descendants("AllowUnsafeBlocks").Any(element => element.Value == "true");

        Assert.Equal(project == "Flowd.Platform", allows);
    }

    [Theory, MemberData(nameof(Pure))]
    public void Pure_projects_do_no_input_and_read_no_clock(string project)
    {
        using PEReader image = Open(project);
        MetadataReader metadata = image.GetMetadataReader();
        IEnumerable<string> used = metadata.MemberReferences
            .Select(metadata.GetMemberReference)
            .Where(member => member.Parent.Kind == HandleKind.TypeReference)
            .Select(member => $"{TypeName(metadata, (TypeReferenceHandle)member.Parent)}.{metadata.GetString(member.Name)}");

        Assert.DoesNotContain(used, member => Impure.Any(pattern => Matches(pattern, member)));
    }

    [Fact]
    public void The_impure_patterns_match_what_is_used_elsewhere()
    {
        // A rule that matches nothing proves nothing.
        Assert.True(Matches("System.IO.RandomAccess.*", "System.IO.RandomAccess.Write"));
        Assert.False(Matches("System.DateTime.get_Now", "System.DateTime.get_Ticks"));
    }

    /// <summary>
    /// The binary that runs as root does not contain what reads strangers' bytes, nor do those that serve them: no name of those assemblies is
    /// left in it. Who takes connections reads the configuration.
    /// </summary>
    [Theory]
    [InlineData("flowd", false, false)]
    [InlineData("flowd-metrics", false, false)]
    [InlineData("flowd-tcp", false, true)]
    [InlineData("flowd-worker", true, true)]
    public void Only_who_needs_them_contains_decoder_and_grammar(string program, bool hasDecoder, bool hasGrammar)
    {
        string path = Path.Combine(SharedData.RepositoryRoot, "artifacts", "dist", "bin", program);
        Assert.True(File.Exists(path), $"{path}: publish first (make publish)");
        ReadOnlySpan<byte> image = File.ReadAllBytes(path);

        Assert.Equal(hasDecoder, image.IndexOf("Flowd.Decode"u8) >= 0 || image.IndexOf("Flowd_Decode"u8) >= 0);
        Assert.Equal(hasGrammar, image.IndexOf("Flowd.Config"u8) >= 0 || image.IndexOf("Flowd_Config"u8) >= 0);
    }

    private static bool Matches(string pattern, string member)
        => pattern.EndsWith(".*", StringComparison.Ordinal) ? member.StartsWith(pattern[..^1], StringComparison.Ordinal) : member == pattern;

    private static string TypeName(MetadataReader metadata, TypeReferenceHandle handle)
    {
        TypeReference type = metadata.GetTypeReference(handle);
        return $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}";
    }

    private static IEnumerable<string> Items(string project, string kind)
        => Load(project).Descendants(kind).Select(item => item.Attribute("Include")!.Value);

    private static XDocument Load(string project) => XDocument.Load(Path.Combine(Source, project, project + ".csproj"));

    private static PEReader Open(string project)
    {
        string output = Path.Combine(SharedData.RepositoryRoot, "artifacts", "bin", project);
        string file = Directory.GetFiles(output, project + ".dll", SearchOption.AllDirectories).OrderByDescending(File.GetLastWriteTimeUtc).First();
        return new PEReader(File.OpenRead(file));
    }
}
