namespace Flowd.Tests;

/// <summary>When records have to be decoded, and when what is on the wire is all that is needed.</summary>
public class PolicyTests
{
    [Theory]
    [InlineData("", true)]
    [InlineData("discard proto udp\naccept tag 7 quick src { 10.0.0.0/8, 2001:db8::/32 }", true)]
    [InlineData("table <bad> { 192.0.2.0/24 }\nmatch tag 3 either <bad> days mon-fri after 08:00:00 version 9 packets > 10", true)]
    [InlineData("store SRC_ADDR\naccept agent 192.0.2.1", true)]
    [InlineData("discard duration < 1s", false)]
    [InlineData("discard vlan 7", false)]
    [InlineData("accept ie userName = \"root\"", false)]
    [InlineData("logsock \"/run/socket\"", false)]
    [InlineData("store EXTENDED", false)]
    [InlineData("logfile \"/nowhere/tagged\" tag 7", false)]
    [InlineData("logfile \"/nowhere/%{exporter}\"", false)]
    public void Records_are_decoded_if_somebody_wants_more_of_them(string lines, bool stay)
    {
        using var worker = new SmallWorker($"listen on 127.0.0.1:9995\nlogfile \"/nowhere/flowd\"\n{lines}\n");
        Assert.Equal(stay, worker.Subjects.Pipeline.Policy.LeavesOnWire);
    }
}
