using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using CsCheck;
using Flowd.Config;
using Flowd.Filter;
using Flowd.Records;

namespace Flowd.Tests;

/// <summary>Files that configurations name: those they include, and those of tables.</summary>
public class FilesTests
{
    private static readonly Dictionary<string, string> NoMacros = [];

    private readonly Dictionary<string, string> _files = new(StringComparer.Ordinal);

    [Fact]
    public void What_is_included_is_as_if_it_stood_there()
    {
        _files["/etc/flowd/rules"] = "inside = '192.0.2.0/24'\ntag web 80\ninclude 'more/rules'\naccept tag web src $inside\n";
        _files["/etc/flowd/more/rules"] = "discard dst $inside\ntable <t> file '../tables/t'";
        _files["/etc/flowd/more/../tables/t"] = "198.51.100.7";
        ParseResult result = Parse("discard all\ninclude \"rules\"\naccept tag web src <t>");
        Assert.Empty(result.Diagnostics);
        Assert.Equal(
            ["discard all", "discard dst 192.0.2.0/24", "accept tag 80 src 192.0.2.0/24", "accept tag 80 src <t>"],
            result.Configuration!.Rules.Select(RulePrinter.Print));
        Assert.Equal("/etc/flowd/more/../tables/t", result.Configuration.Tables[0].File);
    }

    [Fact]
    public void Mistakes_name_the_file_that_they_are_in()
    {
        _files["/a"] = "accept tag one\ninclude '/b'\nunused = 1\ndiscard tag 2";
        _files["/b"] = "\n  permit all";
        Assert.Equal(
            [
                "/etc/flowd/flowd.conf:1:8: expected a clause or end of line, found \"some\"",
                "/a:1:12: \"one\" is not a number and no tag line above names it",
                "/b:2:3: \"permit\" is not a directive",
                "/a:4:9: a discard rule cannot tag",
                "/etc/flowd/flowd.conf:3:9: /c: No such file or directory",
                "/etc/flowd/flowd.conf:4:10: expected end of line, found \"/\"; a string with \"/\" needs quotes",
                "/etc/flowd/flowd.conf:5:14: expected end of line, found \",\"",
                "/etc/flowd/flowd.conf:6:9: /etc/flowd: No such file or directory",
            ],
            MistakesOf("accept some\ninclude \"/a\"\ninclude '/c'\ninclude d/e\ninclude '/c' , '/b'\ninclude ''"));
    }

    [Fact]
    public void Files_that_include_themselves_are_refused()
    {
        _files["/a"] = "include '/b'";
        _files["/b"] = "include '/a'";
        _files["/c"] = "include 'flowd.conf'";
        Assert.Equal(["/b:1:9: /a includes itself"], MistakesOf("include '/a'"));
        _files["/etc/flowd/flowd.conf"] = "";
        _files["/etc/flowd/c"] = "include 'flowd.conf'";
        Assert.Equal(["/etc/flowd/c:1:9: /etc/flowd/flowd.conf includes itself"], MistakesOf("include 'c'"));
    }

    [Fact]
    public void Includes_come_to_an_end()
    {
        for (int i = 0; i < 30; i++)
            _files[$"/{i}"] = $"include '/{i + 1}'\ninclude '/{i + 1}'";
        string[] mistakes = MistakesOf("include '/0'");
        Assert.Contains("/15:1:9: more than 16 files that include each other", mistakes);
        Assert.Contains(mistakes, mistake => mistake.EndsWith("the configuration has more than 1000 files", StringComparison.Ordinal));
    }

    [Fact]
    public void A_table_comes_from_a_file()
    {
        _files["/t"] = "# comment\r\n10.0.0.0/8 !10.1.0.0/16\t! 10.2.0.0/16 ; as feeds have them\r\n192.0.2.1\n2001:db8::/32#\n\n10.1.1.1";
        PrefixSet table = Parse("table <t> file '/t'\ndiscard src <t>").Configuration!.Tables[0].Prefixes;
        foreach ((string address, bool isIn) in new[] { ("10.0.0.1", true), ("10.1.0.1", false), ("10.2.3.4", false), ("10.1.1.1", true), ("192.0.2.1", true), ("192.0.2.2", false), ("2001:db8::1", true), ("2001:db9::1", false) })
        {
            Assert.True(AddressText.TryParse(address, out Address parsed));
            Assert.Equal(isIn, table.Contains(in parsed));
        }
    }

