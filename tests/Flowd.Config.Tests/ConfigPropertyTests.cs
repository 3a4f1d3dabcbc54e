using System.Collections.Generic;
using System.IO;
using System.Linq;
using CsCheck;
using Flowd.Config;

namespace Flowd.Tests;

/// <summary>The parser and the printer against each other, and the parser against anything.</summary>
public class ConfigPropertyTests
{
    private static readonly Dictionary<string, string> Macros = new() { ["m"] = "10.0.0.1", ["q"] = "\"", ["n"] = "a\nb", ["e"] = "", ["c"] = "80 # c", ["b"] = "\\" };

    private static readonly string[] Valid
        = [.. Directory.GetFiles(Path.Combine(SharedData.RepositoryRoot, "tests", "Flowd.Config.Tests", "golden")).Select(File.ReadAllText)];

    private static readonly Gen<string> Fragment = Gen.OneOf(
        "accept", "discard", "src", "dst", "port", "proto", "tcp", "any", "!", "=", "/", "-", ",", "'", "\"", "\\", "\\\n", "\n", "\r\n", "\r", "#", "$", "$m", "$q", "$n", "$e",
        "$c", "$b", " ", "\t", "tag", "all", "date", "after", "10.0.0.0", "[::1]", "::%", "[", "]", ":", "listen", "on", "limit", "\0", "é", "\ud800", "0x", "99999999999999999999", "store",
        "match", "label", "{", "}", "<", ">", "(", ")", "or", "and", "not", "either", "as", "octets", "duration", "version", "table", "<t>", "include", "file", "443", "10s", "inet", "inet6", "before", "08:00", "icmp", "type", "nat", "ie", "ipTTL");

    [Fact]
    public void A_printed_configuration_parses_to_an_equal_one()
        => Generators.Configuration.Sample(configuration =>
        {
            string printed = ConfigPrinter.Print(configuration);
            ParseResult result = Parse(printed, ConfigScope.Daemon);
            Assert.Empty(result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).Select(d => d + "\n" + printed));
            Assert.Equal(configuration, result.Configuration);
            Assert.Equal(printed, ConfigPrinter.Print(result.Configuration!));
        }, iter: 5_000);

    [Fact]
    public void Any_text_is_taken() => Gen.String.Sample(text => { Check(text); }, iter: 5_000);

    [Fact]
    public void Any_order_of_words_is_taken()
        => Fragment.Array[0, 30].Select(Gen.Bool, (words, blanks) => string.Join(blanks ? " " : "", words)).Sample(text => { Check(text); }, iter: 20_000);

    [Fact]
    public void Damaged_configurations_are_taken()
        => Gen.Select(Gen.OneOf(Valid), Gen.Int[0, 4000], Gen.Int[0, 20], Fragment).Sample((text, at, length, put) =>
        {
            at = System.Math.Min(at, text.Length);
            length = System.Math.Min(length, text.Length - at);
            Check(text.Remove(at, length).Insert(at, put));
        }, iter: 2_000);

    private static void Check(string text)
    {
        ParseResult result = Parse(text, ConfigScope.Filter);
        Assert.Equal(result.Configuration is null, result.Diagnostics.Any(d => d.Severity == DiagnosticSeverity.Error));
        string[] lines = text.Split('\n');
        Assert.All(result.Diagnostics, d =>
        {
            Assert.InRange(d.Line, 1, lines.Length);
            Assert.InRange(d.Column, 1, lines[d.Line - 1].Length + 1);
        });
        if (result.Configuration is not null)
            Assert.Equal(result.Configuration, Parse(ConfigPrinter.Print(result.Configuration), ConfigScope.Filter).Configuration);
    }

    private static ParseResult Parse(string text, ConfigScope scope) => ConfigParser.Parse(text, "t", Macros, scope);
}
