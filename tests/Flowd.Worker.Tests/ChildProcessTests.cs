using System;
using Flowd.Platform;

namespace Flowd.Tests;

public class ChildProcessTests
{
    [Fact]
    public void How_a_child_ended_is_known_for_good_and_its_id_is_not_used_again()
    {
        (MessageChannel ours, MessageChannel theirs) = MessageChannel.Pair();
        using (ours)
        using (theirs)
        {
            var child = ChildProcess.Start("/bin/false", ["false"], theirs, new ChildOptions { Silent = true });

            Assert.Equal("exit status 1", child.WaitForExit(TimeSpan.FromSeconds(10)));
            child.Kill();
            Assert.Equal("exit status 1", child.WaitForExit(TimeSpan.FromSeconds(10)));
        }
    }
}
