using System;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;

namespace Flowd.Tests;

/// <summary>The command line of flowd, and the configurations that are shipped.</summary>
public class CommandLineTests
{
    private static ToolResult Flowd(params string[] arguments)
        => Tool.Run(Tool.Published("flowd"), arguments);

    private static string WithFile(string text)
    {
        string path = Path.Combine(RunningFlowd.NewFolder(), "flowd.conf");
        File.WriteAllText(path, text);
        return path;
    }

    [Fact]
    public void Help_and_version()
    {
        ToolResult help = Flowd("-h");
        Assert.Equal(0, help.Status);
        Assert.All("dghfnvDXV", letter => Assert.Contains($"\n  -{letter} ", help.Output, StringComparison.Ordinal));

        ToolResult version = Flowd("-V");
        Assert.Equal(0, version.Status);
        Assert.Matches(@"^flowd \d+\.\d+\.\d+\n$", version.Output);
        Assert.Matches(@"^flowd-reader \d+\.\d+\.\d+\n$", Tool.Run(Tool.Published("flowd-reader"), "-V").Output);
    }

    [Theory]
    [InlineData("flowd")]
    [InlineData("flowd-reader")]
    public void The_documents_name_every_option(string program)
    {
        ToolResult help = Tool.Run(Tool.Published(program), "-h");
        string manual = File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, "docs", "man", program + ".8"));
        string page = File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, "docs", "programs.md"));
        string section = page.Split("\n## ").Single(text => text.StartsWith(program + "\n", StringComparison.Ordinal));

        string[] options = [.. Regex.Matches(help.Output + help.Errors, "^  (-[A-Za-z]) ", RegexOptions.Multiline).Select(match => match.Groups[1].Value)];

        Assert.NotEmpty(options);
        Assert.All(options, option => Assert.Matches($@"(?m)^\.It Fl {option[1]}\b", manual));
        Assert.All(options, option => Assert.Matches($@"(?m)^\| .*`{option}[ `]", section));
    }

    [Theory]
    [InlineData("-x")]
    [InlineData("-f")]
    [InlineData("-D", "novalue")]
    [InlineData("-X", "SECURE")]
    [InlineData("surplus")]
    public void A_wrong_command_line_is_refused_with_the_usage(params string[] arguments)
    {
        ToolResult result = Flowd(arguments);

        Assert.Equal(1, result.Status);
        Assert.Contains("Usage: flowd", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_check_reports_every_error_with_its_place()
    {
        string file = WithFile("listen on 127.0.0.1:2055\nlogfile \"/tmp/x\"\naccept src 1.2.3.4/5\ndiscard proto tpc\nstore NOTHING\n");

        ToolResult result = Flowd("-n", "-f", file);

        Assert.Equal(1, result.Status);
        Assert.Equal([3, 4, 5], result.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => int.Parse(line[file.Length..].Split(':')[1], null)));
    }

    [Fact]
    public void The_normal_form_is_a_fixed_point()
    {
        string file = WithFile("""
            net = "10.0.0.0/8"
            listen on [::1]:2055 bufsize 0x10000
            join group ff02::114%lo
            flow source any
            forward to 192.0.2.1:9995
            logfile '/tmp/flow log' # a comment
            store ALL
            accept tag 0x10 quick agent ! 127.0.0.1 in_ifndx 3 inet src $net port ! 80 dst any port 53 proto udp tos 0xb8 days fri-mon after 08:30 before 17:00
            discard proto tcp tcp_flags mask 0x12 ! equals 2 after date 20250101 before date 2026
            """);

        ToolResult once = Flowd("-nv", "-f", file, "-D", "net=172.16.0.0/12");
        ToolResult twice = Flowd("-nv", "-f", WithFile(once.Output));

        Assert.Equal("", once.Errors);
        Assert.Contains("src 172.16.0.0/12", once.Output, StringComparison.Ordinal);
        Assert.Equal(once.Output, twice.Output);
        Assert.Equal(0, twice.Status);
    }

    [Fact]
    public void The_shipped_configuration_is_good()
        => Assert.Equal(new ToolResult(0, "", ""), Flowd("-n", "-f", Path.Combine(SharedData.RepositoryRoot, "examples", "flowd.conf")));

    [Fact]
    public void A_configuration_file_that_is_not_there()
    {
        ToolResult result = Flowd(["-g", "-f", "/nonexistent.conf", .. RunningFlowd.Insecure]);

        Assert.Equal(1, result.Status);
        Assert.Contains("/nonexistent.conf", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void The_worker_is_not_for_people()
        => Assert.Equal(64, Tool.Run(Tool.Published("flowd-worker"), "-h").Status);

    [Fact]
    public void The_worker_is_also_found_in_libexec()
    {
        string root = RunningFlowd.NewFolder();
        Directory.CreateDirectory(Path.Combine(root, "sbin"));
        Directory.CreateDirectory(Path.Combine(root, "libexec", "flowd"));
        File.Copy(Tool.Published("flowd"), Path.Combine(root, "sbin", "flowd"));
        string installed = Path.Combine(root, "sbin", "flowd");

        ToolResult without = Tool.Run(installed, "-n");
        ToolResult inBackground = Tool.Run(installed);
        File.Copy(Tool.Published("flowd-worker"), Path.Combine(root, "libexec", "flowd", "flowd-worker"));
        ToolResult with = Tool.Run(installed, "-n", "-f", Path.Combine(SharedData.RepositoryRoot, "examples", "flowd.conf"));

        Assert.Equal(1, without.Status);
        Assert.Contains("flowd-worker is neither", without.Errors, StringComparison.Ordinal);
        Assert.Equal(1, inBackground.Status);
        Assert.Contains("flowd-worker is neither", inBackground.Errors, StringComparison.Ordinal); // who started it is told, not syslog alone
        Assert.Equal(0, with.Status);
        Directory.Delete(root, recursive: true);
    }
}