    [Fact]
    public void Mistakes_in_a_table_have_their_place()
    {
        _files["/t"] = "10.0.0.0/8\n  10.0.0.1/8 10.0.0/8\n10.0.0.0/33 # ! !\n! ! 10.0.0.0/8\nfc00::/129 10.0.0.0/\u00e9 " + new string('x', 100) + "\n!";
        Assert.Equal(
            [
                "/t:2:3: 10.0.0.1/8 has bits set behind its first 8",
                "/t:2:14: \"10.0.0/8\" is not an address or a prefix",
                "/t:3:1: \"10.0.0.0/33\" is not an address or a prefix",
                "/t:4:3: \"!\" is not an address or a prefix",
                "/t:5:1: \"fc00::/129\" is not an address or a prefix",
                "/t:5:12: \"10.0.0.0/??\" is not an address or a prefix",
                $"/t:5:24: \"{new string('x', 64)}...\" is not an address or a prefix",
                "/t:6:2: there is no address behind the last \"!\"",
                "/etc/flowd/flowd.conf:2:16: /missing: No such file or directory",
                "/etc/flowd/flowd.conf:3:15: expected the path of a file in quotes, found end of file",
            ],
            MistakesOf("table <t> file '/t'\ntable <u> file '/missing'\ntable <v> file"));
    }

    [Fact]
    public void What_is_no_table_is_given_up()
    {
        _files["/t"] = string.Join('\n', Enumerable.Repeat("word", 100));
        string[] mistakes = MistakesOf("table <t> file '/t'");
        Assert.Equal(21, mistakes.Length);
        Assert.Equal("/t:21:1: and so on: this is no table", mistakes[^1]);
    }

    [Fact]
    public void The_normal_form_and_the_image_are_the_configuration()
        => Gen.Select(Gen.UInt.Array[0, 20], Gen.Byte[0, 32], Gen.ULong.Array[0, 5]).Sample((addresses, length, others) =>
        {
            var files = new Dictionary<string, string>
            {
                ["/one"] = string.Join('\n', addresses.Select(address => $"{Address.FromIPv4(length == 0 ? 0 : address >> (32 - length) << (32 - length))}/{length}")),
                ["/two"] = string.Join(' ', others.Select(other => "!" + Address.FromIPv6(other, 0) + " " + Address.FromIPv6(other, 0) + "/64")),
            };
            ParseResult parsed = ConfigParser.Parse(
                "listen on [::]:1\nlogfile '/l'\ntable <a> file '/one'\ntable <b> { 10.0.0.0/8 }\ntable <c> file '/two'\ndiscard src <a> dst { <b>, <c> }", "/f", NoMacros, ConfigScope.Daemon,
                (path, _) => new ConfigurationFile(Encoding.UTF8.GetBytes(files[path])));
            Assert.Empty(parsed.Diagnostics);
            string normal = ConfigPrinter.Print(parsed.Configuration!);
            Configuration again = ConfigParser.ParseNormalForm(normal, TableImage.Of(parsed.Configuration!));
            Assert.Equal(parsed.Configuration, again);
            Assert.Equal(normal, ConfigPrinter.Print(again));
            Assert.Contains("table <a> file \"/one\"\n", normal, StringComparison.Ordinal);
        }, iter: 500);

    // Who does not look at rules needs no tables.
    [Fact]
    public void Without_the_image_tables_are_empty()
        => Assert.All(ConfigParser.ParseNormalForm("listen on [::]:1\nlogfile '/l'\ntable <a> file '/one'\ndiscard src <a>").Tables, table => Assert.True(table.Prefixes.IsEmpty));

    [Fact]
    public void A_broken_image_is_told()
        => Gen.Byte.Array[1, 60].Sample(image =>
        {
            try
            {
                ConfigParser.ParseNormalForm("listen on [::]:1\nlogfile '/l'\ntable <a> file '/one'\ndiscard src <a>", image);
            }
            catch (InvalidDataException)
            {
            }
        });

    [Fact]
    public void A_million_prefixes_are_read_and_found()
    {
        var text = new StringBuilder();
        for (uint i = 0; i < 1_000_000; i++)
            text.Append(CultureInfo.InvariantCulture, $"{Address.FromIPv4(0x01000000 + i * 512)}/{24}\n");
        _files["/t"] = text.ToString();
        PrefixSet table = Parse("table <t> file '/t'\ndiscard src <t>").Configuration!.Tables[0].Prefixes;
        Assert.Equal(1_000_000, table.Prefixes().Count());
        for (uint i = 0; i < 1_000_000; i += 999)
        {
            Address inside = Address.FromIPv4(0x01000000 + i * 512 + 255);
            Address outside = Address.FromIPv4(0x01000000 + i * 512 + 256);
            Assert.True(table.Contains(in inside));
            Assert.False(table.Contains(in outside));
        }
    }

    private string[] MistakesOf(string text) => [.. Parse(text).Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).Select(d => d.ToString())];

    private ParseResult Parse(string text) => ConfigParser.Parse(text, "/etc/flowd/flowd.conf", NoMacros, ConfigScope.Filter, Read);

    private ConfigurationFile Read(string path, int most)
        => _files.TryGetValue(path, out string? text) ? new ConfigurationFile(Encoding.UTF8.GetBytes(text)) : new ConfigurationFile(null, "No such file or directory");
}
