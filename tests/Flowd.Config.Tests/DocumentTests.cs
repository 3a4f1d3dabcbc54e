using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Flowd.Config;
using Flowd.Config.Syntax;
using Flowd.Config.Text;

namespace Flowd.Tests;

/// <summary>The pages about flowd.conf: what they show works, and nothing that the language has is missing from them.</summary>
public partial class DocumentTests
{
    private const string Page = "docs/flowd.conf.md";
    private const string Manual = "docs/man/flowd.conf.5";

    private static readonly Dictionary<string, string> NoMacros = [];

    public static TheoryData<string, string> Examples
        => [.. ExamplesOf(Page, Fenced()).Concat(ExamplesOf(Manual, Display())).Where(example => !example.Text.Contains("rule      =") && !example.Text.Contains("option  =")).Select(example => (example.Name, example.Text))];

    [Theory, MemberData(nameof(Examples))]
    public void An_example_has_no_mistake(string name, string text)
    {
        IEnumerable<Diagnostic> diagnostics = ConfigParser.Parse(text, name, NoMacros, ConfigScope.Filter, static (_, _) => new ConfigurationFile([])).Diagnostics;
        Assert.DoesNotContain(diagnostics, diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
    }

    [Fact]
    public void There_are_examples_in_both()
    {
        Assert.NotEmpty(ExamplesOf(Page, Fenced()));
        Assert.NotEmpty(ExamplesOf(Manual, Display()));
    }

    [Theory]
    [InlineData(Page)]
    [InlineData(Manual)]
    public void Every_word_of_the_language_is_named(string page)
    {
        HashSet<string> named = [.. Word().Matches(Read(page)).Select(match => match.Value)];
        Assert.Empty(ReservedWords.All.Concat(StoreFields.Names).Concat(Limits.Rows.Select(row => row.Name)).Concat(DirectiveParser.All).Concat(RuleParser.Words).Append("required").Except(named));
    }

    private static string Read(string page) => File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, page));

    private static IEnumerable<(string Name, string Text)> ExamplesOf(string page, Regex block)
        => block.Matches(Read(page)).Select((match, i) => ($"{page}, example {i + 1}", match.Groups[1].Value.Replace(@"\e", @"\")));

    [GeneratedRegex("^```\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fenced();

    [GeneratedRegex("^\\.Bd -literal.*?\n(.*?)^\\.Ed$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Display();

    [GeneratedRegex("[A-Za-z][A-Za-z0-9_]*(-[a-z]+)*")]
    private static partial Regex Word();
}
