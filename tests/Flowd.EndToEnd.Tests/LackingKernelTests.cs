using System;
using System.Linq;
using System.Runtime.InteropServices;

namespace Flowd.Tests;

/// <summary>
/// A kernel without a part of the sandbox: said once, and enough to run; but with `sandbox required` flowd does not start, and a reload that asks
/// for it changes nothing.
/// </summary>
public sealed class LackingKernelTests : IDisposable
{
    private const string Running = "listening on";

    private readonly PrivateAccounts? _accounts = RunningFlowd.IsRoot ? new() : null;

    public static TheoryData<string, string> Parts => new()
    {
        { "317", "Seccomp" },       // seccomp
        { "444", "Landlock" },      // landlock_create_ruleset
        { "317,444", "Landlock, Seccomp" },
    };

    [Theory]
    [MemberData(nameof(Parts))]
    public void What_is_missing_is_said_once_and_flowd_runs(string numbers, string missing)
    {
        using RunningFlowd flowd = Launch("store ALL", numbers);
        flowd.WaitFor(Running);

        flowd.Send(Exports.Numbered(1));
        flowd.WaitForRecords(1);
        flowd.Signal("HUP");
        flowd.WaitFor("the new configuration is in force");

        Assert.Single(flowd.Messages.Split('\n'), line => line.Contains("does not give all of the sandbox", StringComparison.Ordinal));
        Assert.Contains($"runs without {missing}\n", flowd.Messages, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Parts))]
    public void Where_the_sandbox_is_required_flowd_does_not_start(string numbers, string missing)
    {
        using RunningFlowd flowd = Launch("sandbox required\nstore ALL", numbers);

        Assert.Equal(1, flowd.WaitForExit());
        Assert.Contains($"lacks {missing}, and the configuration says \"sandbox required\"", flowd.Messages, StringComparison.Ordinal);
        Assert.DoesNotContain(Running, flowd.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public void A_reload_that_requires_it_changes_nothing()
    {
        using RunningFlowd flowd = Launch("store ALL\naccept tag 5 all", "317");
        flowd.WaitFor(Running);

        flowd.Reconfigure("sandbox required\nstore ALL\naccept tag 6 all");
        flowd.WaitFor("the configuration in force stays in force");

        Assert.Contains("lacks Seccomp, and", flowd.Messages, StringComparison.Ordinal);
        flowd.Send(Exports.Numbered(1));
        Assert.Equal(5u, Assert.Single(flowd.WaitForRecords(1)).Tag);
    }

    [Fact]
    public void The_option_that_leaves_the_sandbox_out_is_no_way_around()
    {
        using (RunningFlowd flowd = RunningFlowd.Start("store ALL", folder: null, "-X", "NOSANDBOX"))
            Assert.Single(flowd.Messages.Split('\n'), line => line.StartsWith("-X NOSANDBOX: ", StringComparison.Ordinal));

        using RunningFlowd strict = RunningFlowd.Launch("sandbox required\nstore ALL", folder: null, "-X", "NOSANDBOX");
        Assert.Equal(1, strict.WaitForExit());
        string refusal = strict.Messages.Split('\n').Single(line => line.Contains("sandbox required", StringComparison.Ordinal));
        Assert.Contains("Seccomp", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_nothing_is_missing_it_may_be_required()
    {
        using RunningFlowd flowd = Launch("sandbox required\nstore ALL", "9999"); // no such call, so nothing is missing
        flowd.WaitFor(Running);

        flowd.Send(Exports.Numbered(1));

        flowd.WaitForRecords(1);
        Assert.DoesNotContain("sandbox", flowd.Messages, StringComparison.Ordinal);
    }

    public void Dispose() => _accounts?.Dispose();

    private RunningFlowd Launch(string configuration, string numbers)
    {
        if (RuntimeInformation.ProcessArchitecture != Architecture.X64)
            Assert.Skip("knows the numbers of x86-64");
        string[] lacking = Script.Python("lacking.py", numbers);
        return RunningFlowd.Launch(configuration, folder: null, _accounts?.Wrapper(lacking) ?? lacking, []);
    }
}
