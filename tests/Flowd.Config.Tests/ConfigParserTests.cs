using System.Collections.Generic;
using System.Linq;
using Flowd.Config;
using Flowd.Filter;

namespace Flowd.Tests;

/// <summary>What the golden files cannot say: the command line's macros, the scope, the names of protocols.</summary>
public class ConfigParserTests
{
    private const string Daemon = "listen on 127.0.0.1:1\nlogfile '/a'\n";

    private static readonly Dictionary<string, string> NoMacros = [];

    [Fact]
    public void Macros_of_the_command_line_win()
    {
        ParseResult result = ConfigParser.Parse(Daemon + "t = 1\naccept tag $t\nt = 2\naccept tag $t", "f", new Dictionary<string, string> { ["t"] = "9" }, ConfigScope.Daemon);
        Assert.Empty(result.Diagnostics);
        Assert.Equal([9u, 9u], result.Configuration!.Rules.Select(rule => rule.Tags[0]));
    }

    [Fact]
    public void A_macro_of_the_command_line_without_use_is_a_warning_at_the_end()
    {
        ParseResult result = ConfigParser.Parse(Daemon, "f", new Dictionary<string, string> { ["t"] = "9" }, ConfigScope.Daemon);
        Assert.NotNull(result.Configuration);
        Assert.Equal("f:3:1: warning: macro \"t\" is not used", Assert.Single(result.Diagnostics).ToString());
    }

    // Thirty lines would need terabytes.
    [Fact]
    public void Macros_made_of_macros_do_not_grow_without_bound()
    {
        string macros = string.Concat(Enumerable.Range(1, 40).Select(i => $"m{i} = $m{i - 1} $m{i - 1}\n"));
        ParseResult result = ConfigParser.Parse("m0 = aaaaaaaaaa\n" + macros + "logfile $m40", "f", NoMacros, ConfigScope.Daemon);
        Assert.Contains("f:11:", result.Diagnostics.Select(d => d.ToString()).First(text => text.Contains("longer", System.StringComparison.Ordinal)), System.StringComparison.Ordinal);
    }

    [Fact]
    public void A_filter_needs_no_log_and_ignores_directives()
    {
        Assert.Null(ConfigParser.Parse("accept all", "f", NoMacros, ConfigScope.Daemon).Configuration);
        Assert.NotNull(ConfigParser.Parse("accept all", "f", NoMacros, ConfigScope.Filter).Configuration);
        Assert.Single(ConfigParser.Parse(Daemon + "accept all", "f", NoMacros, ConfigScope.Filter).Configuration!.Rules);
    }

    [Fact]
    public void Errors_have_file_line_and_column()
    {
        Diagnostic error = Assert.Single(ConfigParser.Parse(Daemon + "accept proto tpc\n", "flowd.conf", NoMacros, ConfigScope.Daemon).Diagnostics);
        Assert.Equal(new Diagnostic(DiagnosticSeverity.Error, "flowd.conf", 3, 14, "\"tpc\" is not a protocol"), error);
        Assert.Equal("flowd.conf:3:14: \"tpc\" is not a protocol", error.ToString());
    }

    // A mistake behind a joined line is shown where it stands, one in a macro where the macro is used.
    [Theory]
    [InlineData("accept \\\n  proto tpc", 2, 9)]
    [InlineData("m = tpc\naccept proto $m", 2, 14)]
    [InlineData("m = 'proto tpc'\naccept tag 1 \\\n $m", 3, 2)]
    public void Positions_are_those_of_the_text(string text, int line, int column)
    {
        Diagnostic error = Assert.Single(ConfigParser.Parse(text, "f", NoMacros, ConfigScope.Filter).Diagnostics);
        Assert.Equal((line, column), (error.Line, error.Column));
    }

    [Theory]
    [InlineData("tcp", 6)]
    [InlineData("UDP", 17)]
    [InlineData("icmp", 1)]
    [InlineData("ip", 0)]
    [InlineData("ipv6-icmp", 58)]
    [InlineData("icmp6", 58)]
    [InlineData("esp", 50)]
    [InlineData("ah", 51)]
    [InlineData("gre", 47)]
    [InlineData("ospf", 89)]
    [InlineData("OSPFIGP", 89)]
    [InlineData("vrrp", 112)]
    [InlineData("l2tp", 115)]
    [InlineData("sctp", 132)]
    [InlineData("udplite", 136)]
    [InlineData("nsh", 145)]
    public void Protocols_by_name(string name, byte number)
    {
        Assert.True(ProtocolNames.TryFind(name, out byte found));
        Assert.Equal(number, found);
    }

    [Fact]
    public void Every_protocol_reads_back_as_it_is_printed()
    {
        for (int number = 0; number <= byte.MaxValue; number++)
        {
            var rule = new FilterRule { When = new NumberIn(NumberField.Protocol, RangeSet.Of((ulong)number)) };
            Assert.Equal([rule], ConfigParser.Parse(RulePrinter.Print(rule), "f", NoMacros, ConfigScope.Filter).Configuration!.Rules);
        }
    }
}
